import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED, APPROVED_COD, COURIER, OrderLife } from '../../test/support/order-life.ts';
import { live, lives, outcomeOf, quotes } from '../../test/support/order-lives.ts';
import { asSku } from '../shared/ids.ts';
import { paidUnits } from './charge.ts';
import type { PickedLine } from './order.ts';
import { openRefund, refundableMinor, refundedMinor, REFUNDS_MAX } from './refund.ts';

const MILK = asSku('MILK-1L');
const EGGS = asSku('EGGS-6');

function pack(life: OrderLife, picked?: readonly PickedLine[]): OrderLife {
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  life.tell({ do: 'report_pick', step: 'packed', picked });
  return life;
}

function deliver(life: OrderLife, collectedMinor = 0): OrderLife {
  life.tell({ do: 'report_pick', step: 'handed_over' });
  life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321', collectedMinor });
  return life;
}

function giveBack(life: OrderLife, amountMinor: number, refundId = 'refund-1', to: 'source' | 'wallet' = 'source') {
  return life.tell({ do: 'refund', refundId, to, reason: 'late', amountMinor, currency: 'INR' });
}

function takenMinor({ log }: OrderLife): number {
  return log.reduce((sum, { event }) => (event.type === 'payment.captured' ? sum + event.amountMinor : sum), 0);
}

const ALL_MILK = [
  { sku: MILK, quantity: 3 },
  { sku: EGGS, quantity: 0 },
];

describe('money that is given back', () => {
  test('goes out once for one refund id, in part at first, and is the status when all is back [Y7] [O4]', () => {
    const life = deliver(pack(new OrderLife().assign()).answer(APPROVED));
    expect(life.order.status).toBe('CLOSED');
    expect(giveBack(life, 1000).ok).toBe(true);
    expect(giveBack(life, 1000).ok).toBe(true);
    expect(life.order.call).toMatchObject({ step: 'refund', opId: 'ord_00000000000000000000000001:refund:1' });
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ status: 'CLOSED', payment: { at: 'CAPTURED' }, call: null });
    expect(giveBack(life, 5000, 'refund-2').ok).toBe(true);
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ status: 'REFUNDED', payment: { at: 'REFUNDED', amountMinor: 6000 } });
  });

  test('is never more than is left, in one currency, and never nothing [Y7]', () => {
    const life = pack(new OrderLife().assign()).answer(APPROVED);
    expect(giveBack(life, 6001)).toEqual({
      ok: false,
      error: { code: 'REFUND_TOO_HIGH', wantedMinor: 6001, refundableMinor: 6000 },
    });
    expect(giveBack(life, 0)).toMatchObject({ error: { code: 'REFUND_TOO_HIGH' } });
    expect(giveBack(life, 4000).ok).toBe(true);
    // What is only asked for counts, before the provider has said yes.
    expect(giveBack(life, 2001, 'refund-2')).toMatchObject({ error: { refundableMinor: 2000 } });
    const euros = { do: 'refund', refundId: 'e', to: 'source', reason: 'x', amountMinor: 1, currency: 'EUR' } as const;
    expect(life.tell(euros)).toMatchObject({ error: { code: 'CURRENCY_MISMATCH' } });
  });

  test('by line is what was paid for the line: unit by unit all of it, and no unit twice [Y7]', () => {
    fc.assert(
      fc.property(quotes, (quote) => {
        const approved = { ...APPROVED, amountMinor: quote.totalMinor };
        const life = pack(new OrderLife({ candidates: [quote] }).assign(approved));
        if (life.order.call?.step === 'capture') life.answer(approved);
        fc.pre(life.order.payment.at === 'CAPTURED');
        const { quantity, paidMinor } = paidUnits(life.order, MILK);
        fc.pre(paidMinor >= 3);
        for (let unit = 1; unit <= quantity; unit += 1) {
          const lines = [{ sku: MILK, quantity: 1 }];
          expect(life.tell({ do: 'refund', refundId: `unit-${unit}`, to: 'source', reason: 'sour', lines }).ok).toBe(
            true,
          );
          life.answer(APPROVED);
        }
        expect(refundedMinor(life.order)).toBe(paidMinor);
        const again = {
          do: 'refund',
          refundId: 'again',
          to: 'source',
          reason: 'x',
          lines: [{ sku: MILK, quantity: 1 }],
        };
        expect(life.tell({ ...again, do: 'refund', to: 'source' })).toMatchObject({
          error: { code: 'LINE_NOT_REFUNDABLE', left: 0 },
        });
      }),
      { numRuns: 200 },
    );
  });

  test('is refused before anything is packed or taken, and for what did not come [Y7]', () => {
    const life = new OrderLife().assign();
    expect(giveBack(life, 1)).toMatchObject({ error: { code: 'NOTHING_TO_REFUND', packed: false } });
    pack(life, ALL_MILK);
    expect(giveBack(life, 1)).toMatchObject({ error: { code: 'NOTHING_TO_REFUND', packed: true } });
    life.answer({ ...APPROVED, amountMinor: 3500 });
    const eggs = {
      do: 'refund',
      refundId: 'x',
      to: 'source',
      reason: 'x',
      lines: [{ sku: EGGS, quantity: 1 }],
    } as const;
    expect(life.tell(eggs)).toMatchObject({ error: { code: 'LINE_NOT_REFUNDABLE', left: 0 } });
  });

  test('for cash goes to the wallet, and an order has a bounded number of them [Y6] [Y8]', () => {
    const life = deliver(pack(new OrderLife({ method: 'cod' }).assign(APPROVED_COD)), 6000).answer(APPROVED_COD);
    expect(giveBack(life, 100)).toMatchObject({ error: { code: 'CASH_GOES_TO_WALLET' } });
    for (let number = 1; number <= REFUNDS_MAX; number += 1) {
      expect(giveBack(life, 1, `refund-${number}`, 'wallet').ok).toBe(true);
      life.answer(APPROVED_COD);
    }
    expect(giveBack(life, 1, 'one-more', 'wallet')).toMatchObject({ error: { code: 'TOO_MANY_REFUNDS' } });
  });

  test('and is refused by the provider stays open and is asked for again [Y7]', () => {
    const life = deliver(pack(new OrderLife().assign()).answer(APPROVED));
    giveBack(life, 1000);
    life.answer({ kind: 'declined', reason: 'account closed' });
    expect(openRefund(life.order)).toMatchObject({ number: 1, refund: { amountMinor: 1000, doneAtMs: null } });
    expect(life.order.call).toMatchObject({ step: 'refund', failures: 1 });
    life.answer(APPROVED);
    expect(refundedMinor(life.order)).toBe(1000);
  });
});

