import { describe, expect, test } from 'vitest';
import { ASHA, EGGS, GOLD, item, must, packed, picking, RAVI, TEA } from '../../test/support/pick-tasks.ts';
import { asSku, asSubstitutionId } from '../shared/ids.ts';
import { cancelTask } from './acceptance.ts';
import { packTask } from './pack.ts';
import { listedSkus, unreplacedUnits } from './pick-task.ts';
import type { PickTask, TaskStep } from './pick-task.ts';
import { ANSWER_MS, OPEN_PROPOSALS_MAX } from './proposal.ts';
import { scanItem, shortLine } from './scan.ts';
import { PROPOSALS_PER_LINE_MAX, proposeSubstitute, takeAnswer, takeBack } from './substitute.ts';
import type { SubstituteRequest } from './substitute.ts';
import type { RuledOut, Substitutes } from './substitution.ts';

const NOW = 3000;
const SILVER = asSku('SILVER');
function no(n: number): SubstituteRequest['proposalId'] {
  return asSubstitutionId(`sub_${String(n).padStart(26, '0')}`);
}
function ranking(sku = GOLD): Substitutes {
  return { barredBy: null, ranked: [{ sku, score: 1, terms: [] }], ruledOut: [], ruledOutTotal: 0 };
}
function asked(task: PickTask, over: Partial<SubstituteRequest> = {}): ReturnType<typeof proposeSubstitute> {
  const request = { proposalId: no(1), missing: EGGS, substitute: GOLD, units: 2, preference: null };
  const at = { pickerId: ASHA, nowMs: NOW };
  return proposeSubstitute(task, { ...request, ...at, ranking: ranking(over.substitute), ...over });
}

/** Both EGGS were not found. */
const short = must(
  shortLine(picking, { pickerId: ASHA, nowMs: NOW, sku: EGGS, quantity: 2, reason: 'NOT_FOUND' }),
).task;
const proposed = must(asked(short)).task;
function answered(task: PickTask, answer: 'APPROVED' | 'DECLINED' | 'TIMED_OUT', kept = true): TaskStep | undefined {
  return takeAnswer(task, { proposalId: no(1), answer, kept, nowMs: NOW + 10 });
}

describe('a substitute', () => {
  test('is proposed for units that were given up, one for one, by whoever picks the order [F8]', () => {
    const step = must(asked(short));
    expect(step).toMatchObject({
      movements: [],
      proposal: { proposalId: no(1), status: 'PROPOSED', answerByMs: NOW + ANSWER_MS, onSilence: 'REFUND' },
    });
    expect(step.task.proposals).toEqual([step.proposal]);
    expect(unreplacedUnits(step.task, EGGS)).toBe(0);
    expect(asked(picking)).toEqual({ ok: false, error: { code: 'OVER_QUANTITY', sku: EGGS, quantity: 2, left: 0 } });
    expect(asked(step.task, { proposalId: no(2), substitute: SILVER })).toMatchObject({ error: { left: 0 } });
    expect(asked(short, { pickerId: RAVI })).toEqual({ ok: false, error: { code: 'TASK_TAKEN', pickerId: ASHA } });
    expect(asked(short, { missing: SILVER })).toEqual({ ok: false, error: { code: 'WRONG_ITEM', skus: [SILVER] } });
    expect(asked(packed)).toMatchObject({ error: { code: 'TASK_STATE' } });
  });

  test.each(['do_not_substitute', 'refund'] as const)('is never proposed to who wants none: %s [F8]', (kind) => {
    expect(asked(short, { preference: { kind } })).toEqual({
      ok: false,
      error: { code: 'SUBSTITUTION_BARRED', by: kind },
    });
  });

  test.each<[RuledOut]>([
    [{ sku: GOLD, why: 'ALLERGEN', allergens: ['nuts'] }],
    [{ sku: GOLD, why: 'ALLERGENS_UNKNOWN' }],
    [{ sku: GOLD, why: 'OUT_OF_STOCK' }],
  ])('that a rule forbids is not proposed, whatever the tablet showed: %j [F8]', (ruledOut) => {
    const none = { barredBy: null, ranked: [], ruledOut: [ruledOut], ruledOutTotal: 1 };
    expect(asked(short, { ranking: none })).toEqual({ ok: false, error: { code: 'SUBSTITUTE_RULED_OUT', ruledOut } });
  });

  test('that the shelf does not know is not proposed either [F8]', () => {
    const none = { barredBy: null, ranked: [], ruledOut: [], ruledOutTotal: 0 };
    const ruledOut = { sku: GOLD, why: 'NOT_SOLD_HERE' };
    expect(asked(short, { ranking: none })).toEqual({ ok: false, error: { code: 'SUBSTITUTE_RULED_OUT', ruledOut } });
  });

  test('may be another one after a no, but nobody is asked without end [F8]', () => {
    let task = short;
    for (let n = 1; n <= PROPOSALS_PER_LINE_MAX; n += 1) {
      task = must(asked(task, { proposalId: no(n) })).task;
      task = takeAnswer(task, { proposalId: no(n), answer: 'DECLINED', kept: true, nowMs: NOW })?.task ?? task;
    }
    expect(unreplacedUnits(task, EGGS)).toBe(2);
    expect(asked(task, { proposalId: no(9) })).toEqual({
      ok: false,
      error: { code: 'SUBSTITUTION_BARRED', by: 'asked_enough' },
    });
  });
});

