import fc from 'fast-check';
import { isStillWanted } from '../../domain/order/ask-first.ts';
import { allocate } from '../../domain/money/allocate.ts';
import { weightCeiling } from '../../domain/order/charge.ts';
import { cashDueMinor } from '../../domain/order/decide.ts';
import { quoteOf } from '../../domain/order/order.ts';
import type { Candidate, OrderState } from '../../domain/order/order.ts';
import type { CallOutcome } from '../../domain/order/outcome.ts';
import { askedOverweight } from '../../domain/order/overweight.ts';
import { ANSWER_MS } from '../../domain/picking/proposal.ts';
import type { RefundTo } from '../../domain/order/refund.ts';
import { callAmountMinor } from '../../domain/order/saga.ts';
import { addUp, ceilingOf } from '../../domain/pricing/totals.ts';
import { asSku } from '../../domain/shared/ids.ts';
import { candidate, COURIER, OrderLife, OTHER_COURIER, SECOND_HOLD } from './order-life.ts';
import type { Told } from './order-life.ts';

const commands: fc.Arbitrary<Told> = fc.oneof(
  fc.record({
    do: fc.constant('cancel' as const),
    as: fc.constantFrom('customer' as const, 'operator' as const),
    reason: fc.constant('any'),
  }),
  fc.record({
    do: fc.constant('report_pick' as const),
    step: fc.constantFrom(
      'accepted' as const,
      'rejected' as const,
      'claimed' as const,
      'packed' as const,
      'handed_over' as const,
    ),
    picked: fc.option(
      fc.tuple(fc.nat(3), fc.nat(1), fc.constantFrom(0, 1, 1_499, 3_000, 3_200, 9_999)).map(([milk, eggs, grams]) => [
        { sku: asSku('MILK-1L'), quantity: milk, ...(grams > 0 && { grams }) },
        { sku: asSku('EGGS-6'), quantity: eggs },
      ]),
      { nil: undefined },
    ),
  }),
  fc.record({
    do: fc.constant('report_courier' as const),
    step: fc.constantFrom('accepted' as const, 'departed' as const),
    courierId: fc.constantFrom(COURIER, OTHER_COURIER),
  }),
  fc.record({
    do: fc.constant('prove_delivery' as const),
    courierId: fc.constantFrom(COURIER, OTHER_COURIER),
    code: fc.constantFrom('4321', '4321', '0000'),
    collectedMinor: fc.constantFrom(undefined, 6000),
  }),
  fc.constant({ do: 'note_payment' as const }),
  fc.record({
    do: fc.constant('answer_overweight' as const),
    answer: fc.constantFrom('APPROVED' as const, 'DECLINED' as const),
  }),
  fc.record({
    do: fc.constant('move_in_line' as const),
    storeId: fc.constantFrom(candidate(1).storeId, candidate(2).storeId),
    standing: fc.option(fc.record({ place: fc.integer({ min: 1, max: 9 }), turnAtMs: fc.constant(1_700_000_300_000) })),
  }),
  fc
    .record({
      id: fc.nat(9),
      amountMinor: fc.integer({ min: 0, max: 7000 }),
      to: fc.constantFrom<RefundTo>('source', 'wallet'),
    })
    .map(({ id, ...wish }) => ({
      do: 'refund' as const,
      refundId: `refund-${id}`,
      currency: 'INR',
      reason: 'any',
      ...wish,
    })),
  fc
    .record({ id: fc.nat(9), sku: fc.constantFrom('MILK-1L', 'EGGS-6'), quantity: fc.integer({ min: 1, max: 3 }) })
    .map(({ id, sku, quantity }) => ({
      do: 'refund' as const,
      refundId: `line-${id}`,
      to: 'source' as const,
      reason: 'any',
      lines: [{ sku: asSku(sku), quantity }],
    })),
  fc.constantFrom(6000, 2500).map((amountMinor) => ({ do: 'hand_in_cash' as const, amountMinor, currency: 'INR' })),
);

