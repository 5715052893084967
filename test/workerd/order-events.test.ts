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
  ZONE,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';

beforeEach(muteRefusingCouriers);

interface Event {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: { readonly [field: string]: unknown };
}

/** The events of a stream as they come. */
async function* eventsOf(order: TestOrder, after: number | null, actor: Actor = order.customer): AsyncGenerator<Event> {
  const stream = must(await order.rpc.follow(actor, after));
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event, id, data] = ['event', 'id', 'data'].map(
        (field) => new RegExp(`^${field}: (.*)$`, 'm').exec(text.slice(0, end))?.[1],
      );
      text = text.slice(end + 2);
      if (event !== undefined) yield { event, id, data: JSON.parse(data ?? 'null') as Event['data'] };
    }
  }
}

/** The numbers of the events until one says so. */
async function idsUntil(order: TestOrder, after: number, status: string): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id, data } of eventsOf(order, after)) {
    if (id !== undefined) ids.push(Number(id));
    if ((data['delta'] as { status?: string } | undefined)?.status === status) break;
  }
  return ids;
}

describe('an order as server-sent events', () => {
  it('is told like on the socket: the whole, then each piece of news, and where the courier is [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const events = eventsOf(order, null);
    expect((await events.next()).value).toMatchObject({
      event: 'snapshot',
      id: '4',
      data: { t: 'snapshot', seq: 4, state: { status: 'ASSIGNED_TO_STORE' } },
    });
    const courierId = await ride(store, order);
    await order.rpc.courierMoved({ courierId, lat: 12.95, lng: 77.64, atMs: Date.now() });
    const seen: Event[] = [];
    for await (const told of events) {
      seen.push(told);
      if (told.event === 'position') break;
    }
    const deltas = seen.filter(({ event }) => event === 'delta').map(({ id }) => Number(id));
    expect(deltas).toEqual(deltas.map((_, index) => index + 5));
    expect(deltas.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toMatchObject({ id: undefined, data: { t: 'position', lat: 12.95, lng: 77.64 } });
  });

  it('resumes after the last id, whatever happened between: an eviction, news, an end [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    const before = await idsUntil(order, 0, 'PICKING');
    // The object finds out that nobody reads any more when it has something to say.
    must(await report(store, order, 'packed'));
    await evictDurableObject(order.stub);
    must(await reportCourier(order, newCourierId(), 'accepted'));
    const after = await idsUntil(order, before.at(-1) ?? 0, 'ASSIGNED_TO_PARTNER');
    const all = [...before, ...after];
    expect(all).toEqual(all.map((_, index) => index + 1));
  });

  it('is cut for a courier who is taken off the order, mid-stream, and for nobody else [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = newCourierId();
    must(await report(store, order, 'claimed'));
    must(await reportCourier(order, courierId, 'accepted'));
    const courier: Actor = { kind: 'courier', userId: newUserId(), courierId, zoneId: ZONE };
    const theirs = eventsOf(order, null, courier);
    const poll = order.rpc.awaitUpdates(courier, 5, 25_000);
    expect((await theirs.next()).value).toMatchObject({ event: 'snapshot' });
    must(await order.rpc.cancel({ ...by(OPERATOR), reason: 'recall' }));
    const rest: Event[] = [];
    for await (const event of theirs) rest.push(event);
    expect(rest.at(-1)).toMatchObject({ event: 'end', data: { code: 4403 } });
    // Told of the cancellation before the end, or not at all any more.
    const polled = await poll;
    expect(polled.ok || polled.error.code === 'NOT_FOUND').toBe(true);
    expect((await eventsOf(order, null).next()).value).toMatchObject({ event: 'snapshot' });
  });

  it('is for those who may see it, and nothing is followed that was never placed', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    expect(await order.rpc.follow(newCustomer(), null)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(await order.rpc.awaitUpdates(newCustomer(), null, 0)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    const never = newOrder();
    expect(await never.rpc.follow(never.customer, null)).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });
});

describe('an order by long poll', () => {
  it('gives what was missed, waits for what comes, and ends empty-handed [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const first = must(await order.rpc.awaitUpdates(order.customer, null, 0));
    expect(first).toMatchObject({ seq: 4, frames: [{ t: 'snapshot', seq: 4 }, { t: 'eta' }] });
    const waiting = order.rpc.awaitUpdates(order.customer, first.seq, 25_000);
    must(await report(store, order, 'claimed'));
    expect(must(await waiting)).toMatchObject({ frames: [{ t: 'delta', seq: 5, delta: { status: 'PICKING' } }, {}] });
    const empty = must(await order.rpc.awaitUpdates(order.customer, 5, 1));
    expect(empty).toMatchObject({ seq: 5, frames: [{ t: 'eta' }] });
  });

  it('shows the courier with each answer while it rides', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    await order.rpc.courierMoved({ courierId, lat: 12.95, lng: 77.64, atMs: Date.now() });
    const { frames } = must(await order.rpc.awaitUpdates(order.customer, 4, 0));
    expect(frames.at(-1)).toMatchObject({ t: 'position', lat: 12.95 });
    must(await prove(order, courierId, await doorCode(order)));
    await reaches(order, 'CLOSED');
    const over = must(await order.rpc.awaitUpdates(order.customer, 4, 0));
    expect(over.frames.at(-1)).toEqual({ t: 'eta', eta: null });
  });
});
