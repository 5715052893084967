import { evictDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import { by, must, newCourierId, newUserId, openStore, OPERATOR } from './support/store.ts';
import {
  doorCode,
  muteRefusingCouriers,
  newCustomer,
  newOrder,
  placeAt,
  prove,
  reaches,
  report,
  reportCourier,
  ride,
  viewOf,
  ZONE,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { openSocket, until, upgradeRequest } from './support/socket.ts';
import type { HandSocket } from './support/socket.ts';

beforeEach(muteRefusingCouriers);

function watch(order: TestOrder, after: number | null = null, actor: Actor = order.customer): Promise<HandSocket> {
  return openSocket(order.stub, upgradeRequest(actor, { after }));
}

/** The numbered frames of a socket as `<seq> <status>`. */
function steps({ frames }: HandSocket): string[] {
  return frames
    .filter(({ t }) => t === 'delta')
    .map(({ seq, delta }) => `${String(seq)} ${(delta as { status: string }).status}`);
}

const LIFE = [
  '4 PICKING',
  '5 PACKED',
  '6 ASSIGNED_TO_PARTNER',
  '7 PICKED_UP',
  '8 IN_TRANSIT',
  '9 DELIVERED',
  '10 CLOSED',
];

describe('watching an order', () => {
  it('gives the order as it is, then every step, numbered, with an ETA until it is there [T2] [T4]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order);
    const snapshot = await until(() => socket.frames[0]);
    expect(snapshot).toMatchObject({
      t: 'snapshot',
      v: 1,
      seq: 3,
      state: { orderId: order.orderId, status: 'ASSIGNED_TO_STORE', courier: null },
    });
    const courierId = await ride(store, order);
    must(await prove(order, courierId, await doorCode(order)));
    await until(() => (steps(socket).length === LIFE.length ? true : undefined));
    expect(steps(socket)).toEqual(LIFE);
    const etas = socket.frames.flatMap(({ t, delta }) =>
      t === 'delta' ? [(delta as { eta: string | null }).eta] : [],
    );
    expect(etas.slice(0, 5).every((eta) => Date.parse(eta ?? '') > Date.now())).toBe(true);
    expect(etas.slice(5)).toEqual([null, null]);
    const { history } = await viewOf(order);
    expect(steps(socket)).toEqual(history.slice(3).map(({ seq, status }) => `${seq} ${status}`));
  });

  it('resumes with exactly the steps that were missed, in order, once, whatever happened between [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const first = await watch(order);
    must(await report(store, order, 'claimed'));
    await until(() => (steps(first).length === 1 ? true : undefined));
    first.close();
    must(await reportCourier(order, newCourierId(), 'accepted'));
    must(await report(store, order, 'packed'));
    await evictDurableObject(order.stub);
    for (const after of [0, 3, 4, 5, 6]) {
      const socket = await watch(order, after);
      const missed = (await viewOf(order)).history.slice(after).map(({ seq, status }) => `${seq} ${status}`);
      await until(() => (steps(socket).length >= missed.length ? true : undefined));
      expect(steps(socket)).toEqual(missed);
      expect(socket.frames.every(({ t }) => t === 'delta')).toBe(true);
    }
  });

  it('misses and doubles nothing when the object is evicted under the socket [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order, 3);
    must(await report(store, order, 'claimed'));
    await evictDurableObject(order.stub);
    must(await report(store, order, 'packed'));
    await evictDurableObject(order.stub);
    must(await reportCourier(order, newCourierId(), 'accepted'));
    await until(() => (steps(socket).length >= 3 ? true : undefined));
    expect(steps(socket)).toEqual(LIFE.slice(0, 3));
  });

  it('starts anew with the whole when asked to resume from a number that never was', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order, 99);
    expect(await until(() => socket.frames[0])).toMatchObject({ t: 'snapshot', seq: 3 });
  });

  it('shows the courier from pick-up to the door only, the newest position, and none as a row [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = newCourierId();
    const socket = await watch(order);
    function moved(lat: number, atMs: number, who = courierId): Promise<void> {
      return order.rpc.courierMoved({ courierId: who, lat, lng: 77.64, atMs });
    }
    must(await report(store, order, 'claimed'));
    must(await reportCourier(order, courierId, 'accepted'));
    await moved(12.9, 1000);
    must(await report(store, order, 'packed'));
    expect(must(await order.rpc.tracking(order.customer)).courier).toBeNull();
    must(await report(store, order, 'handed_over'));
    await moved(12.95, 3000);
    await moved(12.91, 2000);
    await moved(12.99, 4000, newCourierId());
    expect(must(await order.rpc.tracking(order.customer))).toMatchObject({
      courier: { lat: 12.95, lng: 77.64, at: '1970-01-01T00:00:03.000Z' },
    });
    must(await reportCourier(order, courierId, 'departed'));
    must(await prove(order, courierId, await doorCode(order)));
    await moved(12.96, 5000);
    await reaches(order, 'CLOSED');
    expect(must(await order.rpc.tracking(order.customer))).toMatchObject({ courier: null, eta: null });
    await until(() => (steps(socket).at(-1) === '10 CLOSED' ? true : undefined));
    const positions = socket.frames.filter(({ t }) => t === 'position');
    expect(positions).toEqual([{ t: 'position', lat: 12.95, lng: 77.64, at: '1970-01-01T00:00:03.000Z' }]);
  });

  it('re-estimates from where the courier is [T4]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const far = Date.parse(must(await order.rpc.tracking(order.customer)).eta ?? '');
    await order.rpc.courierMoved({ courierId, lat: 12.9783, lng: 77.6408, atMs: Date.now() });
    const near = Date.parse(must(await order.rpc.tracking(order.customer)).eta ?? '');
    expect(near).toBeLessThan(far - 60_000);
  });

  it('is for those who may see it, with a ticket that is good once; and nothing is watched that was never placed', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const ticket = { ticketId: 'ticket-once' };
    expect((await order.stub.fetch(upgradeRequest(order.customer, ticket))).status).toBe(101);
    expect((await order.stub.fetch(upgradeRequest(order.customer, ticket))).status).toBe(401);
    expect((await order.stub.fetch(upgradeRequest(newCustomer()))).status).toBe(401);
    expect((await newOrder().stub.fetch(upgradeRequest(order.customer))).status).toBe(404);
  });

  it('ends for a courier who is no longer on the order', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = newCourierId();
    must(await report(store, order, 'claimed'));
    must(await reportCourier(order, courierId, 'accepted'));
    const courier: Actor = { kind: 'courier', userId: newUserId(), courierId, zoneId: ZONE };
    const [theirs, own] = [await watch(order, null, courier), await watch(order)];
    must(await order.rpc.cancel({ ...by(OPERATOR), reason: 'recall' }));
    expect(await until(() => theirs.closes[0])).toMatchObject({ code: 4403 });
    await until(() => (steps(own).at(-1)?.endsWith('CANCELLED') ? true : undefined));
    expect(own.closes).toEqual([]);
  });

  it('ends for a courier at the door: who has delivered knows the address no longer', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const courier: Actor = { kind: 'courier', userId: newUserId(), courierId, zoneId: ZONE };
    const theirs = await watch(order, null, courier);
    must(await prove(order, courierId, await doorCode(order)));
    expect(await until(() => theirs.closes[0])).toMatchObject({ code: 4403 });
    expect(steps(theirs).some((step) => step.endsWith('DELIVERED'))).toBe(true);
    expect(await order.rpc.tracking(courier)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('is answered a ping by the runtime, and takes no frame that is no command', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order);
    socket.send('{"t":"ping"}');
    expect(await until(() => socket.frames.find(({ t }) => t === 'pong'))).toEqual({ t: 'pong' });
    socket.send({ t: 'command', do: 'deliver' });
    expect(await until(() => socket.closes[0])).toMatchObject({ code: 4400 });
  });
});
