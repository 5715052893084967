import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrderView } from '../../contracts/http/orders.ts';
import { storeToDoorMs } from '../../domain/promise/ride.ts';
import {
  eventually,
  messagesOf,
  muteRefusingCouriers,
  newOrder,
  orderEvents,
  paymentEvents,
  placeAt,
  placeCommand,
  providerOf,
  quote,
  reaches,
  viewOf,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { closeSockets } from './support/socket.ts';
import { audit, levelOf, must, openStore, rowsOf } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { claim, done, scan, tablet } from './support/tablet.ts';

beforeEach(muteRefusingCouriers);
afterEach(() => {
  vi.restoreAllMocks();
  closeSockets();
});

/** Orders two TEA that any of the stores could serve, best first; dearer by the stores' place in the row. */
async function orderAt(stores: readonly TestStore[]): Promise<{ order: TestOrder; view: OrderView }> {
  const order = newOrder();
  const candidates = stores.map((store, i) => {
    const offer = quote(store, { TEA: 2 });
    return { ...offer, deliveryFeeMinor: 500 + 300 * i, totalMinor: offer.totalMinor + 300 * i };
  });
  return { order, view: must(await order.rpc.place(placeCommand(order, candidates))).order };
}
async function reject(store: TestStore, { orderId }: TestOrder, reason = 'TOO_BUSY'): Promise<void> {
  await done(await tablet(store), { do: 'reject', taskId: orderId, reason });
}

describe('a store that sends an order back [F7] [O6]', () => {
  it('has its units for sale again, and the next store picks it at the agreed price', async () => {
    const [near, far] = [await openStore({ TEA: 5 }), await openStore({ TEA: 5 })];
    const { order, view } = await orderAt([near, far]);
    expect(view).toMatchObject({ storeId: near.storeId, totals: { total: { amount: 2500 } } });
    await done(await tablet(near), { do: 'accept', taskId: order.orderId });
    await reject(near, order);
    await eventually(async () => (await viewOf(order)).storeId === far.storeId);
    expect(await viewOf(order)).toMatchObject({
      status: 'ASSIGNED_TO_STORE',
      aliases: { marketplace: 'PENDING' },
      promisedAt: view.promisedAt,
      totals: { deliveryFee: { amount: 500 }, total: { amount: 2500 } },
      payment: { status: 'AUTHORIZED' },
    });
    expect((await viewOf(order)).history.map(({ status, reason }) => [status, reason])).toEqual([
      ['PENDING', undefined],
      ['CONFIRMED', undefined],
      ['ASSIGNED_TO_STORE', undefined],
      ['CONFIRMED', 'TOO_BUSY'],
      ['ASSIGNED_TO_STORE', undefined],
    ]);
    expect(await levelOf(near, 'TEA')).toMatchObject({ available: 5, allocated: 0, held: 0 });
    expect(await levelOf(far, 'TEA')).toMatchObject({ available: 3, allocated: 2, held: 0 });
    expect((await orderEvents(order)).map(({ type }) => type)).toEqual([
      'order.placed',
      'order.confirmed',
      'order.assigned_to_store',
      'order.rerouted',
      'order.assigned_to_store',
    ]);

    const socket = await tablet(far);
    await claim(socket, order.orderId);
    await done(socket, scan(order.orderId, 'TEA', 2));
    await done(socket, { do: 'pack', taskId: order.orderId, bags: 1 });
    await reaches(order, 'PACKED');
    await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'CAPTURED');
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ authorizedMinor: 2500, capturedMinor: 2500 });
    for (const store of [near, far]) expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('and is the last that could: the order is cancelled and the money let go', async () => {
    const [near, far] = [await openStore({ TEA: 5 }), await openStore({ TEA: 5 })];
    const { order } = await orderAt([near, far]);
    await reject(near, order, 'STORE_CLOSING');
    await eventually(async () => (await viewOf(order)).storeId === far.storeId);
    await reject(far, order);
    await reaches(order, 'CANCELLED');
    await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'VOIDED');
    expect((await orderEvents(order)).at(-1)).toMatchObject({
      type: 'order.cancelled',
      data: { reason: 'STORE_REJECTED' },
    });
    expect((await paymentEvents(order)).at(-1)).toMatchObject({ type: 'payment.voided', data: { amountMinor: 2500 } });
    for (const store of [near, far]) {
      expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, allocated: 0, held: 0 });
    }
  });

  it('because an item is not there sells that item to nobody until it is counted', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await orderAt([store]);
    const socket = await tablet(store);
    await done(socket, { do: 'reject', taskId: order.orderId, reason: 'ITEM_UNAVAILABLE', notThere: ['TEA'] });
    await reaches(order, 'CANCELLED');
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 0, allocated: 0 });
    expect(await rowsOf(store, 'SELECT sku, reason FROM count_tasks')).toEqual([{ sku: 'TEA', reason: 'NOT_FOUND' }]);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });
});

describe('an order of which nothing is there', () => {
  it('is cancelled, charged nothing, and no courier comes for an empty bag', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await tablet(store);
    await claim(socket, order.orderId);
    await done(socket, { do: 'short', taskId: order.orderId, sku: 'TEA', quantity: 2, reason: 'NOT_FOUND' });
    await done(socket, { do: 'pack', taskId: order.orderId, bags: [] });
    await reaches(order, 'CANCELLED');
    await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'VOIDED');
    expect((await orderEvents(order)).at(-1)).toMatchObject({ data: { reason: 'NOTHING_PICKED' } });
    const told = (await messagesOf(order)).map(({ what }) => what);
    expect(told).toContain('zone withdraw');
    expect(told).not.toContain('zone announceReady');
    await eventually(async () => {
      const [task] = await rowsOf<{ status: string }>(store, 'SELECT status FROM pick_tasks');
      return task?.status === 'CANCELLED';
    });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });
});

it('a store knows how long the ride takes that its bags must be ready for [F9]', async () => {
  const store = await openStore({ TEA: 5 });
  await orderAt([store]);
  expect(await rowsOf(store, 'SELECT to_door_ms AS ms FROM pick_tasks')).toEqual([{ ms: storeToDoorMs(800) }]);
});
