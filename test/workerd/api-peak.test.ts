import { beforeAll, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { AvailabilityView } from '../../contracts/http/holds.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { ProblemBody } from '../../contracts/http/problem.ts';
import { LoadView } from '../../contracts/http/store-load.ts';
import { TrackingFrame } from '../../contracts/ws/tracking.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import { bearer, bodyOf, call, DOOR, openShop, OPERATOR_BEARER, publishNetwork } from './support/api.ts';
import {
  eventually,
  logOf,
  newCustomer,
  orderAt,
  orderEvents,
  paymentEvents,
  providerOf,
  viewOf,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { audit, levelOf, rowsOf } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const OPERATOR = { authorization: OPERATOR_BEARER };
const ALWAYS_PAUSED = { throttleAtSeconds: 1, pauseAtSeconds: 2 };
const USUAL = { throttleAtSeconds: 900, pauseAtSeconds: 1_800 };

let store: TestStore;
beforeAll(async () => {
  store = await openShop({ ASSAM: 50 });
  await publishNetwork(1, [{ storeId: store.storeId, metresSouth: 300 }]);
});

function put(path: string, body: unknown): Promise<Response> {
  return call(`/api/v1/stores/${store.storeId}/${path}`, { method: 'PUT', body, headers: OPERATOR });
}
/** The load pauses it: the floor is slower than its policy allows. The isolate's copy has heard of it. */
async function fallBehind(): Promise<void> {
  await put('service-policy', ALWAYS_PAUSED);
  const load = await call(`/api/v1/stores/${store.storeId}/load`, { headers: OPERATOR });
  expect((await bodyOf(LoadView, load)).service).toMatchObject({ state: 'paused', reason: null });
  await vi.waitFor(async () => {
    const path = `/api/v1/stores/${store.storeId}/availability?skus=ASSAM`;
    expect((await bodyOf(AvailabilityView, await call(path))).open).toBe(false);
  });
}
/** Somebody says so, because a pause by load lasts two minutes at least. */
async function open(): Promise<void> {
  await put('service-policy', USUAL);
  expect((await put('service-state', { state: 'open', reason: 'OTHER' })).status).toBe(200);
}
async function place(customer: TestOrder['customer'], more: object): Promise<Response> {
  const body = {
    deliverTo: DOOR,
    lines: [{ sku: 'ASSAM', quantity: 1 }],
    payment: { method: 'sandbox', token: 'tok_approve' },
    ...more,
  };
  const headers = { ...(await bearer(customer)), 'idempotency-key': `peak-${customer.userId}` };
  return call('/api/v1/orders', { method: 'POST', body, headers });
}
/** An order that waits: its customer, and what it was answered. */
async function wait(): Promise<{ order: TestOrder; view: OrderView }> {
  const customer = newCustomer();
  const response = await place(customer, { mayWait: true });
  expect(response.status).toBe(201);
  const view = await bodyOf(OrderView, response);
  return { order: orderAt(asOrderId(view.id), customer), view };
}

describe('at a peak [O14]', () => {
  test('orders that may wait stand in line, move up when one leaves, and are charged after their turn alone', async () => {
    await fallBehind();
    const impatient = await place(newCustomer(), {});
    expect(impatient.status).toBe(409);
    expect(v.parse(ProblemBody, await impatient.json())).toMatchObject({ code: 'STORE_CLOSED' });

    const [first, second, third] = [await wait(), await wait(), await wait()];
    const all = [first, second, third];
    expect(all.map(({ view }) => view.queue?.place)).toEqual([1, 2, 3]);
    for (const { order, view } of all) {
      expect(view).toMatchObject({ status: 'PENDING', payment: { status: 'PENDING' } });
      const { estimatedTurnAt = '', until = '' } = view.queue ?? {};
      expect(Date.parse(estimatedTurnAt)).toBeGreaterThan(Date.now());
      expect(Date.parse(until)).toBe(Date.parse(view.placedAt) + 20 * 60_000);
      expect(Date.parse(view.promisedAt ?? '')).toBeGreaterThan(Date.parse(estimatedTurnAt));
      expect(await providerOf(order).find(order.orderId)).toBeNull();
      expect((await orderEvents(order)).map(({ type }) => type)).toEqual(['order.placed', 'order.queued']);
    }
    expect(await levelOf(store, 'ASSAM')).toMatchObject({ available: 50, held: 0 });
    // The same key is the same order, at the same place.
    const again = await place(first.order.customer, { mayWait: true });
    expect(again.headers.get('idempotent-replayed')).toBe('true');

    const headers = await bearer(second.order.customer);
    const path = `/api/v1/orders/${second.order.orderId}/cancel`;
    const left = await call(path, { method: 'PUT', headers, body: { reason: 'too long' } });
    expect(await bodyOf(OrderView, left)).toMatchObject({ status: 'CANCELLED' });
    const updates = await third.order.rpc.awaitUpdates(third.order.customer, 2, 9_000);
    const frames = updates.ok ? updates.value.frames.map((frame) => v.parse(TrackingFrame, frame)) : [];
    expect(frames.find(({ t }) => t === 'delta')).toMatchObject({ seq: 3, delta: { queue: { place: 2 } } });
    expect((await viewOf(first.order)).queue?.place).toBe(1);

    await open();
    for (const { order } of [first, third]) {
      await eventually(async () => (await viewOf(order)).payment.status === 'AUTHORIZED');
      expect((await viewOf(order)).queue).toBeUndefined();
      const log = await logOf(order);
      expect(log.indexOf('line.turn_came')).toBeLessThan(log.indexOf('stock.held'));
      expect(log.indexOf('stock.held')).toBeLessThan(log.indexOf('payment.authorized'));
      expect((await providerOf(order).find(order.orderId))?.status).toBe('AUTHORIZED');
      expect((await orderEvents(order)).filter(({ type }) => type === 'order.placed')).toHaveLength(1);
    }
    const called = await rowsOf<{ id: string }>(
      store,
      "SELECT body ->> '$.id' AS id FROM outbox WHERE body ->> '$.method' = 'moveInLine' AND body ->> '$.command.standing' IS NULL ORDER BY seq",
    );
    expect(called.map(({ id }) => id)).toEqual([first.order.orderId, third.order.orderId]);
    expect(await providerOf(second.order).find(second.order.orderId)).toBeNull();
    expect(await paymentEvents(second.order)).toEqual([]);
    expect(await rowsOf(store, 'SELECT order_id FROM waiting_orders')).toEqual([]);
    await eventually(async () => (await levelOf(store, 'ASSAM'))['allocated'] === 2);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  }, 30_000);
});
