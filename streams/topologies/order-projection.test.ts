import { describe, expect, test } from 'vitest';
import { STATUS_EVENT } from '../../contracts/events/orders.ts';
import { ORDER_STATUSES, type OrderStatus } from '../../domain/order/transitions.ts';
import { fold } from '../../test/support/fold.ts';
import { idOf, orderEvent, orderLife, orderPlaced, type TestEvent } from '../../test/support/stream-events.ts';
import { orderProjection } from './order-projection.ts';

const ORDER = idOf('ord', 1);
const ACTOR = { kind: 'staff', id: idOf('usr', 9) };

/** An order that takes these steps after it was placed. */
function order(...steps: readonly (readonly [OrderStatus, Record<string, unknown>?])[]): TestEvent[] {
  let from: OrderStatus = 'PENDING';
  const events = steps.map(([to, more = {}], index) => {
    const data = { from, to, actor: ACTOR, ...more };
    from = to;
    return orderEvent(ORDER, index + 2, STATUS_EVENT[to], data);
  });
  return [orderPlaced(1), ...events];
}

describe('an order', () => {
  test('that goes well has a row, its lines and every step with its time [O12 E4]', () => {
    const { state, outputs } = fold(orderProjection, orderLife(1));
    expect(state).toMatchObject({
      id: ORDER,
      status: 'CLOSED',
      storeId: idOf('sto', 1),
      courierId: idOf('cou', 1),
      totalMinor: 9_900,
      finalMinor: 9_900,
      createdAt: '2026-01-31T09:31:00.000Z',
      confirmedAt: '2026-01-31T09:32:00.000Z',
      closedAt: '2026-01-31T09:40:00.000Z',
      updatedAt: '2026-01-31T09:40:00.000Z',
      cancelledAt: null,
      version: 10,
    });
    const lines = outputs?.flatMap((output) => ('line' in output ? [output.line] : []));
    expect(lines?.map(({ lineNo, totalMinor }) => [lineNo, totalMinor])).toEqual([
      [1, 6_600],
      [2, 1_400],
    ]);
    const steps = outputs?.flatMap((output) => ('step' in output ? [output.step] : []));
    expect(steps?.map(({ fromStatus, status, sequence }) => [fromStatus, status, sequence])).toEqual([
      [null, 'PENDING', 1],
      ...ORDER_STATUSES.slice(1, 10).map((status, index) => [ORDER_STATUSES[index], status, index + 2]),
    ]);
  });

  test('keeps every part of its total; an event from before a part existed has 0 there [P5]', () => {
    expect(fold(orderProjection, orderLife(1)).state).toMatchObject({ tipMinor: 0, taxMinor: 0, taxIncluded: false });
    const placed = orderPlaced(1);
    const parts = { discountMinor: 800, smallCartFeeMinor: 300, surgeFeeMinor: 200, taxMinor: 480, tipMinor: 100 };
    const [first, ...others] = placed.data['lines'] as readonly object[];
    const lines = [{ ...first, discountMinor: 800 }, ...others];
    const { state, outputs } = fold(orderProjection, [
      { ...placed, data: { ...placed.data, ...parts, taxIncluded: true, lines, totalMinor: 9_700 } },
    ]);
    expect(state).toMatchObject({ ...parts, taxIncluded: true, totalMinor: 9_700 });
    expect(outputs).toMatchObject([{ line: { discountMinor: 800 } }, { line: { discountMinor: 0 } }, {}]);
  });

  test('whose store rejects it has no store until another one takes it', () => {
    const assigned = ['ASSIGNED_TO_STORE', { storeId: idOf('sto', 1) }] as const;
    const rejected = ['CONFIRMED', { reason: 'shelf is empty' }] as const;
    expect(fold(orderProjection, order(['CONFIRMED'], assigned)).state?.storeId).toBe(idOf('sto', 1));
    expect(fold(orderProjection, order(['CONFIRMED'], assigned, rejected)).state).toMatchObject({
      status: 'CONFIRMED',
      storeId: null,
    });
    const again = ['ASSIGNED_TO_STORE', { storeId: idOf('sto', 2) }] as const;
    expect(fold(orderProjection, order(['CONFIRMED'], assigned, rejected, again)).state?.storeId).toBe(idOf('sto', 2));
  });

  test('whose courier is replaced has none in between', () => {
    const first = [['PACKED'], ['ASSIGNED_TO_PARTNER', { courierId: idOf('cou', 1) }]] as const;
    expect(fold(orderProjection, order(...first, ['PACKED', { reason: 'bike is flat' }])).state).toMatchObject({
      status: 'PACKED',
      courierId: null,
    });
  });

  test('that is cancelled says why, when, and by whom', () => {
    const { state, outputs } = fold(orderProjection, order(['CANCELLED', { reason: 'changed my mind' }], ['REFUNDED']));
    expect(state).toMatchObject({
      status: 'REFUNDED',
      cancelReason: 'changed my mind',
      cancelledAt: expect.any(String),
    });
    expect(outputs?.at(-2)).toMatchObject({
      step: { status: 'CANCELLED', reason: 'changed my mind', changedByKind: 'staff', changedById: ACTOR.id },
    });
  });

  test('whose missing article is replaced goes on as it was: only its version moves [E2]', () => {
    const about = { substitutionId: idOf('sub', 1), sku: 'MILK-1L', substituteSku: 'OAT-1L', quantity: 1 };
    const picking = fold(orderProjection, order(['CONFIRMED'], ['ASSIGNED_TO_STORE'], ['PICKING']));
    const events = [
      orderEvent(ORDER, 5, 'order.substitution_proposed', {
        ...about,
        unitPriceMinor: 900,
        expiresAt: '2026-01-31T09:40:00.000Z',
      }),
      orderEvent(ORDER, 6, 'order.substitution_approved', {
        ...about,
        settlement: 'SUBSTITUTE',
        decidedBy: 'CUSTOMER',
      }),
      orderEvent(ORDER, 7, 'order.substitution_withdrawn', { ...about, settlement: 'REFUND', reason: 'GONE' }),
    ];
    const { state, outputs } = fold(orderProjection, [
      ...order(['CONFIRMED'], ['ASSIGNED_TO_STORE'], ['PICKING']),
      ...events,
    ]);
    expect(state).toEqual({ ...picking.state, version: 7, updatedAt: state?.updatedAt });
    expect(outputs).toEqual(picking.outputs);
  });

  test('that is stuck, or late, says since when; one that goes on again is stuck no more [O10] [F4]', () => {
    const assigned = order(['CONFIRMED'], ['ASSIGNED_TO_STORE']);
    const promisedAt = '2026-01-31T09:45:00.000Z';
    const stuck = orderEvent(ORDER, 4, 'order.stuck', { step: 'capture', failures: 5, storeId: idOf('sto', 1) });
    const late = [
      orderEvent(ORDER, 5, 'order.promise_at_risk', { promisedAt, waitingFor: 'PACKED' }),
      orderEvent(ORDER, 6, 'order.promise_broken', { promisedAt }),
    ];
    const waiting = fold(orderProjection, [...assigned, stuck, ...late]);
    expect(waiting.state).toMatchObject({
      status: 'ASSIGNED_TO_STORE',
      stuckStep: 'capture',
      stuckAt: stuck.time,
      promiseAtRiskAt: late[0]?.time,
      promiseBrokenAt: late[1]?.time,
      version: 6,
    });
    expect(waiting.outputs).toEqual(fold(orderProjection, assigned).outputs);
    const free = orderEvent(ORDER, 7, 'order.unstuck', { step: 'capture' });
    expect(fold(orderProjection, [...assigned, stuck, ...late, free]).state).toMatchObject({
      stuckStep: null,
      stuckAt: null,
      promiseBrokenAt: late[1]?.time,
      version: 7,
    });
  });

  test('that waits in a line is placed, and nothing else yet [O14]', () => {
    const data = { storeId: idOf('sto', 1), place: 3, estimatedTurnAt: '2026-01-31T09:40:00.000Z' };
    const { state, outputs } = fold(orderProjection, [...order(), orderEvent(ORDER, 2, 'order.queued', data)]);
    const { state: before, outputs: told } = fold(orderProjection, order());
    expect(state).toEqual({ ...before, version: 2, updatedAt: state?.updatedAt });
    expect(outputs).toEqual(told);
  });

  test('keeps the time of every status it can reach', () => {
    for (const status of ORDER_STATUSES.slice(1)) {
      const before = fold(orderProjection, order()).state;
      const after = fold(orderProjection, order([status])).state;
      const set = Object.entries(after ?? {}).filter(([column, value]) => {
        return column.endsWith('At') && column !== 'updatedAt' && value !== Reflect.get(before ?? {}, column);
      });
      expect(set).toHaveLength(1);
    }
  });

  test('cannot begin in the middle, nor twice [E3]', () => {
    expect(fold(orderProjection, orderLife(1).slice(1)).refusal).toMatchObject({ code: 'NO_ORDER' });
    expect(fold(orderProjection, [orderPlaced(1), orderPlaced(1)]).refusal).toMatchObject({ code: 'PLACED_TWICE' });
  });
});
