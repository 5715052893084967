import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED, candidate, COURIER, OrderLife } from '../../test/support/order-life.ts';
import type { Told } from '../../test/support/order-life.ts';
import { ANSWER_MS, OPEN_PROPOSALS_MAX } from '../picking/proposal.ts';
import type { Preference } from '../picking/substitution.ts';
import { asSku, asSubstitutionId } from '../shared/ids.ts';
import type { SubstitutionId } from '../shared/ids.ts';
import { replay } from './evolve.ts';
import { quoteOf } from './order.ts';
import { callAmountMinor, nextLookMs } from './saga.ts';
import { nextSlaMs } from './sla.ts';
import type { OfferedSubstitute, Substitution } from './substitution.ts';

// The order of these tests: 3 MILK-1L at 1000, 1 EGGS-6 at 2500, and a fee of 500.
const [MILK, EGGS, OAT, SOY] = [asSku('MILK-1L'), asSku('EGGS-6'), asSku('OAT-1L'), asSku('SOY-1L')];
function no(n: number): SubstitutionId {
  return asSubstitutionId(`sub_${String(n).padStart(26, '0')}`);
}

/** At its store and being picked; what its customer said beforehand about MILK-1L, and must avoid. */
function picking(preference: Preference | null = null, avoid: readonly 'nuts'[] = []): OrderLife {
  const preferences = preference === null ? [] : [{ sku: MILK, preference }];
  const life = new OrderLife({ wishes: { avoidAllergens: avoid, preferences } }).assign();
  life.tell({ do: 'report_pick', step: 'claimed' });
  return life;
}
function offer(life: OrderLife, over: Partial<OfferedSubstitute> = {}): Extract<Told, { readonly do: 'propose' }> {
  const terms = { proposalId: no(1), missing: MILK, substitute: OAT, units: 2, answerByMs: life.nowMs + ANSWER_MS };
  return { do: 'propose', ...terms, name: 'Oat', priceMinor: 1200, allergens: [], terms: [], ...over };
}
function only({ order }: OrderLife): Substitution | undefined {
  return order.substitutions[0];
}
function happened(life: OrderLife): string[] {
  return life.log.flatMap(({ event }) => (event.type.startsWith('substitution.') ? [event.type.slice(13)] : []));
}
function packed(life: OrderLife, ...units: readonly (readonly [sku: string, quantity: number])[]): number {
  const picked = units.map(([sku, quantity]) => ({ sku: asSku(sku), quantity }));
  life.tell({ do: 'report_pick', step: 'packed', picked });
  return life.order.packed?.finalMinor ?? 0;
}

describe('what was said with the order decides at once', () => {
  test.each<[Preference | null, string[], string | undefined]>([
    [null, ['proposed'], 'PROPOSED'],
    [{ kind: 'best_match' }, ['proposed'], 'PROPOSED'],
    [{ kind: 'specific', skus: [SOY, OAT] }, ['proposed', 'approved'], 'APPROVED'],
    [{ kind: 'specific', skus: [SOY] }, ['proposed', 'declined'], 'DECLINED'],
    [{ kind: 'refund' }, ['proposed', 'declined'], 'DECLINED'],
    [{ kind: 'do_not_substitute' }, ['proposed', 'declined'], 'DECLINED'],
  ])('%j: %j [F8]', (preference, events, status) => {
    const life = picking(preference);
    expect(life.tell(offer(life))).toEqual({ ok: true, value: null });
    expect(happened(life)).toEqual(events);
    expect(only(life)?.proposal.status).toBe(status);
  });

  test.each<[Preference | null]>([[null], [{ kind: 'best_match' }], [{ kind: 'specific', skus: [OAT] }]])(
    'nothing overrides an allergen, known or possible: %j [F8]',
    (preference) => {
      for (const allergens of [['nuts'] as const, null]) {
        const life = picking(preference, ['nuts']);
        life.tell(offer(life, { allergens }));
        expect(only(life)?.proposal.status).toBe('DECLINED');
        expect(life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' })).toMatchObject({
          error: { code: 'PROPOSAL_OVER', status: 'DECLINED' },
        });
        expect(packed(life, [EGGS, 1], [MILK, 1], [OAT, 2])).toBe(2500 + 1000 + 500);
      }
    },
  );
});

