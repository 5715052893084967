import { evictDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import type { EtaView } from '../../contracts/http/tracking.ts';
import { by, must, newCourierId, newUserId, openStore, OPERATOR } from './support/store.ts';
import {
  doorCode,
  muteRefusingCouriers,
  eventually,
  newCustomer,
  newOrder,
  orderRows,
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
import type { Frame, HandSocket } from './support/socket.ts';

beforeEach(muteRefusingCouriers);

function watch(order: TestOrder, after: number | null = null, actor: Actor = order.customer): Promise<HandSocket> {
  return openSocket(order.stub, upgradeRequest(actor, { after }));
}

/** The numbered frames of a socket as `<seq> <what>`: a status, or how the money stands. */
function steps({ frames }: { readonly frames: readonly Frame[] }): string[] {
  return frames.filter(({ t }) => t === 'delta').map(({ seq, delta }) => `${String(seq)} ${newsOf(delta)}`);
}

function newsOf(delta: unknown): string {
  const { status, money } = delta as { status?: string; money?: { status: string; total: { amount: number } } };
  return status ?? `${money?.status} ${money?.total.amount}`;
}

function positions({ frames }: HandSocket): unknown[] {
  return frames.filter(({ t }) => t === 'position').map(({ lat }) => lat);
}

/** How an order goes on that was placed: when its money is taken depends on the provider. */
const LIFE = ['PICKING', 'PACKED', 'ASSIGNED_TO_PARTNER', 'PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'CLOSED'];

/** The statuses of a socket, whose news must be numbered without a gap from `first` on. */
function statuses(socket: HandSocket, first: number): string[] {
  const told = steps(socket).map((step) => step.split(' '));
  expect(told.map(([seq]) => Number(seq))).toEqual(told.map((_, index) => first + index));
  return told.flatMap(([, what, amount]) => (what === undefined || amount !== undefined ? [] : [what]));
}

describe('watching an order', () => {
  it('gives the order as it is, then every step, numbered, with an ETA until it is there [T2] [T4]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order);
    const snapshot = await until(() => socket.frames[0]);
    expect(snapshot).toMatchObject({
      t: 'snapshot',
      v: 1,
      seq: 4,
      state: {
        orderId: order.orderId,
        status: 'ASSIGNED_TO_STORE',
        money: { status: 'AUTHORIZED', total: { amount: 2500 }, refunded: { amount: 0 } },
        courier: null,
      },
    });
    const courierId = await ride(store, order);
    must(await prove(order, courierId, await doorCode(order)));
    await until(() => steps(socket).find((step) => step.endsWith('CLOSED')));
    expect(statuses(socket, 5)).toEqual(LIFE);
    expect(steps(socket).map((step) => step.replace(/^\d+ /, ''))).toContain('CAPTURED 2500');
    const etas = socket.frames.flatMap(({ delta }) => {
      const { status, eta } = (delta ?? {}) as { status?: string; eta?: EtaView | null };
      return status === undefined ? [] : [eta];
    });
    expect(etas.slice(0, 5).every((eta) => Date.parse(eta?.p50 ?? '') > Date.now())).toBe(true);
    expect(etas.slice(0, 5).every((eta) => (eta?.p90 ?? '') > (eta?.p50 ?? ''))).toBe(true);
    expect(etas.slice(5)).toEqual([null, null]);
    const { history } = await viewOf(order);
    const told = steps(socket).filter((step) => !step.includes('CAPTURED'));
    expect(told).toEqual(history.slice(3).map(({ seq, status }) => `${seq} ${status}`));
  });

  it('resumes with exactly the news that was missed, in order, once, whatever happened between [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const first = await watch(order);
    must(await report(store, order, 'claimed'));
    await until(() => (steps(first).length === 1 ? true : undefined));
    first.close();
    must(await reportCourier(order, newCourierId(), 'accepted'));
    must(await report(store, order, 'packed'));
    await evictDurableObject(order.stub);
    await eventually(async () => (await viewOf(order)).payment.status === 'CAPTURED');
    const all = await watch(order, 0);
    await until(() => (steps(all).length === 8 ? true : undefined));
    const whole = steps(all);
    expect(statuses(all, 1)).toEqual(['PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', ...LIFE.slice(0, 3)]);
    for (const after of [0, 3, 4, 6, 8]) {
      const socket = await watch(order, after);
      const missed = whole.slice(after);
      await until(() => (steps(socket).length >= missed.length ? true : undefined));
      expect(steps(socket)).toEqual(missed);
      expect(socket.frames.some(({ t }) => t === 'snapshot')).toBe(false);
    }
  });

  it('misses and doubles nothing when the object is evicted under the socket [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order, 4);
    must(await report(store, order, 'claimed'));
    await evictDurableObject(order.stub);
    must(await report(store, order, 'packed'));
    await evictDurableObject(order.stub);
    must(await reportCourier(order, newCourierId(), 'accepted'));
    await until(() => steps(socket).find((step) => step.endsWith('ASSIGNED_TO_PARTNER')));
    expect(statuses(socket, 5)).toEqual(LIFE.slice(0, 3));
  });

  it('starts anew with the whole when asked to resume from a number that never was', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order, 99);
    expect(await until(() => socket.frames[0])).toMatchObject({ t: 'snapshot', seq: 4 });
  });

  it('shows the courier from pick-up to the door only, the newest position, as it is while it is fresh [T2] [T5]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = newCourierId();
    const nowMs = Date.now();
    const [socket, theirs] = [await watch(order), await watch(order, null, OPERATOR)];
    function moved(lat: number, atMs: number, who = courierId): Promise<void> {
      return order.rpc.courierMoved({ courierId: who, lat, lng: 77.64123, atMs });
    }
    must(await report(store, order, 'claimed'));
    must(await reportCourier(order, courierId, 'accepted'));
    await moved(12.91234, nowMs);
    must(await report(store, order, 'packed'));
    expect(must(await order.rpc.tracking(order.customer)).courier).toBeNull();
    expect(must(await order.rpc.tracking(OPERATOR)).courier).toMatchObject({ lat: 12.912, lng: 77.641 });
    must(await report(store, order, 'handed_over'));
    await moved(12.95234, nowMs + 3);
    await moved(12.91234, nowMs + 2);
    await moved(12.99234, nowMs + 4, newCourierId());
    expect(must(await order.rpc.tracking(order.customer)).courier).toMatchObject({ lat: 12.95234, lng: 77.64123 });
    must(await reportCourier(order, courierId, 'departed'));
    must(await prove(order, courierId, await doorCode(order)));
    await moved(12.96234, nowMs + 5);
    await reaches(order, 'CLOSED');
    expect(must(await order.rpc.tracking(OPERATOR))).toMatchObject({ courier: null, eta: null });
    expect(await orderRows(order, 'SELECT * FROM courier_sighting')).toEqual([]);
    await until(() => steps(socket).find((step) => step.endsWith('CLOSED')));
    expect(positions(socket)).toEqual([12.95234]);
    await until(() => (positions(theirs).length === 2 ? true : undefined));
    expect(positions(theirs)).toEqual([12.912, 12.95234]);
  });

  it('knows the courier after an eviction, and shows no position that is older than a minute [T5]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const nowMs = Date.now();
    await order.rpc.courierMoved({ courierId, lat: 12.95, lng: 77.64, atMs: nowMs - 61_000 });
    expect(must(await order.rpc.tracking(order.customer)).courier).toBeNull();
    await order.rpc.courierMoved({ courierId, lat: 12.96, lng: 77.64, atMs: nowMs });
    await order.rpc.courierMoved({ courierId, lat: 12.961, lng: 77.64, atMs: nowMs + 1 });
    await evictDurableObject(order.stub);
    // The first one of half a minute became the row.
    expect(must(await order.rpc.tracking(order.customer)).courier).toMatchObject({ lat: 12.96 });
  });

  it('re-estimates from where the courier is, and says so with each position [T4]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const socket = await watch(order);
    const far = Date.parse(must(await order.rpc.tracking(order.customer)).eta?.p90 ?? '');
    await order.rpc.courierMoved({ courierId, lat: 12.9783, lng: 77.6408, atMs: Date.now() });
    const near = Date.parse(must(await order.rpc.tracking(order.customer)).eta?.p90 ?? '');
    expect(near).toBeLessThan(far - 60_000);
    const position = await until(() => socket.frames.find(({ t }) => t === 'position'));
    expect(Date.parse((position['eta'] as EtaView).p90)).toBeLessThan(far - 60_000);
  });

  it('is told beforehand how long to wait when it is cut off', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const socket = await watch(order);
    const advice = await until(() => socket.frames.find(({ t }) => t === 'advice'));
    expect(advice['retryAfterMs']).toBeGreaterThanOrEqual(0);
    expect(advice['retryAfterMs']).toBeLessThanOrEqual(2_000);
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
    await until(() => steps(own).find((step) => step.endsWith('CANCELLED')));
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
