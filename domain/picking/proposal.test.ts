import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asSku, asSubstitutionId } from '../shared/ids.ts';
import {
  ANSWER_GRACE_MS,
  ANSWER_MS,
  answerProposal,
  lapsesAtMs,
  mayStillBring,
  propose,
  settlementOf,
  settleProposal,
  timeOutProposal,
  withdrawProposal,
} from './proposal.ts';
import type { Proposal, ProposalStatus, ProposalStep } from './proposal.ts';
import type { Preference } from './substitution.ts';

const TERMS = {
  proposalId: asSubstitutionId(`sub_${'0'.repeat(26)}`),
  missing: asSku('MILK-A'),
  substitute: asSku('MILK-B'),
  units: 2,
  answerByMs: ANSWER_MS,
};
const OPEN: Proposal = {
  ...TERMS,
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
    const proposed = propose(TERMS, preference);
    expect(proposed).toMatchObject({ ok: true, value: { status: 'PROPOSED', answerByMs: ANSWER_MS } });
    const over = proposed.ok ? timeOutProposal(proposed.value, ANSWER_MS).proposal : OPEN;
    expect(over).toMatchObject({ status: 'TIMED_OUT', endedAtMs: ANSWER_MS });
    expect(settlementOf(over)).toBe(settlement);
  });

  test.each(['do_not_substitute', 'refund'] as const)('%s: not even asked [F8]', (kind) => {
    expect(propose(TERMS, { kind })).toEqual({ ok: false, error: { code: 'SUBSTITUTION_BARRED', by: kind } });
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
    const withdrawn = withdrawProposal(OPEN, 10).proposal;
    expect(answerProposal(withdrawn, 'APPROVED', 20)).toMatchObject({
      ok: false,
      error: { status: 'WITHDRAWN', settlement: null },
    });
  });
});

describe('the store', () => {
  test.each(['APPROVED', 'DECLINED', 'TIMED_OUT'] as const)('takes over %s, once [F8]', (answer) => {
    const step = settleProposal(OPEN, answer, 10);
    expect(step).toEqual({ proposal: { ...OPEN, status: answer, endedAtMs: 10 }, changed: true });
    for (const again of ['APPROVED', 'DECLINED', 'TIMED_OUT'] as const) {
      expect(settleProposal(step.proposal, again, 20)).toEqual({ ...step, changed: false });
    }
  });

  test('withdraws what has not come yet, whatever was agreed; what is refunded anyway stays as it is [F8]', () => {
    for (const status of ['PROPOSED', 'APPROVED', 'TIMED_OUT'] as const) {
      const step = withdrawProposal({ ...OPEN, status }, 10);
      expect(step).toMatchObject({ proposal: { status: 'WITHDRAWN', endedAtMs: 10 }, changed: true });
      expect(settlementOf(step.proposal)).toBeNull();
      expect(settleProposal(step.proposal, 'APPROVED', 20).changed).toBe(false);
    }
    const declined: Proposal = { ...OPEN, status: 'DECLINED', endedAtMs: 5 };
    const silent: Proposal = { ...OPEN, status: 'TIMED_OUT', onSilence: 'REFUND', endedAtMs: 5 };
    for (const over of [declined, silent]) {
      expect(withdrawProposal(over, 10)).toEqual({ proposal: over, changed: false });
      expect(mayStillBring(over)).toBe(false);
    }
  });

  test('waits a little longer than the customer may, for an answer that is on its way [F8]', () => {
    expect(lapsesAtMs(OPEN)).toBe(ANSWER_MS + ANSWER_GRACE_MS);
  });
});

test('the clock ends nothing before its time, and nothing twice [F8]', () => {
  expect(timeOutProposal(OPEN, ANSWER_MS - 1)).toEqual({ proposal: OPEN, changed: false });
  const over = timeOutProposal(OPEN, ANSWER_MS);
  expect(over.changed).toBe(true);
  expect(timeOutProposal(over.proposal, ANSWER_MS * 3)).toEqual({ ...over, changed: false });
});

test('whatever comes in whatever order, it is answered at most once and never comes back [F8]', () => {
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
      // An answer, and after a yes the store that could not keep it.
      expect(life.length).toBeLessThanOrEqual(3);
      expect([undefined, 'WITHDRAWN']).toContain(life[2]);
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
  if (what === 'withdraw') return withdrawProposal(proposal, atMs);
  const step = answerProposal(proposal, what, atMs);
  return step.ok ? step.value : undefined;
}