describe('the first of the answers counts', () => {
  test('the customer within the time: yes [F8]', () => {
    const life = picking();
    life.tell(offer(life));
    life.wait(ANSWER_MS - 1);
    expect(life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' }).ok).toBe(true);
    expect(life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' }).ok).toBe(true);
    expect(happened(life)).toEqual(['proposed', 'approved']);
    expect(life.tell({ do: 'answer', proposalId: no(1), answer: 'DECLINED' })).toEqual({
      ok: false,
      error: expect.objectContaining({ code: 'PROPOSAL_OVER', status: 'APPROVED', settlement: 'SUBSTITUTE' }),
    });
  });

  test.each<[Preference | null, string]>([
    [null, 'REFUND'],
    [{ kind: 'best_match' }, 'SUBSTITUTE'],
  ])('the clock, and who comes after it is told so: %j [F8]', (preference, settlement) => {
    const life = picking(preference);
    life.tell(offer(life));
    expect(nextLookMs(life.order, life.nowMs)).toBe(life.nowMs + ANSWER_MS);
    life.nowMs += ANSWER_MS;
    expect(life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' })).toMatchObject({
      error: { code: 'PROPOSAL_OVER', status: 'TIMED_OUT', settlement },
    });
    // The late answer was refused, and what the clock had decided was written with it.
    expect(happened(life)).toEqual(['proposed', 'expired']);
    life.wait(ANSWER_MS);
    expect(happened(life)).toEqual(['proposed', 'expired']);
    expect(nextLookMs(life.order, life.nowMs)).toBe(nextSlaMs(life.order));
  });

  test('the store that has not got it any more, also after a yes; not after a no [F8]', () => {
    for (const answer of ['APPROVED', 'DECLINED', null] as const) {
      const life = picking();
      life.tell(offer(life));
      if (answer !== null) life.tell({ do: 'answer', proposalId: no(1), answer });
      life.tell({ do: 'withdraw', proposalId: no(1), reason: 'GONE' });
      life.tell({ do: 'withdraw', proposalId: no(1), reason: 'GONE' });
      expect(only(life)?.proposal.status).toBe(answer === 'DECLINED' ? 'DECLINED' : 'WITHDRAWN');
      expect(packed(life, [EGGS, 1], [MILK, 1], [OAT, 2])).toBe(2500 + 1000 + 500);
    }
  });

  test('a cancelled order takes its open ones along [F8] [O9]', () => {
    const life = picking();
    life.tell(offer(life));
    life.tell({ do: 'cancel', as: 'operator', reason: 'flood' });
    expect(only(life)?.proposal.status).toBe('WITHDRAWN');
    expect(life.log.map(({ event }) => event)).toContainEqual({
      type: 'substitution.withdrawn',
      proposalId: no(1),
      reason: 'ORDER_CANCELLED',
    });
    expect(life.tell(offer(life, { proposalId: no(2) })).ok).toBe(true);
    expect(life.order.substitutions).toHaveLength(1);
  });

  test('so many as may wait at once, and an order that is cancelled with all of them open comes to rest [F8] [O10]', () => {
    const life = new OrderLife({
      candidates: [{ ...candidate(1), lines: [{ sku: MILK, name: 'Milk', quantity: 9, unitPriceMinor: 1000 }] }],
    }).assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    for (let n = 1; n <= OPEN_PROPOSALS_MAX; n += 1) {
      expect(life.tell(offer(life, { proposalId: no(n), units: 1, substitute: asSku(`OAT-${n}`) })).ok).toBe(true);
    }
    expect(life.tell(offer(life, { proposalId: no(9), units: 1 }))).toMatchObject({
      error: { code: 'NOT_REPLACEABLE' },
    });
    life.tell({ do: 'cancel', as: 'operator', reason: 'flood' });
    expect(life.order.substitutions.map(({ proposal }) => proposal.status)).toEqual(
      Array.from({ length: OPEN_PROPOSALS_MAX }, () => 'WITHDRAWN'),
    );
    expect(life.order.call?.step).toBe('void');
  });

  test('the same proposal twice is one; what the order has not is refused [F8]', () => {
    const life = picking();
    life.tell(offer(life));
    life.tell(offer(life));
    expect(happened(life)).toEqual(['proposed']);
    expect(life.tell(offer(life, { proposalId: no(2) }))).toMatchObject({
      error: { code: 'NOT_REPLACEABLE', left: 1 },
    });
    expect(life.tell(offer(life, { proposalId: no(2), missing: SOY }))).toMatchObject({ error: { left: 0 } });
    expect(life.tell({ do: 'answer', proposalId: no(7), answer: 'APPROVED' })).toEqual({
      ok: false,
      error: { code: 'NO_PROPOSAL' },
    });
  });
});

describe('the money', () => {
  test.each([
    ['dearer', 1200, 1000],
    ['cheaper', 700, 700],
  ])('a %s substitute costs the lower of both prices [Y7] [P5]', (_what, priceMinor, paidMinor) => {
    const life = picking();
    life.tell(offer(life, { priceMinor }));
    life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' });
    expect(packed(life, [MILK, 1], [OAT, 2])).toBe(1000 + 2 * paidMinor + 500);
    expect(life.order.call?.step).toBe('capture');
    expect(callAmountMinor(life.order, 'capture')).toBe(1000 + 2 * paidMinor + 500);
  });

  test('an order of substitutes alone is not an empty one [F8]', () => {
    const life = picking();
    life.tell(offer(life));
    life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' });
    expect(packed(life, [OAT, 2])).toBe(2000 + 500);
    expect(life.order.status).toBe('PACKED');
  });

  test('nobody pays for a substitute that did not come, or for more of it than was agreed [Y7]', () => {
    const some = picking();
    some.tell(offer(some));
    some.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' });
    expect(packed(some, [EGGS, 1], [MILK, 1], [OAT, 1])).toBe(2500 + 1000 + 1000 + 500);
    const more = picking();
    more.tell(offer(more));
    more.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' });
    expect(packed(more, [EGGS, 1], [MILK, 3], [OAT, 9])).toBe(2500 + 3000 + 500);
  });
});

test('a watcher is told of each change, numbered among the steps [T2]', () => {
  const life = picking();
  life.tell(offer(life));
  life.tell({ do: 'answer', proposalId: no(1), answer: 'APPROVED' });
  packed(life, [MILK, 1], [EGGS, 1], [OAT, 2]);
  const told = life.order.news.map((news) => {
    if (news.kind === 'money') return news.money.status;
    if (news.kind === 'status') return news.step.status;
    return news.kind === 'substitution' ? news.substitution.proposal.status : 'QUEUE';
  });
  expect(told.slice(3)).toEqual(['PICKING', 'PROPOSED', 'APPROVED', 'PACKED']);
});

describe('whatever comes in whatever order', () => {
  const anyNo = fc.integer({ min: 1, max: 3 });
  const anyTold = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('propose' as const),
        n: anyNo,
        missing: fc.constantFrom(MILK, MILK, EGGS),
        substitute: fc.constantFrom(OAT, SOY),
        units: fc.integer({ min: 1, max: 2 }),
        priceMinor: fc.integer({ min: 1, max: 5000 }),
        allergens: fc.constantFrom([], [], [], [], ['nuts' as const], null),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        n: anyNo,
        answer: fc.constantFrom('APPROVED' as const, 'APPROVED' as const, 'DECLINED' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), n: anyNo }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1000, 20_000, ANSWER_MS) }),
    },
  );
  const bags = fc.record({ milk: fc.nat(3), eggs: fc.nat(2), oat: fc.nat(4), soy: fc.nat(4) });
  const preference = fc.constantFrom<Preference | null>(
    null,
    { kind: 'best_match' },
    { kind: 'best_match' },
    { kind: 'refund' },
    { kind: 'specific', skus: [OAT] },
  );

  function play(life: OrderLife, step: typeof anyTold extends fc.Arbitrary<infer T> ? T : never): void {
    switch (step.do) {
      case 'propose': {
        const { n, do: _do, ...offered } = step;
        life.tell(offer(life, { proposalId: no(n), ...offered }));
        return;
      }
      case 'answer':
        life.tell({ do: 'answer', proposalId: no(step.n), answer: step.answer });
        return;
      case 'withdraw':
        life.tell({ do: 'withdraw', proposalId: no(step.n), reason: 'GONE' });
        return;
      case 'wait':
        life.wait(step.ms);
        return;
    }
  }

  test('the customer pays for what is in the bags, never above any line’s price nor what was authorized [Y7] [P5]', () => {
    let charged = 0;
    fc.assert(
      fc.property(fc.array(anyTold, { maxLength: 12, size: 'max' }), preference, bags, (steps, wish, inBags) => {
        const life = picking(wish, ['nuts']);
        for (const step of steps) play(life, step);
        const { milk, eggs, oat, soy } = inBags;
        const owed = packed(life, [MILK, milk], [EGGS, eggs], [OAT, oat], [SOY, soy]);
        const { order } = life;
        expect(replay(life.log)).toEqual(order);
        // Nothing at all was in the bags.
        if (order.packed === null) return;
        const quote = quoteOf(order);
        const lines = quote.lines.map(({ sku, quantity, unitPriceMinor }, lineNo) => {
          const came = order.packed?.picked[lineNo]?.quantity ?? 0;
          const instead = order.substitutions.flatMap(({ proposal, unitPriceMinor: each }) => {
            if (proposal.missing !== sku) return [];
            const units = order.packed?.substituted.find((line) => line.proposalId === proposal.proposalId)?.quantity;
            expect(each).toBeLessThanOrEqual(unitPriceMinor);
            return [{ units: units ?? 0, minor: (units ?? 0) * each }];
          });
          const units = instead.reduce((sum, one) => sum + one.units, came);
          expect(units).toBeLessThanOrEqual(quantity);
          return came * unitPriceMinor + instead.reduce((sum, one) => sum + one.minor, 0);
        });
        expect(owed).toBe(lines.reduce((sum, minor) => sum + minor, quote.deliveryFeeMinor));
        expect(owed).toBeLessThanOrEqual(candidate(1).totalMinor);
        charged += order.packed.substituted.length;
      }),
      { numRuns: 500, seed: 7 },
    );
    expect(charged).toBeGreaterThan(50);
  });
});

test('a question that outlives a quick delivery ends by the clock, and the alarm with it [F8]', () => {
  const life = picking();
  life.tell(offer(life));
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  packed(life, [MILK, 3], [EGGS, 1]);
  life.answer(APPROVED);
  life.tell({ do: 'report_pick', step: 'handed_over' });
  life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' });
  expect(life.order.status).toBe('CLOSED');
  expect(nextLookMs(life.order, life.nowMs)).toBe(life.nowMs + ANSWER_MS);
  life.wait(ANSWER_MS);
  expect(only(life)?.proposal.status).toBe('TIMED_OUT');
  expect(nextLookMs(life.order, life.nowMs)).toBeNull();
});
