import { evictAllDurableObjects } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { act, atWork, decisionsOf, seesJob, seesOffer, stateOf, zoneAt } from './support/courier.ts';
import { doorCode, newCustomer, newOrder, placeCommand, quote, report, viewOf } from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { closeSockets, until } from './support/socket.ts';
import type { HandSocket } from './support/socket.ts';
import { must, newOpId, openStore } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import type { TestZone } from './support/courier.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  closeSockets();
});

/** A real order, placed at a store of this zone and being picked: from here on it looks for a courier. */
async function picking(zone: TestZone, store: TestStore): Promise<TestOrder> {
  const order = newOrder();
  const candidate = { ...quote(store, { TEA: 1 }), zoneId: zone.zoneId };
  must(await order.rpc.place(placeCommand(order, [candidate])));
  must(await report(store, order, 'accepted'));
  must(await report(store, order, 'claimed'));
  return order;
}
async function reaches(order: TestOrder, status: string): Promise<void> {
  await expect.poll(async () => (await viewOf(order)).status, { timeout: 10_000 }).toBe(status);
}
async function accepts(phone: HandSocket): Promise<string> {
  const { offerId, orderId } = await seesOffer(phone);
  expect(await act(phone, { do: 'acceptOffer', offerId })).toMatchObject({ ok: true });
  return orderId;
}

describe('an order, its zone and its couriers', () => {
  it('from the shelf to the door, with every object put to sleep between the steps [D6]', async () => {
    const [zone, store] = [zoneAt(), await openStore({ TEA: 5 })];
    const { courier, phone } = await atWork(zone.zoneId);
    await evictAllDurableObjects();
    const order = await picking(zone, store);
    await evictAllDurableObjects();
    expect(await accepts(phone)).toBe(order.orderId);
    await evictAllDurableObjects();
    expect((await seesJob(phone, 'TO_STORE')).details?.handoverCode).toMatch(/^\d{6}$/);
    must(await report(store, order, 'packed'));
    await reaches(order, 'ASSIGNED_TO_PARTNER');
    await evictAllDurableObjects();
    must(await report(store, order, 'handed_over'));
    await seesJob(phone, 'PICKED_UP');
    await evictAllDurableObjects();
    await act(phone, { do: 'depart', orderId: order.orderId });
    await reaches(order, 'IN_TRANSIT');
    await evictAllDurableObjects();
    const code = await doorCode(order);
    expect(await act(phone, { do: 'deliver', orderId: order.orderId, code })).toMatchObject({ ok: true });
    await reaches(order, 'CLOSED');
    expect((await decisionsOf(zone)).map(({ type }) => type)).toEqual(['dispatch.proposed']);
    expect(must(await courier.rpc.view(courier.actor)).jobs).toMatchObject([{ status: 'DELIVERED', details: null }]);
  });

  it('what a courier gives back goes to the next one, who has another code to show; the first may not look on [D9]', async () => {
    const [zone, store] = [zoneAt(), await openStore({ TEA: 5 })];
    const near = await atWork(zone.zoneId, 100);
    const far = await atWork(zone.zoneId, 900);
    const order = await picking(zone, store);
    const first = await until(() => [near, far].find(({ phone }) => (stateOf(phone)?.offers.length ?? 0) > 0));
    await accepts(first.phone);
    const known = (await seesJob(first.phone, 'TO_STORE')).details?.handoverCode;
    must(await report(store, order, 'packed'));
    await reaches(order, 'ASSIGNED_TO_PARTNER');
    const back = { do: 'giveBack', orderId: order.orderId, reason: 'BREAKDOWN' };
    expect(await act(first.phone, back)).toMatchObject({ ok: true });
    await seesJob(first.phone, 'WITHDRAWN');
    const next = first === near ? far : near;
    await accepts(next.phone);
    expect((await seesJob(next.phone, 'TO_STORE')).details?.handoverCode).not.toBe(known);
    await reaches(order, 'ASSIGNED_TO_PARTNER');
    expect((await order.rpc.view(first.courier.actor)).ok).toBe(false);
    expect((await viewOf(order)).history.map(({ status }) => status).slice(-3)).toEqual([
      'ASSIGNED_TO_PARTNER',
      'PACKED',
      'ASSIGNED_TO_PARTNER',
    ]);
  });

  it('a rejection goes to the next courier, and the order gets that one [D6]', async () => {
    const [zone, store] = [zoneAt(), await openStore({ TEA: 5 })];
    const near = await atWork(zone.zoneId, 100);
    const far = await atWork(zone.zoneId, 900);
    const order = await picking(zone, store);
    const asked = await until(() => [near, far].find(({ phone }) => (stateOf(phone)?.offers.length ?? 0) > 0));
    const { offerId } = await seesOffer(asked.phone);
    await act(asked.phone, { do: 'rejectOffer', offerId });
    const next = asked === near ? far : near;
    await accepts(next.phone);
    await seesJob(next.phone, 'TO_STORE');
    must(await report(store, order, 'packed'));
    await reaches(order, 'ASSIGNED_TO_PARTNER');
    expect(must(await order.rpc.view(next.courier.actor)).id).toBe(order.orderId);
    expect((await order.rpc.view(asked.courier.actor)).ok).toBe(false);
  });

  it('two orders and one courier: one after the other, none is lost [D2] [D6]', async () => {
    const [zone, store] = [zoneAt(), await openStore({ TEA: 5 })];
    const { phone } = await atWork(zone.zoneId);
    const orders = [await picking(zone, store), await picking(zone, store)];
    const first = await accepts(phone);
    await seesJob(phone, 'TO_STORE');
    expect(stateOf(phone)?.offers).toEqual([]);
    const order = orders.find(({ orderId }) => orderId === first);
    if (order === undefined) throw new Error('not one of ours');
    must(await report(store, order, 'packed'));
    must(await report(store, order, 'handed_over'));
    await seesJob(phone, 'PICKED_UP');
    await act(phone, { do: 'depart', orderId: first });
    await reaches(order, 'IN_TRANSIT');
    await act(phone, { do: 'deliver', orderId: first, code: await doorCode(order) });
    const second = await accepts(phone);
    expect([first, second].toSorted()).toEqual(orders.map(({ orderId }) => orderId).toSorted());
    await until(() => stateOf(phone)?.jobs.find(({ orderId, details }) => orderId === second && details !== null));
  });

  it('an order cancelled while it is offered leaves the courier free for another', async () => {
    const [zone, store] = [zoneAt(), await openStore({ TEA: 5 })];
    const { phone } = await atWork(zone.zoneId);
    const order = await picking(zone, store);
    await accepts(phone);
    await seesJob(phone, 'TO_STORE');
    const operator = { kind: 'operator', userId: newCustomer().userId } as const;
    must(await order.rpc.cancel({ v: 1, actor: operator, opId: newOpId(), reason: 'the customer called' }));
    await seesJob(phone, 'WITHDRAWN');
    const another = await picking(zone, store);
    expect(await accepts(phone)).toBe(another.orderId);
  });
});