describe('a payment that was taken before or beyond what is owed', () => {
  test('in full by a provider that cannot take less: the difference goes back by itself [Y7] [Y2]', () => {
    const life = pack(new OrderLife().assign(), ALL_MILK);
    expect(life.order.packed?.finalMinor).toBe(3500);
    life.answer(APPROVED);
    expect(life.log.at(-2)?.event).toMatchObject({ type: 'refund.requested', cause: 'OVERCHARGED', amountMinor: 2500 });
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ payment: { at: 'CAPTURED', amountMinor: 6000 }, call: null });
    deliver(life);
    expect(life.order.status).toBe('CLOSED');
  });

  test('before packing: a short pick is refunded in the same step as it is reported [Y7]', () => {
    const life = new OrderLife().answer({ kind: 'held', expiresAtMs: 1_700_000_600_000 });
    life.answer({ kind: 'captured', providerRef: 'psp_1', amountMinor: 6000 }).answer({ kind: 'committed' });
    life.tell({ do: 'report_pick', step: 'claimed' });
    const before = life.log.length;
    life.tell({ do: 'report_pick', step: 'packed', picked: ALL_MILK });
    expect(life.log.slice(before).map(({ event }) => event.type)).toEqual([
      'order.ready',
      'refund.requested',
      'call.started',
    ]);
  });

  test('with nothing picked goes back whole [O10]', () => {
    const life = new OrderLife().answer({ kind: 'held', expiresAtMs: 1_700_000_600_000 });
    life.answer({ kind: 'captured', providerRef: 'psp_1', amountMinor: 6000 }).answer({ kind: 'committed' });
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_pick', step: 'packed', picked: [] });
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ status: 'REFUNDED', payment: { at: 'REFUNDED', amountMinor: 6000 } });
  });
});

test('what a late capture took beyond what is owed goes back before the order is closed [Y7]', () => {
  const life = deliver(pack(new OrderLife().assign(), ALL_MILK));
  expect(life.order).toMatchObject({ status: 'DELIVERED', call: { step: 'capture' } });
  life.answer(APPROVED);
  expect(life.order).toMatchObject({ status: 'DELIVERED', call: { step: 'refund' } });
  life.answer(APPROVED);
  expect(life.order.status).toBe('CLOSED');
  expect(takenMinor(life) - refundedMinor(life.order)).toBe(3500);
});

test('whatever happens, no more goes back than came, and in the end what stays is what is owed [Y7] [X3]', () => {
  fc.assert(
    fc.property(lives, (script) => {
      const life = live(script);
      const askedMinor = life.order.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      expect(askedMinor).toBeLessThanOrEqual(takenMinor(life));
      expect(refundableMinor(life.order)).toBeGreaterThanOrEqual(0);
      for (let answers = 0; life.order.call !== null; answers += 1) {
        expect(answers).toBeLessThan(100);
        life.answer(outcomeOf(life.order, life.nowMs, 'good', script.pays));
      }
      const { status, packed, payment, refunds } = life.order;
      const askedFor = refunds.filter(({ cause }) => cause === 'LINES' || cause === 'AMOUNT');
      const goodwillMinor = askedFor.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const isTaken = payment.at === 'CAPTURED' || payment.at === 'REFUNDED';
      const keptMinor = takenMinor(life) - refundedMinor(life.order);
      const isGoneBack = status === 'CANCELLED' || status === 'REFUNDED';
      const owedMinor = packed === null || !isTaken ? keptMinor : packed.finalMinor - goodwillMinor;
      expect(keptMinor).toBe(isGoneBack ? 0 : owedMinor);
    }),
    { numRuns: 500 },
  );
});
