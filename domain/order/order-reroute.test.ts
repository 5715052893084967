import { describe, expect, test } from 'vitest';
import { APPROVED, candidate, OrderLife } from '../../test/support/order-life.ts';
import { quoteOf, servingStore } from './order.ts';
import { conclude } from './outcome.ts';
import { asOpId, asSku } from '../shared/ids.ts';

const HELD = { kind: 'held', expiresAtMs: 1_700_000_600_000 } as const;
const SHORT = {
  kind: 'refused',
  code: 'INSUFFICIENT_STOCK',
  shortages: [{ sku: asSku('MILK-1L'), requested: 3, available: 1 }],
} as const;

describe('a store that sends the order back [F7] [O6]', () => {
  function rejected(life: OrderLife): OrderLife {
    life.tell({ do: 'report_pick', step: 'accepted' });
    life.tell({ do: 'report_pick', step: 'rejected', reason: 'TOO_BUSY' });
    return life;
  }

  test('is passed over: the next one holds under a name of its own and commits, nobody pays twice', () => {
    const life = rejected(new OrderLife().assign());
    expect(life.order).toMatchObject({ status: 'CONFIRMED', storeAccepted: false, stock: { at: 'NONE' } });
    expect(life.order.call).toMatchObject({ step: 'hold', opId: 'ord_00000000000000000000000001:hold:1' });
    expect(servingStore(life.order)).toBeNull();
    life.answer(HELD);
    expect(life.order.call).toMatchObject({ step: 'commit', opId: 'ord_00000000000000000000000001:commit:1' });
    expect(servingStore(life.order)).toMatchObject({ storeName: 'Store 2', holdId: candidate(2).holdId });
    life.answer({ kind: 'committed' });
    expect(life.path).toBe('PENDING CONFIRMED ASSIGNED_TO_STORE CONFIRMED ASSIGNED_TO_STORE');
    expect(life.order.steps[3]).toMatchObject({ reason: 'TOO_BUSY' });
    expect(life.order.payment).toMatchObject({ at: 'AUTHORIZED', amountMinor: 6000 });
  });

  test('never makes it dearer, nor later than promised: the agreed prices stay', () => {
    const { lines, ...dearer } = candidate(2);
    const raised = lines.map((line) => ({ ...line, unitPriceMinor: line.unitPriceMinor * 2 }));
    const second = { ...dearer, lines: raised, itemsMinor: 11_000, totalMinor: 11_500, promiseMs: 99 * 60_000 };
    const life = rejected(new OrderLife({ candidates: [candidate(1), second] }).assign());
    expect(quoteOf(life.order)).toEqual(candidate(1));
    life.answer(HELD).answer({ kind: 'committed' });
    expect(quoteOf(life.order)).toMatchObject({ storeName: 'Store 2', totalMinor: 6000, promiseMs: 12 * 60_000 });
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_pick', step: 'packed' });
    expect(life.order.packed?.finalMinor).toBe(6000);
  });

  test('has to have it first: an order that is not paid yet is not confirmed by a store that sends it back [O3]', () => {
    const life = new OrderLife().answer(HELD).answer({ kind: 'pending', providerRef: 'psp_1' });
    expect(life.tell({ do: 'report_pick', step: 'rejected', reason: 'TOO_BUSY' })).toMatchObject({
      error: { code: 'ILLEGAL_TRANSITION', from: 'PENDING', to: 'CONFIRMED' },
    });
    expect(life.order.status).toBe('PENDING');
  });

  test('is followed by one whose floor is faster than the answer to its commit: nothing it reports is lost [X3]', () => {
    const life = rejected(new OrderLife().assign()).answer(HELD);
    expect(life.order).toMatchObject({ status: 'CONFIRMED', call: { step: 'commit' } });
    expect(life.tell({ do: 'report_pick', step: 'accepted' }).ok).toBe(true);
    expect(life.tell({ do: 'report_pick', step: 'claimed' }).ok).toBe(true);
    expect(life.path).toBe('PENDING CONFIRMED ASSIGNED_TO_STORE CONFIRMED ASSIGNED_TO_STORE PICKING');
    expect(life.order).toMatchObject({ call: null, stock: { at: 'ALLOCATED' }, storeAccepted: true });
  });

  test('was the last one: cancelled, and the money goes back', () => {
    const life = rejected(new OrderLife({ candidates: [candidate(1)] }).assign());
    expect(life.order).toMatchObject({ cancellation: { code: 'STORE_REJECTED' }, call: { step: 'void' } });
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ status: 'CANCELLED', payment: { at: 'VOIDED' } });
  });

  test('and no other can hold or keep the basket: cancelled, and the money goes back', () => {
    const short = rejected(new OrderLife().assign()).answer(SHORT);
    expect(short.order).toMatchObject({ cancellation: { code: 'STORE_REJECTED' }, call: { step: 'void' } });
    const lost = rejected(new OrderLife().assign()).answer(HELD);
    lost.answer({ kind: 'refused', code: 'HOLD_EXPIRED', shortages: [] });
    expect(lost.order).toMatchObject({ cancellation: { code: 'STORE_REJECTED' }, call: { step: 'void' } });
  });

  test('before its commit was answered: the late answer is not taken for the next store’s', () => {
    const life = new OrderLife().answer(HELD).answer(APPROVED);
    const commit = life.order.call?.opId;
    life.tell({ do: 'report_pick', step: 'rejected', reason: 'STORE_CLOSING' });
    life.answer(HELD);
    const context = { nowMs: life.nowMs, jitter: 0 };
    expect(conclude(life.order, commit ?? asOpId('no-commit'), { kind: 'committed' }, context)).toEqual([]);
    expect(life.order.call?.opId).not.toBe(commit);
  });

  test('cannot any more once picking has begun, and finds a cancelled order as it is', () => {
    const picking = new OrderLife().assign();
    picking.tell({ do: 'report_pick', step: 'claimed' });
    expect(picking.tell({ do: 'report_pick', step: 'rejected' })).toMatchObject({
      error: { code: 'ILLEGAL_TRANSITION' },
    });
    const cancelled = new OrderLife().assign();
    cancelled.tell({ do: 'cancel', as: 'customer', reason: 'changed my mind' });
    const { length } = cancelled.log;
    expect(cancelled.tell({ do: 'report_pick', step: 'rejected' })).toEqual({ ok: true, value: null });
    expect(cancelled.log.length).toBe(length);
  });

  test('and is then called off by the customer: what the next one holds is released', () => {
    const life = rejected(new OrderLife().assign());
    expect(life.tell({ do: 'cancel', as: 'customer', reason: 'too long' }).ok).toBe(true);
    life.answer(HELD);
    expect(life.order).toMatchObject({ stock: { at: 'LET_GO' }, call: { step: 'void' } });
  });
});
