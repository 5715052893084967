import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asSku } from '../shared/ids.ts';
import { ANSWER_MS, answerProposal, propose, settlementOf, timeOutProposal, withdrawProposal } from './proposal.ts';
import type { Proposal, ProposalStatus, ProposalStep } from './proposal.ts';
import type { Preference } from './substitution.ts';

const TERMS = { missing: asSku('MILK-A'), substitute: asSku('MILK-B'), units: 2 };
const OPEN: Proposal = {
  ...TERMS,
  answerByMs: ANSWER_MS,
  onSilence: 'SUBSTITUTE',
  status: 'PROPOSED',
  endedAtMs: null,
};

describe('what silence means was chosen beforehand', () => {
  test.each<[Preference | null, string]>([
    [{ kind: 'best_match' }, 'SUBSTITUTE'],
    [{ kind: 'specific', skus: [TERMS.substitute] }, 'SUBSTITUTE'],
    [null, 'REFUND'],
  ])('%j: %s [F8]', (preference, settlement) => {
    const proposed = propose(TERMS, preference, 0);
    expect(proposed).toMatchObject({ ok: true, value: { status: 'PROPOSED', answerByMs: ANSWER_MS } });
    const over = proposed.ok ? timeOutProposal(proposed.value, ANSWER_MS).proposal : OPEN;
    expect(over).toMatchObject({ status: 'TIMED_OUT', endedAtMs: ANSWER_MS });
    expect(settlementOf(over)).toBe(settlement);
  });

  test.each(['do_not_substitute', 'refund'] as const)('%s: not even asked [F8]', (kind) => {
    expect(propose(TERMS, { kind }, 0)).toEqual({ ok: false, error: { code: 'SUBSTITUTION_BARRED', by: kind } });
  });
});

describe('an answer', () => {
  test('counts up to the last millisecond [F8]', () => {
    const step = answerProposal(OPEN, 'APPROVED', ANSWER_MS - 1);
    const proposal = { ...OPEN, status: 'APPROVED', endedAtMs: ANSWER_MS - 1 };
    expect(step).toEqual({ ok: true, value: { proposal, changed: true } });
  });

  test('is refused from then on with what happened, even before the alarm [F8]', () => {
    const error = { code: 'PROPOSAL_OVER', status: 'TIMED_OUT', settlement: 'SUBSTITUTE', answerByMs: ANSWER_MS };
    expect(answerProposal(OPEN, 'DECLINED', ANSWER_MS)).toEqual({ ok: false, error });
    const over = timeOutProposal(OPEN, ANSWER_MS + 5).proposal;
    expect(answerProposal(over, 'DECLINED', ANSWER_MS + 9)).toEqual({ ok: false, error });
    expect(withdrawProposal(OPEN, ANSWER_MS)).toEqual({ ok: false, error });
  });

  test('given twice is given once, however late the second comes; the other one is refused [F8]', () => {
    const first = answerProposal(OPEN, 'DECLINED', 10);
    const declined = first.ok ? first.value.proposal : OPEN;
    expect(answerProposal(declined, 'DECLINED', ANSWER_MS * 2)).toEqual({
      ok: true,
      value: { proposal: declined, changed: false },
    });
    expect(answerProposal(declined, 'APPROVED', 11)).toMatchObject({
      ok: false,
      error: { code: 'PROPOSAL_OVER', status: 'DECLINED', settlement: 'REFUND' },
    });
  });

  test('to what was withdrawn is refused, and nothing was settled by it [F8]', () => {
    const step = withdrawProposal(OPEN, 10);
    const withdrawn = step.ok ? step.value.proposal : OPEN;
    expect(withdrawProposal(withdrawn, 20)).toEqual({ ok: true, value: { proposal: withdrawn, changed: false } });
    expect(answerProposal(withdrawn, 'APPROVED', 20)).toMatchObject({
      ok: false,
      error: { status: 'WITHDRAWN', settlement: null },
    });
  });
});

test('the clock ends nothing before its time, and nothing twice [F8]', () => {
  expect(timeOutProposal(OPEN, ANSWER_MS - 1)).toEqual({ proposal: OPEN, changed: false });
  const over = timeOutProposal(OPEN, ANSWER_MS);
  expect(over.changed).toBe(true);
  expect(timeOutProposal(over.proposal, ANSWER_MS * 3)).toEqual({ ...over, changed: false });
});

test('whatever comes in whatever order, it ends at most once and never comes back [F8]', () => {
  const step = fc.record({
    do: fc.constantFrom('APPROVED', 'DECLINED', 'withdraw', 'alarm'),
    atMs: fc.integer({ min: 0, max: ANSWER_MS * 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let proposal: Proposal = OPEN;
      const life: ProposalStatus[] = [OPEN.status];
      for (const { do: what, atMs } of steps.toSorted((a, b) => a.atMs - b.atMs)) {
        const before = proposal;
        const taken = take(before, what, atMs);
        proposal = taken?.proposal ?? before;
        expect(taken?.changed ?? false).toBe(proposal.status !== before.status);
        if (proposal.status !== before.status) life.push(proposal.status);
      }
      expect(life.length).toBeLessThanOrEqual(2);
      expect(proposal).toEqual({ ...OPEN, status: proposal.status, endedAtMs: proposal.endedAtMs });
      expect(proposal.endedAtMs === null).toBe(proposal.status === 'PROPOSED');
    }),
  );
});

function take(
  proposal: Proposal,
  what: 'APPROVED' | 'DECLINED' | 'withdraw' | 'alarm',
  atMs: number,
): ProposalStep | undefined {
  if (what === 'alarm') return timeOutProposal(proposal, atMs);
  const step = what === 'withdraw' ? withdrawProposal(proposal, atMs) : answerProposal(proposal, what, atMs);
  return step.ok ? step.value : undefined;
}
