import { describe, expect, test } from 'vitest';
import { APPROVED, APPROVED_COD, COURIER, OrderLife, OTHER_COURIER } from '../../test/support/order-life.ts';
import { DELIVERY_CODE_TRIES } from './decide.ts';
import { servingStore } from './order.ts';
import type { OrderState } from './order.ts';
import { conclude } from './outcome.ts';
import { asOpId, asSku } from '../shared/ids.ts';
import { CALLS, nextLookMs, nextStep, SAGA } from './saga.ts';

const HELD = { kind: 'held', expiresAtMs: 1_700_000_600_000 } as const;
const SHORT = {
  kind: 'refused',
  code: 'INSUFFICIENT_STOCK',
  shortages: [{ sku: asSku('MILK-1L'), requested: 3, available: 1 }],
} as const;
const LOST_WIRE = { kind: 'unknown', error: 'network connection lost' } as const;

/** Everything on the way from ASSIGNED_TO_STORE to the rider. */
function ride(life: OrderLife): OrderLife {
  life.tell({ do: 'report_pick', step: 'accepted' });
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  life.tell({ do: 'report_pick', step: 'packed' });
  life.tell({ do: 'report_pick', step: 'handed_over' });
  life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER });
  return life;
}

function deliver(life: OrderLife, code = '4321', collectedMinor?: number) {
  return life.tell({ do: 'prove_delivery', courierId: COURIER, code, collectedMinor });
}

describe('the happy way', () => {
  test('goes through every status in order, and the log says who and when [O4] [O7]', () => {
    const life = ride(new OrderLife().assign());
    life.answer(APPROVED);
    expect(deliver(life)).toEqual({ ok: true, value: null });
    expect(life.path).toBe(
      'PENDING CONFIRMED ASSIGNED_TO_STORE PICKING PACKED ASSIGNED_TO_PARTNER PICKED_UP IN_TRANSIT DELIVERED CLOSED',
    );
    expect(life.order.steps.every(({ by, atMs }) => by.id !== '' && atMs > 0)).toBe(true);
    expect(nextStep(life.order)).toBeNull();
  });

  test('asks hold, pay and commit one after the other, each recorded before it is made [O10]', () => {
    const life = new OrderLife();
    expect(life.order.call).toMatchObject({ step: 'hold', opId: 'ord_00000000000000000000000001:hold:0' });
    life.answer(HELD);
    expect(life.order.call).toMatchObject({ step: 'pay', opId: 'ord_00000000000000000000000001:pay' });
    life.answer(APPROVED);
    expect(life.order.call).toMatchObject({ step: 'commit', opId: 'ord_00000000000000000000000001:commit:0' });
    expect(life.path).toBe('PENDING');
    life.answer({ kind: 'committed' });
    expect(life.path).toBe('PENDING CONFIRMED ASSIGNED_TO_STORE');
    expect(life.order.call).toBeNull();
  });

  test('waits at PACKED for a courier when the bags are faster', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_pick', step: 'packed' });
    expect(life.order.status).toBe('PACKED');
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    expect(life.order.status).toBe('ASSIGNED_TO_PARTNER');
  });

  test('captures what was packed, not what was reserved [Y4]', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    const picked = [
      { sku: asSku('MILK-1L'), quantity: 2 },
      { sku: asSku('EGGS-6'), quantity: 9 },
    ];
    life.tell({ do: 'report_pick', step: 'packed', picked });
    expect(life.order.packed).toMatchObject({ finalMinor: 2 * 1000 + 2500 + 500 });
    expect(life.order.call?.step).toBe('capture');
  });

  test('closes only when the money is there too', () => {
    const life = ride(new OrderLife().assign());
    deliver(life);
    expect(life.order.status).toBe('DELIVERED');
    life.answer({ ...APPROVED });
    expect(life.order.status).toBe('CLOSED');
  });
});

describe('an answer', () => {
  test('to a call that is not the open one changes nothing', () => {
    const life = new OrderLife().answer(HELD);
    const late = conclude(life.order, asOpId('ord_00000000000000000000000001:hold:0'), HELD, {
      nowMs: life.nowMs,
      jitter: 0,
    });
    expect(late).toEqual([]);
  });

  test('that captures less than is owed does not close the order', () => {
    const life = ride(new OrderLife().assign());
    deliver(life);
    life.answer({ ...APPROVED, amountMinor: 5999 });
    expect(life.order).toMatchObject({ status: 'DELIVERED', payment: { at: 'CAPTURED', amountMinor: 5999 } });
  });
});