/** How a call may end. */
export type End = 'good' | 'bad' | 'pending' | 'unknown' | 'never_seen';
/** `onward`: whatever brings the order nearer to the door, so that long lives are seen too. */
type Act = { readonly command: Told } | { readonly end: End } | { readonly waitMs: number } | { readonly onward: true };
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 20, arbitrary: fc.constant({ onward: true as const }) },
  { weight: 3, arbitrary: commands.map((command) => ({ command })) },
  { weight: 2, arbitrary: fc.constantFrom<End>('bad', 'pending', 'unknown', 'never_seen').map((end) => ({ end })) },
  { weight: 1, arbitrary: fc.constantFrom(100, 5_000, 700_000).map((waitMs) => ({ waitMs })) },
);
/** `late`: reserved, and taken when packed. `all`: taken then without a way to take less. `at_once`: taken before anything is packed. */
type Pays = 'late' | 'all' | 'at_once';

/** Three of one article, perhaps by weight, and one of another, with a discount, fees, tax and tip of any size. */
export const quotes: fc.Arbitrary<Candidate> = fc
  .record({
    weighed: fc.constantFrom(
      undefined,
      undefined,
      { nominalGrams: 1_000, tolerancePpm: 100_000 },
      { nominalGrams: 1_000, tolerancePpm: 0 },
    ),
    prices: fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 2500 })),
    discountPercent: fc.integer({ min: 0, max: 40 }),
    smallCartFeeMinor: fc.nat(300),
    deliveryFeeMinor: fc.nat(900),
    surgeFeeMinor: fc.nat(300),
    taxPercent: fc.constantFrom(0, 5, 18),
    taxIncluded: fc.boolean(),
    tipMinor: fc.nat(500),
  })
  .map(({ prices, discountPercent, taxPercent, weighed, ...fees }) => {
    const store = candidate(1);
    const priced = store.lines.map((line, lineNo) => ({ ...line, unitPriceMinor: prices[lineNo] ?? 0 }));
    const sums = priced.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor);
    const itemsMinor = sums.reduce((sum, lineMinor) => sum + lineMinor, 0);
    const discountMinor = Math.floor((itemsMinor * discountPercent) / 100);
    const discounts = allocate(discountMinor, sums);
    const lines = priced.map((line, lineNo) => ({
      ...line,
      discountMinor: discounts[lineNo] ?? 0,
      ...(lineNo === 0 && weighed !== undefined && { weighed }),
    }));
    const baseMinor = itemsMinor - discountMinor + fees.smallCartFeeMinor + fees.deliveryFeeMinor + fees.surgeFeeMinor;
    const taxMinor = Math.round((baseMinor * taxPercent) / 100);
    const quote = { ...store, lines, ...addUp({ itemsMinor, discountMinor, taxMinor, ...fees }) };
    return { ...quote, ...weightCeiling(quote) };
  });

export const lives = fc.record({
  method: fc.constantFrom('sandbox' as const, 'cod' as const),
  pays: fc.constantFrom<Pays>('late', 'late', 'all', 'at_once'),
  secondHoldId: fc.constantFrom(undefined, SECOND_HOLD),
  waitMaxMs: fc.constantFrom<number | undefined>(undefined, 1_200_000),
  quote: quotes,
  acts: fc.array(acts, { maxLength: 60 }),
});
type Life = typeof lives extends fc.Arbitrary<infer L> ? L : never;

