import { describe, expect, test } from 'vitest';
import { APPROVED, APPROVED_COD, candidate, COURIER, OrderLife } from '../../test/support/order-life.ts';
import { ledgerOf } from '../money/ledger.ts';
import { ANSWER_MS } from '../picking/proposal.ts';
import { asSku } from '../shared/ids.ts';
import { weightCeiling } from './charge.ts';
import { nextLookMs } from './saga.ts';

const RESERVED = { amountMinor: 6_300 };
const [MILK, EGGS] = [asSku('MILK-1L'), asSku('EGGS-6')];

/** Three of 1 kg at 1000 each, a tenth more at most, and eggs for 2500; with the fee 6000, up to 6300. */
function quoted() {
  const { lines, ...store } = candidate(1);
  const weighed = { nominalGrams: 1_000, tolerancePpm: 100_000 };
  const quote = { ...store, lines: lines.map((line) => (line.sku === MILK ? { ...line, weighed } : line)) };
  return { ...quote, ...weightCeiling(quote) };
}
function packed(grams: number, eggs = 0, over: ConstructorParameters<typeof OrderLife>[0] = {}): OrderLife {
  const paid = over.method === 'cod' ? { ...APPROVED_COD, ...RESERVED } : { ...APPROVED, ...RESERVED };
  const life = new OrderLife({ candidates: [quoted()], tellsMoney: true, ...over });
  life.assign(paid);
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  const picked = [
    { sku: MILK, quantity: 3, grams },
    { sku: EGGS, quantity: eggs },
  ];
  life.tell({ do: 'report_pick', step: 'packed', picked });
  return life;
}
function due(life: OrderLife): number | undefined {
  return life.order.packed?.finalMinor;
}
function customerOwes(life: OrderLife): number {
  const { balances } = ledgerOf(life.log);
  expect(Object.values(balances).reduce((sum, minor) => sum + minor, 0)).toBe(0);
  return balances.customer;
}

describe('weight above the ceiling', () => {
  test('is asked about when what was reserved pays for it; meanwhile the bags go on and no money moves [Y7]', () => {
    const life = packed(4_000);
    expect(life.order).toMatchObject({
      status: 'ASSIGNED_TO_PARTNER',
      call: null,
      packed: { finalMinor: 3_800, overweight: { status: 'ASKED', charge: { totalMinor: 4_500 } } },
    });
    expect(life.order.news.at(-2)).toMatchObject({ kind: 'money', money: { overweight: { totalMinor: 4_500 } } });
    expect(nextLookMs(life.order, life.nowMs)).toBeLessThanOrEqual(life.nowMs + ANSWER_MS);
    expect(customerOwes(life)).toBe(3_800);
  });

  test('with a yes is paid whole, once [Y7]', () => {
    const life = packed(4_000);
    expect(life.tell({ do: 'answer_overweight', answer: 'APPROVED' }).ok).toBe(true);
    expect(life.tell({ do: 'answer_overweight', answer: 'APPROVED' }).ok).toBe(true);
    expect(due(life)).toBe(4_500);
    expect(life.order.call).toMatchObject({ step: 'capture' });
    expect(customerOwes(life)).toBe(4_500);
    expect(life.tell({ do: 'answer_overweight', answer: 'DECLINED' })).toMatchObject({
      error: { code: 'QUESTION_OVER', status: 'APPROVED' },
    });
    life.answer({ ...APPROVED, amountMinor: 4_500 });
    expect(customerOwes(life)).toBe(0);
  });

  test('with a no, or none in time, is the shop’s to bear [Y7]', () => {
    const declined = packed(4_000);
    declined.tell({ do: 'answer_overweight', answer: 'DECLINED' });
    const silent = packed(4_000);
    silent.wait(ANSWER_MS);
    expect(silent.tell({ do: 'answer_overweight', answer: 'APPROVED' })).toMatchObject({
      error: { code: 'QUESTION_OVER', status: 'TIMED_OUT' },
    });
    for (const life of [declined, silent]) {
      expect(due(life)).toBe(3_800);
      expect(life.order.call).toMatchObject({ step: 'capture' });
    }
  });

  test('is not asked about when nothing is above, when it is more than was reserved, or for cash [Y7]', () => {
    for (const life of [packed(3_300), packed(3_301, 1), packed(9_000), packed(4_000, 0, { method: 'cod' })]) {
      expect(life.order.packed?.overweight).toBeUndefined();
      expect(life.tell({ do: 'answer_overweight', answer: 'APPROVED' })).toMatchObject({
        error: { code: 'NOTHING_ASKED' },
      });
    }
  });

  test('is over with its time, also before the alarm has gone off [Y7]', () => {
    const life = packed(4_000);
    life.nowMs += ANSWER_MS;
    expect(life.tell({ do: 'answer_overweight', answer: 'APPROVED' })).toMatchObject({
      error: { code: 'QUESTION_OVER' },
    });
    expect(due(life)).toBe(3_800);
  });

  test('of an order that is cancelled is nobody’s question any more', () => {
    const life = packed(4_000);
    life.tell({ do: 'cancel', as: 'operator', reason: 'x' });
    expect(life.tell({ do: 'answer_overweight', answer: 'APPROVED' })).toMatchObject({
      error: { code: 'QUESTION_OVER', status: 'ASKED' },
    });
    expect(life.order.call).toMatchObject({ step: 'void' });
  });
});