describe('a store that cannot serve', () => {
  test('passes the order to the next candidate, and its quote counts from then on', () => {
    const life = new OrderLife().answer(SHORT);
    expect(life.order.call).toMatchObject({ step: 'hold', opId: 'ord_00000000000000000000000001:hold:1' });
    life.answer(HELD);
    expect(servingStore(life.order)?.storeName).toBe('Store 2');
  });

  test('leaves a refusal that names what is short when it was the last one [O9]', () => {
    const life = new OrderLife().answer(SHORT).answer({ kind: 'refused', code: 'STORE_CLOSED', shortages: [] });
    expect(life.order.cancellation?.code).toBe('INSUFFICIENT_STOCK');
    expect(life.order.passedOver[0]?.shortages).toEqual(SHORT.shortages);
    expect(life.path).toBe('PENDING CANCELLED');
    expect(life.order.call).toBeNull();
  });

  test('is asked three times with growing waits when it does not answer, then passed over [X4]', () => {
    const life = new OrderLife().answer(LOST_WIRE);
    expect(life.order.call).toMatchObject({ failures: 1, retryAtMs: life.nowMs + 1000 });
    life.answer(LOST_WIRE);
    expect(life.order.call).toMatchObject({ failures: 2, retryAtMs: life.nowMs + 2000 });
    life.answer(LOST_WIRE);
    expect(life.order.passedOver).toEqual([{ code: 'UNAVAILABLE', shortages: [] }]);
    expect(life.order.call?.opId).toBe('ord_00000000000000000000000001:hold:1');
  });

  test('is never given up once the commit may be there', () => {
    const life = new OrderLife().answer(HELD).answer(APPROVED);
    for (let tries = 0; tries < 50; tries += 1) life.answer(LOST_WIRE);
    expect(life.order).toMatchObject({ status: 'PENDING', call: { step: 'commit', failures: 50 } });
    expect((life.order.call?.retryAtMs ?? 0) - life.nowMs).toBe(60_000);
    life.answer({ kind: 'committed' });
    expect(life.order.status).toBe('ASSIGNED_TO_STORE');
  });

  test('whose floor reports before the commit was answered has committed', () => {
    const life = new OrderLife().answer(HELD).answer(APPROVED);
    expect(life.tell({ do: 'report_pick', step: 'accepted' }).ok).toBe(true);
    expect(life.path).toBe('PENDING CONFIRMED ASSIGNED_TO_STORE');
    expect(life.order).toMatchObject({ storeAccepted: true, call: null, stock: { at: 'ALLOCATED' } });
  });
});

describe('money before the commit', () => {
  test('declined: the hold is released and nothing is owed', () => {
    const life = new OrderLife().answer(HELD).answer({ kind: 'declined', reason: 'no funds' });
    expect(life.order).toMatchObject({
      status: 'CANCELLED',
      cancellation: { code: 'PAYMENT_DECLINED' },
      stock: { at: 'LET_GO' },
      call: null,
    });
  });

  test('pending: the order waits, asks now and then, and moves when a notice comes', () => {
    const life = new OrderLife().answer(HELD).answer({ kind: 'pending', providerRef: 'psp_1' });
    expect(life.order.call).toBeNull();
    expect(nextLookMs(life.order, life.nowMs)).toBe(life.nowMs + 3000);
    life.wait(2000);
    expect(life.order.call).toBeNull();
    life.tell({ do: 'note_payment' });
    expect(life.order.call).toMatchObject({ step: 'inquire' });
    life.answer(APPROVED);
    expect(life.order.call).toMatchObject({ step: 'commit' });
  });

  test('pending for longer than the hold lasts: cancelled, voided, released', () => {
    const life = new OrderLife().answer(HELD).answer({ kind: 'pending', providerRef: 'psp_1' });
    life.wait(600_000);
    expect(life.order).toMatchObject({ cancellation: { code: 'PAYMENT_TIMEOUT' }, call: { step: 'void' } });
    life.answer(APPROVED);
    expect(life.order.payment).toEqual({ at: 'VOIDED' });
  });

  test('a notice that comes twice, late or after the end changes nothing [Y5]', () => {
    const life = new OrderLife().assign();
    const entries = life.log.length;
    for (let times = 0; times < 5; times += 1) life.tell({ do: 'note_payment' });
    expect(life.log.length).toBe(entries);
  });

  test('a provider that stays away is given up after three tries and voided, because money may be reserved', () => {
    const life = new OrderLife().answer(HELD).answer(LOST_WIRE).answer(LOST_WIRE).answer(LOST_WIRE);
    expect(life.order).toMatchObject({ cancellation: { code: 'UNAVAILABLE' }, call: { step: 'void' } });
    for (let tries = 0; tries < 20; tries += 1) life.answer(LOST_WIRE);
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ status: 'CANCELLED', payment: { at: 'VOIDED' } });
  });

  test('approved, but the hold was gone: voided, never confirmed', () => {
    const life = new OrderLife().answer(HELD).answer(APPROVED);
    life.answer({ kind: 'refused', code: 'HOLD_EXPIRED', shortages: [] });
    expect(life.order).toMatchObject({ cancellation: { code: 'HOLD_EXPIRED' }, call: { step: 'void' } });
    expect(life.path).toBe('PENDING CANCELLED');
  });
});