export function outcomeOf(state: OrderState, nowMs: number, end: End, pays: Pays = 'late'): CallOutcome {
  if (end === 'unknown' || end === 'never_seen') return end === 'unknown' ? { kind: end, error: 'cut' } : { kind: end };
  const onDelivery = state.terms.method === 'cod';
  const ceilingMinor = ceilingOf(quoteOf(state));
  switch (state.call?.step) {
    case 'hold':
      if (end === 'good') return { kind: 'held', expiresAtMs: nowMs + 600_000 };
      if (end === 'pending') return { kind: 'refused', code: 'STORE_CLOSED', shortages: [] };
      return { kind: 'refused', code: 'INSUFFICIENT_STOCK', shortages: [] };
    case 'join':
      if (end === 'bad') return { kind: 'refused', code: 'STORE_BUSY', shortages: [], retryAfterMs: 60_000 };
      return { kind: 'in_line', standing: end === 'good' ? { place: 2, turnAtMs: nowMs + 300_000 } : null };
    case 'commit':
      return end === 'good' ? { kind: 'committed' } : { kind: 'refused', code: 'HOLD_EXPIRED', shortages: [] };
    case 'pay':
    case 'inquire':
      if (end === 'good' && pays === 'at_once' && !onDelivery)
        return { kind: 'captured', providerRef: 'psp', amountMinor: ceilingMinor };
      if (end === 'good') return { kind: 'approved', providerRef: 'psp', amountMinor: ceilingMinor, onDelivery };
      return end === 'bad' ? { kind: 'declined', reason: 'no' } : { kind: 'pending', providerRef: 'psp' };
    case 'void':
      // A capture that was given up came through first.
      if (end === 'bad' && state.packed !== null) {
        return { kind: 'captured', providerRef: 'psp', amountMinor: state.packed.finalMinor };
      }
      return { kind: 'approved', providerRef: 'psp', amountMinor: 0, onDelivery };
    case 'capture':
    case 'refund':
      if (end === 'bad') return { kind: 'declined', reason: 'no' };
      if (pays === 'all' && state.call.step === 'capture' && !onDelivery) {
        return { kind: 'approved', providerRef: 'psp', amountMinor: ceilingMinor, onDelivery };
      }
      return { kind: 'approved', providerRef: 'psp', amountMinor: callAmountMinor(state, state.call.step), onDelivery };
    case undefined:
      throw new Error('no call is open');
  }
}

function onward(life: OrderLife, pays: Pays): void {
  const { call, status, courier, line, collectedMinor: cashMinor, handedInMinor } = life.order;
  if (line?.at === 'WAITING' && status === 'PENDING') {
    life.tell({ do: 'move_in_line', storeId: line.storeId, standing: null });
  } else if (status === 'PENDING' && call === null) {
    life.wait(30_000);
  } else if (status === 'ASSIGNED_TO_STORE') {
    life.tell({ do: 'report_pick', step: 'claimed' });
  } else if (status === 'PICKING' && courier.at === 'REQUESTED') {
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  } else if (status === 'PICKING') {
    life.tell({ do: 'report_pick', step: 'packed' });
  } else if (status === 'ASSIGNED_TO_PARTNER') {
    life.tell({ do: 'report_pick', step: 'handed_over' });
  } else if (status === 'PICKED_UP') {
    life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER });
  } else if (status === 'IN_TRANSIT') {
    const collectedMinor = cashDueMinor(life.order);
    life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321', collectedMinor });
  } else if (call !== null) {
    life.answer(outcomeOf(life.order, life.nowMs, 'good', pays));
  } else if (cashMinor > handedInMinor) {
    life.tell({ do: 'hand_in_cash', amountMinor: cashMinor, currency: 'INR' });
  }
}

export function live({ method, pays, secondHoldId, waitMaxMs, quote, acts: script }: Life): OrderLife {
  const life = new OrderLife({
    method,
    candidates: [quote, candidate(2)],
    ...(secondHoldId !== undefined && { secondHoldId }),
    ...(waitMaxMs !== undefined && { waitMaxMs }),
  });
  for (const act of script) {
    if ('onward' in act) onward(life, pays);
    else if ('command' in act) life.tell(act.command);
    else if ('waitMs' in act) life.wait(act.waitMs);
    else if (life.order.call !== null) {
      // A call that is still wanted is made again when nobody saw it: that is no outcome.
      if (act.end === 'never_seen' && isStillWanted(life.order, life.order.call)) continue;
      life.answer(outcomeOf(life.order, life.nowMs, act.end, pays));
    }
  }
  // What is asked ends some time, and then the money moves.
  if (askedOverweight(life.order) !== null) life.wait(ANSWER_MS);
  return life;
}
