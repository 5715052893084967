import { describe, expect, test } from 'vitest';
import { APPROVED, COURIER, OrderLife, SECOND_HOLD } from '../../test/support/order-life.ts';
import { asSku } from '../shared/ids.ts';
import { quoteOf, servingStore } from './order.ts';

const GONE = { kind: 'refused', code: 'HOLD_EXPIRED', shortages: [] } as const;
const SHORT = {
  kind: 'refused',
  code: 'INSUFFICIENT_STOCK',
  shortages: [{ sku: asSku('MILK-1L'), requested: 3, available: 0 }],
} as const;

function packed(): OrderLife {
  const life = new OrderLife().assign();
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_pick', step: 'packed' });
  return life;
}
function events(life: OrderLife, type: string): number {
  return life.log.filter(({ event }) => event.type === type).length;
}

describe('a saga that does not get on [O10]', () => {
  test('is stuck after five unanswered tries, once, and free again with the answer', () => {
    const life = packed();
    for (let tries = 1; tries <= 8; tries += 1) {
      life.answer({ kind: 'unknown', error: 'cut' });
      expect(life.order.stuck === null).toBe(tries < 5);
    }
    expect(life.order.stuck).toMatchObject({ step: 'capture', failures: 5, error: 'cut' });
    expect(events(life, 'saga.stuck')).toBe(1);
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ stuck: null, payment: { at: 'CAPTURED' } });
  });

  test('is stuck at once when the provider refuses: that does not mend itself', () => {
    const life = packed().answer({ kind: 'declined', reason: 'account closed' });
    expect(life.order.stuck).toMatchObject({ step: 'capture', failures: 1, error: 'capture: account closed' });
  });

  test('is not stuck where giving up is a way: the next store, or the end of the order', () => {
    const life = new OrderLife();
    for (let tries = 0; tries < 3; tries += 1) life.answer({ kind: 'unknown', error: 'cut' });
    expect(life.order.passedOver).toHaveLength(1);
    expect(events(life, 'saga.stuck')).toBe(0);
  });

  test('goes on at once when an operator says so, and only when there is something to go on with', () => {
    const life = packed();
    expect(life.tell({ do: 'continue' })).toMatchObject({ error: { code: 'NOT_STUCK' } });
    life.answer({ kind: 'declined', reason: 'account closed' });
    expect(life.order.call?.retryAtMs).toBeGreaterThan(life.nowMs);
    expect(life.tell({ do: 'continue' })).toMatchObject({ ok: true });
    expect(life.order.call?.retryAtMs).toBe(life.nowMs);
    expect(life.order.stuck).not.toBeNull();
  });

  test('is settled by hand by an operator who moved the money, with where that can be looked up', () => {
    const life = packed();
    const byHand = { do: 'settle_by_hand', reference: 'desk 4711' } as const;
    expect(life.tell(byHand)).toMatchObject({ error: { code: 'NOT_STUCK' } });
    life.answer({ kind: 'declined', reason: 'account closed' });
    expect(life.tell(byHand)).toMatchObject({ ok: true });
    expect(life.order).toMatchObject({
      stuck: null,
      call: null,
      payment: { at: 'CAPTURED', providerRef: 'psp_1', amountMinor: 6000 },
    });
    expect(life.log.at(-2)?.event).toEqual({
      type: 'saga.settled_by_hand',
      step: 'capture',
      reference: 'desk 4711',
    });
  });

  test('is never settled by hand where a store decides', () => {
    const life = new OrderLife();
    life.answer({ kind: 'held', expiresAtMs: life.nowMs + 600_000 }).answer(APPROVED);
    for (let tries = 0; tries < 5; tries += 1) life.answer({ kind: 'unknown', error: 'cut' });
    expect(life.order.stuck).toMatchObject({ step: 'commit' });
    expect(life.tell({ do: 'settle_by_hand', reference: 'x' })).toMatchObject({
      error: { code: 'NOT_BY_HAND', step: 'commit' },
    });
    expect(life.order.status).toBe('PENDING');
  });
});

describe('a hold that expired while the customer paid', () => {
  function paid(): OrderLife {
    const life = new OrderLife({ secondHoldId: SECOND_HOLD });
    return life
      .answer({ kind: 'held', expiresAtMs: life.nowMs + 600_000 })
      .answer(APPROVED)
      .answer(GONE);
  }

  test('is sought again at the same store, under a name and ids of its own, and nobody pays twice [Y7]', () => {
    const life = paid();
    expect(life.order.call).toMatchObject({ step: 'hold', opId: 'ord_00000000000000000000000001:hold:0:again' });
    life.answer({ kind: 'held', expiresAtMs: life.nowMs + 600_000 });
    expect(servingStore(life.order)).toMatchObject({ storeName: 'Store 1', holdId: SECOND_HOLD });
    expect(life.order.call).toMatchObject({ step: 'commit', opId: 'ord_00000000000000000000000001:commit:0:again' });
    life.answer({ kind: 'committed' });
    expect(life.path).toBe('PENDING CONFIRMED ASSIGNED_TO_STORE');
    expect(life.log.filter(({ event }) => event.type === 'call.started' && event.step === 'pay')).toHaveLength(1);
  });

  test('goes to the next store at the prices that were paid when the goods are gone', () => {
    const life = paid().answer(SHORT);
    life.answer({ kind: 'held', expiresAtMs: life.nowMs + 600_000 }).answer({ kind: 'committed' });
    expect(quoteOf(life.order)).toMatchObject({ storeName: 'Store 2', totalMinor: 6000, promiseMs: 12 * 60_000 });
    expect(life.order.status).toBe('ASSIGNED_TO_STORE');
  });

  test('ends the order, and the money goes back, when nobody has the goods, or the second hold expires too [Y7]', () => {
    for (const life of [paid().answer(SHORT).answer(SHORT), paid().answer(SECOND).answer(GONE)]) {
      expect(life.order).toMatchObject({ cancellation: { code: 'HOLD_EXPIRED' }, call: { step: 'void' } });
      life.answer(APPROVED);
      expect(life.order).toMatchObject({ status: 'CANCELLED', payment: { at: 'VOIDED' } });
    }
  });

  test('is released under the name it was last asked for', () => {
    const life = paid().answer(SECOND);
    life.tell({ do: 'cancel', as: 'operator', reason: 'x' });
    expect(quoteOf(life.order).holdId).toBe(SECOND_HOLD);
    expect(life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER })).toMatchObject({ ok: true });
  });
});
const SECOND = { kind: 'held', expiresAtMs: 1_700_000_600_000 } as const;