describe('cancelling', () => {
  test.each(['hold', 'pay', 'commit'] as const)(
    'while %s is under way waits for its outcome, then undoes it [O9]',
    (step) => {
      const life = new OrderLife();
      if (step !== 'hold') life.answer(HELD);
      if (step === 'commit') life.answer(APPROVED);
      expect(life.order.call?.step).toBe(step);
      expect(life.tell({ do: 'cancel', as: 'customer', reason: 'changed my mind' }).ok).toBe(true);
      if (step === 'hold') life.answer(HELD);
      if (step === 'pay') life.answer(APPROVED);
      if (step === 'commit') life.answer({ kind: 'committed' });
      if (step !== 'hold') life.answer(APPROVED);
      expect(life.order).toMatchObject({ status: 'CANCELLED', stock: { at: 'LET_GO' }, call: null });
      expect(life.order.payment.at).toBe(step === 'hold' ? 'NONE' : 'VOIDED');
    },
  );

  test('a call that nobody has seen is dropped, and its undo goes out all the same', () => {
    const hold = new OrderLife();
    hold.tell({ do: 'cancel', as: 'customer', reason: 'x' });
    hold.answer({ kind: 'never_seen' });
    expect(hold.order.call).toBeNull();
    const commit = new OrderLife().answer(HELD).answer(APPROVED);
    commit.tell({ do: 'cancel', as: 'customer', reason: 'x' });
    commit.answer({ kind: 'never_seen' });
    const letGo = commit.log.find(({ event }) => event.type === 'stock.let_go')?.event;
    expect(letGo).toEqual({ type: 'stock.let_go', how: ['release', 'cancelPick'] });
    expect(commit.order.call?.step).toBe('void');
  });

  test('is the customer’s until picking starts, an operator’s until pick-up [O9]', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    expect(life.tell({ do: 'cancel', as: 'customer', reason: 'late' })).toEqual({
      ok: false,
      error: { code: 'ORDER_NOT_CANCELLABLE', status: 'PICKING' },
    });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    life.tell({ do: 'report_pick', step: 'packed' });
    life.answer(APPROVED);
    expect(life.tell({ do: 'cancel', as: 'operator', reason: 'recall' }).ok).toBe(true);
    expect(life.order).toMatchObject({
      stock: { at: 'LET_GO' },
      courier: { at: 'RELEASED' },
      call: { step: 'refund' },
    });
    life.answer(APPROVED);
    expect(life.path.endsWith('ASSIGNED_TO_PARTNER CANCELLED REFUNDED')).toBe(true);
  });

  test('is refused to everyone between pick-up and departure, and once it is over', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'cancel', as: 'customer', reason: 'x' });
    expect(life.tell({ do: 'cancel', as: 'operator', reason: 'y' }).ok).toBe(false);
  });

  test('after a failed delivery refunds and leaves the stock to a receipt', () => {
    const life = ride(new OrderLife().assign()).answer(APPROVED);
    life.tell({ do: 'cancel', as: 'operator', reason: 'nobody there' });
    expect(life.order).toMatchObject({ cancellation: { code: 'DELIVERY_FAILED' }, stock: { at: 'ALLOCATED' } });
    life.answer(APPROVED);
    expect(life.order.status).toBe('REFUNDED');
  });

  test('by itself, when nothing of the order was on the shelf', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_pick', step: 'packed', picked: [] });
    expect(life.order).toMatchObject({ cancellation: { code: 'NOTHING_PICKED' }, call: { step: 'void' } });
  });
});

describe('couriers', () => {
  test('one gets the order, another is sent home, and the first may say it twice', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    for (const courierId of [COURIER, COURIER, OTHER_COURIER]) {
      expect(life.tell({ do: 'report_courier', step: 'accepted', courierId }).ok).toBe(true);
    }
    expect(life.order.courier).toMatchObject({ at: 'ACCEPTED', courierId: COURIER });
    expect(life.log.filter(({ event }) => event.type === 'courier.accepted')).toHaveLength(1);
    expect(life.log.at(-1)?.event).toEqual({ type: 'courier.turned_away', courierId: OTHER_COURIER });
  });

  test('who accept after the order was cancelled are sent home', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'cancel', as: 'operator', reason: 'x' });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    expect(life.log.at(-1)?.event).toEqual({ type: 'courier.turned_away', courierId: COURIER });
  });

  test('may not depart or deliver what is another’s', () => {
    const life = ride(new OrderLife().assign());
    const refusal = { ok: false, error: { code: 'NOT_ASSIGNED' } };
    expect(life.tell({ do: 'report_courier', step: 'departed', courierId: OTHER_COURIER })).toEqual(refusal);
    expect(life.tell({ do: 'prove_delivery', courierId: OTHER_COURIER, code: '4321' })).toEqual(refusal);
  });
});

