import { describe, expect, test } from 'vitest';
import { APPROVED, APPROVED_COD, candidate, COURIER, OrderLife } from '../../test/support/order-life.ts';
import { asSku } from '../shared/ids.ts';
import { weightCeiling } from './charge.ts';
import { callAmountMinor } from './saga.ts';
import type { PickedLine } from './order.ts';

function pack(life: OrderLife, picked?: readonly PickedLine[]): OrderLife {
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  life.tell({ do: 'report_pick', step: 'packed', picked });
  return life;
}

function deliver(life: OrderLife): void {
  life.tell({ do: 'report_pick', step: 'handed_over' });
  expect(life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' }).ok).toBe(true);
}

describe('an order that costs nothing', () => {
  const { lines } = candidate(1);
  const gift = {
    ...candidate(1),
    lines: lines.map((line) => ({ ...line, unitPriceMinor: 0 })),
    itemsMinor: 0,
    deliveryFeeMinor: 0,
    totalMinor: 0,
  };

  test.each([
    ['sandbox', { ...APPROVED, amountMinor: 0 }],
    ['cod', { ...APPROVED_COD, amountMinor: 0 }],
  ] as const)(
    'paid by %s has nothing to capture and nothing to collect, and closes at the door [Y4] [Y8]',
    (method, approved) => {
      const life = pack(new OrderLife({ method, candidates: [gift] }).assign(approved));
      expect(life.order.call).toBeNull();
      deliver(life);
      expect(life.order).toMatchObject({ status: 'CLOSED', call: null });
      expect(life.log.some(({ event }) => event.type === 'payment.captured')).toBe(false);
    },
  );

  test('in the end lets go what was reserved for it, and then closes [Y4]', () => {
    const half = { ...gift, lines: [gift.lines[0], lines[1]].flatMap((line) => line ?? []), totalMinor: 2500 };
    const life = new OrderLife({ candidates: [half] }).assign({ ...APPROVED, amountMinor: 2500 });
    pack(life, [{ sku: asSku('MILK-1L'), quantity: 3 }]);
    expect(life.order).toMatchObject({ packed: { finalMinor: 0 }, call: { step: 'void' } });
    deliver(life);
    expect(life.order.status).toBe('DELIVERED');
    life.answer({ ...APPROVED, amountMinor: 0 });
    expect(life.order).toMatchObject({ status: 'CLOSED', payment: { at: 'VOIDED' } });
  });
});

test('money that is refused for ever is asked for ever, four times a day in the end [Y7]', () => {
  const life = new OrderLife().assign();
  life.tell({ do: 'cancel', as: 'customer', reason: 'x' });
  const waits: number[] = [];
  for (let tries = 0; tries < 40; tries += 1) {
    life.answer({ kind: 'declined', reason: 'account closed' });
    waits.push((life.order.call?.retryAtMs ?? 0) - life.nowMs);
  }
  expect(life.order.call).toMatchObject({ step: 'void', failures: 40 });
  expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000]);
  expect(waits.slice(15)).toEqual(waits.slice(15).fill(6 * 3_600_000));
  life.answer({ kind: 'unknown', error: 'network connection lost' });
  expect((life.order.call?.retryAtMs ?? 0) - life.nowMs).toBe(60_000);
});

test('what is in the bags is said once, also when a courier has the order already [Y4]', () => {
  const life = pack(new OrderLife().assign());
  expect(life.order.status).toBe('ASSIGNED_TO_PARTNER');
  expect(life.tell({ do: 'report_pick', step: 'packed' })).toEqual({
    ok: false,
    error: { code: 'ILLEGAL_TRANSITION', from: 'ASSIGNED_TO_PARTNER', to: 'PACKED' },
  });
});

test('what is weighed is reserved at its ceiling, and taken by its weight [P5] [Y7]', () => {
  const { lines, ...store } = candidate(1);
  const [milk, ...others] = lines;
  if (milk === undefined) throw new Error('no milk');
  const quote = { ...store, lines: [{ ...milk, weighed: { nominalGrams: 1_000, tolerancePpm: 100_000 } }, ...others] };
  const life = new OrderLife({ candidates: [{ ...quote, ...weightCeiling(quote) }] });
  life.answer({ kind: 'held', expiresAtMs: life.nowMs + 600_000 });
  expect(life.order.call?.step).toBe('pay');
  expect(callAmountMinor(life.order, 'pay')).toBe(6_300);
  life.answer({ ...APPROVED, amountMinor: 6_300 }).answer({ kind: 'committed' });
  pack(life, [
    { sku: milk.sku, quantity: 3, grams: 2_950 },
    { sku: asSku('EGGS-6'), quantity: 1 },
  ]);
  expect(callAmountMinor(life.order, 'capture')).toBe(5_950);
});