test('only so many wait at once: nobody answers more in that time [F8]', () => {
  let task = short;
  for (let n = 0; n < OPEN_PROPOSALS_MAX; n += 1) {
    const open = must(asked(short, { proposalId: no(n) })).proposal;
    if (open !== undefined) task = { ...task, proposals: [...task.proposals, { ...open, missing: TEA }] };
  }
  const step = asked(task, { proposalId: no(9), substitute: SILVER });
  expect(step).toEqual({ ok: false, error: { code: 'SUBSTITUTION_BARRED', by: 'open_enough' } });
});

describe('while a substitute is open', () => {
  test('the picker goes on with everything but packing [F8]', () => {
    const next = must(scanItem(proposed, { pickerId: ASHA, nowMs: NOW, ...item(TEA) })).task;
    expect(packTask(next, { pickerId: ASHA, nowMs: NOW, bags: 1, usedSeals: new Set() })).toEqual({
      ok: false,
      error: { code: 'SUBSTITUTION_OPEN', open: next.proposals },
    });
    const settled = answered(next, 'DECLINED')?.task ?? next;
    expect(must(packTask(settled, { pickerId: ASHA, nowMs: NOW, bags: 1, usedSeals: new Set() })).task.status).toBe(
      'PACKED',
    );
  });

  test('it is on the list as far as others are concerned [F8]', () => {
    expect([...listedSkus(proposed)].toSorted()).toEqual([EGGS, GOLD, TEA]);
  });
});

describe('an answer', () => {
  test('yes: it becomes a line that stands in for the missing one [F8]', () => {
    const step = answered(proposed, 'APPROVED');
    expect(step?.line).toMatchObject({ sku: GOLD, quantity: 2, picked: 0, shorted: 0, substituteFor: EGGS });
    expect(step?.task.lines.map(({ sku }) => sku)).toEqual([EGGS, TEA, GOLD]);
    expect(step?.proposal).toMatchObject({ status: 'APPROVED', endedAtMs: NOW + 10 });
    const other = must(scanItem(step?.task ?? proposed, { pickerId: ASHA, nowMs: NOW, ...item(GOLD, 2) }));
    expect(other.movements).toEqual([{ kind: 'picked', sku: GOLD, quantity: 2 }]);
  });

  test('no: the line stays short [F8]', () => {
    expect(answered(proposed, 'DECLINED')?.task.lines).toEqual(short.lines);
  });

  test('none: what was chosen beforehand [F8]', () => {
    expect(answered(proposed, 'TIMED_OUT')?.task.lines).toEqual(short.lines);
    const agreed = must(asked(short, { preference: { kind: 'best_match' } })).task;
    expect(answered(agreed, 'TIMED_OUT')?.line).toMatchObject({ sku: GOLD, substituteFor: EGGS });
  });

  test('twice, late, or about what nobody proposed changes nothing [F8]', () => {
    const first = answered(proposed, 'DECLINED')?.task ?? proposed;
    expect(answered(first, 'DECLINED')).toBeUndefined();
    expect(answered(first, 'APPROVED')).toBeUndefined();
    const takenBack = takeBack(proposed, no(1), NOW)?.task ?? proposed;
    expect(takenBack.proposals).toMatchObject([{ status: 'WITHDRAWN' }]);
    expect(answered(takenBack, 'APPROVED')).toBeUndefined();
    expect(takeBack(takenBack, no(1), NOW)).toBeUndefined();
    expect(answered(short, 'APPROVED')).toBeUndefined();
  });

  test('yes to units that are gone, or to an order that nobody picks any more, withdraws it [F8]', () => {
    expect(answered(proposed, 'APPROVED', false)).toMatchObject({ proposal: { status: 'WITHDRAWN' } });
    expect(answered(proposed, 'APPROVED', false)?.line).toBeUndefined();
    const called = must(cancelTask(proposed)).task;
    expect(answered(called, 'APPROVED')).toMatchObject({ proposal: { status: 'WITHDRAWN' } });
    expect(answered(called, 'APPROVED')?.line).toBeUndefined();
  });
});

test('what stands in for another article is not replaced again [F8]', () => {
  const task = answered(proposed, 'APPROVED')?.task ?? proposed;
  const none = must(shortLine(task, { pickerId: ASHA, nowMs: NOW, sku: GOLD, quantity: 2, reason: 'NOT_FOUND' })).task;
  expect(asked(none, { proposalId: no(2), missing: GOLD, substitute: SILVER })).toEqual({
    ok: false,
    error: { code: 'SUBSTITUTION_BARRED', by: 'is_a_substitute' },
  });
});