describe('proof of delivery', () => {
  test('takes the right code, and five wrong ones lock it for good', () => {
    const life = ride(new OrderLife().assign());
    for (let triesLeft = DELIVERY_CODE_TRIES - 1; triesLeft >= 0; triesLeft -= 1) {
      expect(deliver(life, '0000')).toEqual({ ok: false, error: { code: 'DELIVERY_CODE_WRONG', triesLeft } });
    }
    expect(deliver(life)).toEqual({ ok: false, error: { code: 'DELIVERY_CODE_LOCKED', tries: DELIVERY_CODE_TRIES } });
    expect(life.order.status).toBe('IN_TRANSIT');
  });

  test('is taken before the report of the departure has arrived, which then changes nothing', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    life.tell({ do: 'report_pick', step: 'packed' });
    life.tell({ do: 'report_pick', step: 'handed_over' });
    expect(deliver(life).ok).toBe(true);
    expect(life.path.endsWith('PICKED_UP IN_TRANSIT DELIVERED')).toBe(true);
    const entries = life.log.length;
    expect(life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER }).ok).toBe(true);
    expect(life.log.length).toBe(entries);
  });

  test('is not asked for before pick-up', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    expect(deliver(life)).toEqual({
      ok: false,
      error: { code: 'ILLEGAL_TRANSITION', from: 'PICKING', to: 'DELIVERED' },
    });
  });

  test('collects cash to the last unit, and closes with it [Y8]', () => {
    const life = ride(new OrderLife({ method: 'cod', token: '' }).assign(APPROVED_COD));
    expect(life.order.call).toBeNull();
    expect(deliver(life, '4321', 5900)).toEqual({ ok: false, error: { code: 'CASH_MISCOUNTED', dueMinor: 6000 } });
    expect(deliver(life, '4321', 6000).ok).toBe(true);
    expect(life.order).toMatchObject({ status: 'DELIVERED', call: { step: 'capture' } });
    life.answer(APPROVED);
    expect(life.order.status).toBe('CLOSED');
  });
});

test('an illegal report is refused and names both ends [O3]', () => {
  const life = new OrderLife().assign();
  expect(life.tell({ do: 'report_pick', step: 'packed' })).toEqual({
    ok: false,
    error: { code: 'ILLEGAL_TRANSITION', from: 'ASSIGNED_TO_STORE', to: 'PACKED' },
  });
  expect(life.tell({ do: 'report_pick', step: 'handed_over' })).toEqual({
    ok: false,
    error: { code: 'ILLEGAL_TRANSITION', from: 'ASSIGNED_TO_STORE', to: 'PICKED_UP' },
  });
});

/** What each step of the saga would take back now, were the order cancelled. */
function undoing(state: OrderState) {
  return SAGA.flatMap(({ name, undo }) => {
    const event = undo(state);
    return event === null ? [] : [[name, event] as const];
  });
}

test('the saga has an undo for every step that leaves something, and a limit or a reason for every call [O10]', () => {
  expect(SAGA.map(({ name }) => name)).toEqual(['place', 'hold', 'pay', 'commit', 'fulfil', 'dispatch', 'deliver']);
  const held = new OrderLife().answer(HELD);
  expect(undoing({ ...held.order, call: null })).toEqual([['hold', { type: 'stock.let_go', how: ['release'] }]]);
  const packed = new OrderLife().assign();
  packed.tell({ do: 'report_pick', step: 'claimed' });
  const atWork = [
    ['commit', { type: 'stock.let_go', how: ['cancelPick'] }],
    ['dispatch', { type: 'courier.released' }],
  ];
  expect(undoing(packed.order).filter(([name]) => name !== 'pay')).toEqual(atWork);
  expect(undoing(packed.order)).toContainEqual(['pay', expect.objectContaining({ step: 'void' })]);
  packed.tell({ do: 'report_pick', step: 'packed' });
  // The capture is under way: its answer decides between a void and a refund.
  expect(undoing(packed.order)).toEqual(atWork);
  packed.answer(APPROVED);
  expect(undoing(packed.order)).toContainEqual([
    'pay',
    expect.objectContaining({ type: 'refund.requested', amountMinor: 6000 }),
  ]);
  expect(
    Object.entries(CALLS)
      .filter(([, { tries }]) => tries !== null)
      .map(([name]) => name),
  ).toEqual(['hold', 'join', 'pay']);
});
