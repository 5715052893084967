import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RequestCourier } from '../../contracts/rpc/zone.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { ANSWER_GRACE_MS, OFFER_MS } from '../../domain/dispatch/offer.ts';
import { REST_MS } from '../../domain/dispatch/search.ts';
import {
  act,
  atWork,
  candidate,
  decisionsOf,
  messagesFrom,
  newOfferId,
  northOf,
  rowsIn,
  seesOffer,
  stateOf,
  STORE_AT,
  zoneAt,
} from './support/courier.ts';
import type { TestZone } from './support/courier.ts';
import { objectOf } from './support/order.ts';
import { closeSockets, until } from './support/socket.ts';
import { by, must, newCourierId, newOrderId, newStoreId, OPERATOR, orderActor } from './support/store.ts';

beforeEach(() => {
  // The orders of these tests are ids only, and say that they do not know the courier.
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}
function request(orderId: OrderId = newOrderId()): RequestCourier {
  return {
    ...by(orderActor(orderId)),
    orderId,
    storeId: newStoreId(),
    storeName: 'Indiranagar',
    pickup: STORE_AT,
    drop: northOf(900),
    readyAtMs: Date.now() + 300_000,
  };
}
async function summary(zone: TestZone): Promise<string[]> {
  return (await decisionsOf(zone)).map(({ type, data }) => `${type.slice('dispatch.'.length)} ${data.round}`);
}
async function ring(zone: TestZone): Promise<void> {
  expect(await runDurableObjectAlarm(zone.stub)).toBe(true);
}

describe('a zone', () => {
  it('proposes the nearest free courier, and says who else there was and why not [D5]', async () => {
    const zone = zoneAt();
    const far = await atWork(zone.zoneId, 2000);
    const near = await atWork(zone.zoneId, 400);
    await expect.poll(async () => must(await zone.rpc.view(OPERATOR)).candidates.length).toBe(2);
    const wanted = request();
    must(await zone.rpc.requestCourier(wanted));
    expect(await seesOffer(near.phone)).toMatchObject({ orderId: wanted.orderId, toPickupM: 400, tripM: 900 });
    const [decision] = await decisionsOf(zone);
    expect(decision).toMatchObject({
      type: 'dispatch.proposed',
      subject: zone.zoneId,
      data: {
        orderId: wanted.orderId,
        strategy: 's2-distance-load',
        chosen: near.courier.courierId,
        candidates: [
          { courierId: near.courier.courierId, distanceM: 400, load: 0, score: 240, terms: { distance: 240, load: 0 } },
          { courierId: far.courier.courierId, distanceM: 2000, load: 0, score: 1200 },
        ],
      },
    });
    expect(must(await zone.rpc.view(OPERATOR)).waiting).toEqual([
      { orderId: wanted.orderId, rounds: 1, offeredTo: near.courier.courierId },
    ]);
  });

  it('goes on to the next when the courier’s time runs out, then rests and asks again [D6]', async () => {
    const zone = zoneAt();
    const { courier, phone } = await atWork(zone.zoneId, 100);
    const other = await atWork(zone.zoneId, 200);
    await expect.poll(async () => must(await zone.rpc.view(OPERATOR)).candidates.length).toBe(2);
    must(await zone.rpc.requestCourier(request()));
    await seesOffer(phone);
    pass(OFFER_MS);
    expect(await runDurableObjectAlarm(courier.stub)).toBe(true);
    const second = await seesOffer(other.phone);
    await act(other.phone, { do: 'rejectOffer', offerId: second.offerId });
    await expect.poll(() => summary(zone)).toEqual(['proposed 1', 'proposed 1', 'exhausted 1']);
    pass(REST_MS);
    await ring(zone);
    await until(() => stateOf(phone)?.offers[0]);
    expect(await summary(zone)).toEqual(['proposed 1', 'proposed 1', 'exhausted 1', 'proposed 2']);
  });

  it('with nobody to ask waits, through eviction, and asks the first who comes [D6]', async () => {
    const zone = zoneAt();
    const wanted = request();
    must(await zone.rpc.requestCourier(wanted));
    expect(await summary(zone)).toEqual(['exhausted 1']);
    await evictDurableObject(zone.stub);
    pass(REST_MS);
    await ring(zone);
    expect(await summary(zone)).toEqual(['exhausted 1']);
    const { phone } = await atWork(zone.zoneId, 300);
    expect((await seesOffer(phone)).orderId).toBe(wanted.orderId);
  });

  it('gives up on a courier whose object does not answer, and is ready when it does [D6]', async () => {
    const zone = zoneAt();
    const { courier } = await atWork(zone.zoneId, 100);
    const other = await atWork(zone.zoneId, 200);
    await expect.poll(async () => must(await zone.rpc.view(OPERATOR)).candidates.length).toBe(2);
    // Nothing gets through to the nearest courier's object.
    const open = env.COURIER.getByName.bind(env.COURIER);
    const away = vi.spyOn(env.COURIER, 'getByName').mockImplementation((name) => {
      if (name === courier.courierId) throw new Error('away');
      return open(name);
    });
    const wanted = request();
    must(await zone.rpc.requestCourier(wanted));
    expect(must(await zone.rpc.view(OPERATOR)).waiting[0]?.offeredTo).toBe(courier.courierId);
    pass(OFFER_MS + ANSWER_GRACE_MS);
    await ring(zone);
    const offer = await seesOffer(other.phone);
    expect(offer.orderId).toBe(wanted.orderId);
    away.mockRestore();
    // The late offer arrives at last, is refused by the clock, and with that answer the courier counts again.
    pass(30_000);
    await ring(zone);
    await expect
      .poll(() => rowsIn(zone.stub, 'SELECT courier_id FROM candidates WHERE silent_since_ms IS NOT NULL'))
      .toEqual([]);
  });

  it('withdraws an offer when the order needs it no more', async () => {
    const zone = zoneAt();
    const { phone } = await atWork(zone.zoneId);
    const wanted = request();
    must(await zone.rpc.requestCourier(wanted));
    await seesOffer(phone);
    const { orderId } = wanted;
    const withdrawal = { ...by(orderActor(orderId)), orderId, reason: 'BY_CUSTOMER' };
    must(await zone.rpc.withdraw(withdrawal));
    must(await zone.rpc.withdraw(withdrawal));
    await until(() => (stateOf(phone)?.offers.length === 0 ? true : undefined));
    expect(must(await zone.rpc.view(OPERATOR)).waiting).toEqual([]);
    const toCourier = (await messagesFrom(zone.stub)).map(({ what }) => what);
    expect(toCourier).toEqual(['courier offer', 'courier moveJob']);
  });

  it('takes every message twice without doing anything twice [X3]', async () => {
    const zone = zoneAt();
    const courierId = newCourierId();
    const update = candidate(courierId, 100);
    must(await zone.rpc.updateCandidate(update));
    must(await zone.rpc.updateCandidate(update));
    const wanted = request();
    must(await zone.rpc.requestCourier(wanted));
    must(await zone.rpc.requestCourier(wanted));
    expect(await zone.rpc.requestCourier({ ...wanted, storeName: 'Elsewhere' })).toMatchObject({
      error: { code: 'OP_ID_REUSED' },
    });
    // The courier's object is off shift and says so; the same words again, and words about offers that never were.
    await expect.poll(() => summary(zone)).toEqual(['proposed 1', 'exhausted 1']);
    const [decision] = await decisionsOf(zone);
    if (decision?.type !== 'dispatch.proposed') throw new Error('no proposal');
    const answer = {
      ...by(objectOf('courier', courierId)),
      offerId: newOfferId(),
      orderId: wanted.orderId,
      courierId,
      answer: 'accepted',
    } as const;
    must(await zone.rpc.answerOffer(answer));
    must(await zone.rpc.answerOffer(answer));
    expect(must(await zone.rpc.view(OPERATOR)).waiting).toMatchObject([{ orderId: wanted.orderId, offeredTo: null }]);
    expect(await summary(zone)).toEqual(['proposed 1', 'exhausted 1']);
  });

  it('writes no row for a candidate’s word that is old, and keeps no journal of them', async () => {
    const zone = zoneAt();
    const courierId = newCourierId();
    must(await zone.rpc.updateCandidate(candidate(courierId, 100, { version: 2, load: 1 })));
    must(await zone.rpc.updateCandidate(candidate(courierId, 100, { version: 1, load: 0 })));
    expect(must(await zone.rpc.view(OPERATOR)).candidates).toEqual([
      { courierId, onShift: true, load: 1, capacity: 1 },
    ]);
    expect(await rowsIn(zone.stub, 'SELECT op_id FROM ops')).toEqual([]);
  });
});

describe('who may speak to a zone', () => {
  it('an order and a courier’s object for themselves, operators to look [U4]', async () => {
    const zone = zoneAt();
    const courierId = newCourierId();
    const wanted = request();
    for (const actor of [orderActor(newOrderId()), objectOf('courier', courierId), OPERATOR]) {
      expect(await zone.rpc.requestCourier({ ...wanted, actor })).toMatchObject({ error: { code: 'FORBIDDEN' } });
      const withdrawal = { ...by(actor), orderId: wanted.orderId, reason: 'x' };
      expect(await zone.rpc.withdraw(withdrawal)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    for (const actor of [objectOf('courier', newCourierId()), orderActor(wanted.orderId), OPERATOR]) {
      expect(await zone.rpc.updateCandidate({ ...candidate(courierId), actor })).toMatchObject({
        error: { code: 'FORBIDDEN' },
      });
      const answer = {
        ...by(actor),
        offerId: newOfferId(),
        orderId: wanted.orderId,
        courierId,
        answer: 'accepted',
      } as const;
      expect(await zone.rpc.answerOffer(answer)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    for (const actor of [orderActor(wanted.orderId), objectOf('courier', courierId)]) {
      expect(await zone.rpc.view(actor)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    expect(must(await zone.rpc.view(OPERATOR))).toEqual({ candidates: [], waiting: [] });
  });
});
