import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OFFER_MS } from '../../domain/dispatch/offer.ts';
import {
  act,
  app,
  atWork,
  courierEvents,
  courierOf,
  messagesFrom,
  newZoneId,
  northOf,
  offerCommand,
  seesJob,
  seesOffer,
  stateOf,
} from './support/courier.ts';
import type { TestCourier } from './support/courier.ts';
import { objectOf } from './support/order.ts';
import { closeSockets, openSocket, until, upgradeRequest } from './support/socket.ts';
import { by, must, newOpId, newOrderId, newUserId, OPERATOR, orderActor } from './support/store.ts';

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
async function answers({ stub }: TestCourier): Promise<unknown[]> {
  const messages = await messagesFrom(stub);
  return messages.filter(({ what }) => what === 'zone answerOffer').map(({ command }) => command['answer']);
}

describe('an offer', () => {
  it('is shown, accepted, and told to the zone and to the order, load first [D6]', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const command = offerCommand(zoneId);
    must(await courier.rpc.offer(command));
    const shown = await seesOffer(phone);
    expect(shown).toMatchObject({ offerId: command.offerId, storeName: 'Indiranagar', toPickupM: 100, tripM: 800 });
    expect(Date.parse(shown.expiresAt)).toBe(command.expiresAtMs);
    expect(await act(phone, { do: 'acceptOffer', offerId: command.offerId })).toMatchObject({ ok: true });
    expect(await seesJob(phone, 'ACCEPTED')).toEqual({ orderId: command.orderId, status: 'ACCEPTED', details: null });
    expect(stateOf(phone)?.offers).toEqual([]);

    const told = (await messagesFrom(courier.stub)).slice(1);
    expect(told.map(({ what, id }) => [what, id])).toEqual([
      ['zone updateCandidate', zoneId],
      ['zone answerOffer', zoneId],
      ['order reportCourier', command.orderId],
    ]);
    expect(told[0]?.command).toMatchObject({ version: 2, onShift: true, load: 1, capacity: 1 });
    expect(told[1]?.command).toMatchObject({
      offerId: command.offerId,
      answer: 'accepted',
      courierId: courier.courierId,
    });
    expect(told[2]?.command).toMatchObject({ step: 'accepted', courierId: courier.courierId });
    expect(await courierEvents(courier)).toEqual(['shift_started', 'offered', 'offer_accepted']);
  });

  it('is rejected, and the zone hears it [D6]', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const command = offerCommand(zoneId);
    must(await courier.rpc.offer(command));
    expect(await act(phone, { do: 'rejectOffer', offerId: command.offerId })).toMatchObject({ ok: true });
    expect(await answers(courier)).toEqual(['rejected']);
    expect(await courierEvents(courier)).toEqual(['shift_started', 'offered', 'offer_rejected']);
    expect(await act(phone, { do: 'acceptOffer', offerId: command.offerId })).toMatchObject({
      problem: { code: 'OFFER_GONE', numbers: { status: 'REJECTED' } },
    });
  });

  it('times out by the alarm, and accepting it after is refused [D6]', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const command = offerCommand(zoneId);
    must(await courier.rpc.offer(command));
    pass(OFFER_MS);
    expect(await runDurableObjectAlarm(courier.stub)).toBe(true);
    await until(() => (stateOf(phone)?.offers.length === 0 ? true : undefined));
    expect(await answers(courier)).toEqual(['timed_out']);
    expect(await act(phone, { do: 'acceptOffer', offerId: command.offerId })).toMatchObject({
      ok: false,
      problem: { code: 'OFFER_GONE', numbers: { status: 'TIMED_OUT' } },
    });
    expect(stateOf(phone)?.jobs).toEqual([]);
    expect(await courierEvents(courier)).toEqual(['shift_started', 'offered', 'offer_timed_out']);
  });

  it('is not accepted after its time even when the alarm is late, nor when it arrives late [D6]', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const command = offerCommand(zoneId);
    must(await courier.rpc.offer(command));
    const delayed = offerCommand(zoneId);
    pass(OFFER_MS);
    expect(await act(phone, { do: 'acceptOffer', offerId: command.offerId })).toMatchObject({
      problem: { code: 'OFFER_GONE' },
    });
    must(await courier.rpc.offer(delayed));
    expect(await answers(courier)).toEqual(['timed_out', 'timed_out']);
    expect(stateOf(phone)).toMatchObject({ offers: [], jobs: [] });
  });

  it('is answered unavailable at once off shift, at capacity, and after the shift [D2]', async () => {
    const zoneId = newZoneId();
    const idle = courierOf(zoneId);
    must(await idle.rpc.offer(offerCommand(zoneId)));
    expect(await answers(idle)).toEqual(['unavailable']);
    expect(await courierEvents(idle)).toEqual([]);

    const { courier, phone } = await atWork(zoneId);
    const first = offerCommand(zoneId);
    must(await courier.rpc.offer(first));
    must(await courier.rpc.offer(offerCommand(zoneId)));
    expect(await answers(courier)).toEqual(['unavailable']);
    await act(phone, { do: 'acceptOffer', offerId: first.offerId });
    must(await courier.rpc.offer(offerCommand(zoneId)));
    expect(await answers(courier)).toEqual(['unavailable', 'accepted', 'unavailable']);
    await act(phone, { do: 'endShift' });
    must(await courier.rpc.moveJob({ ...by(orderActor(first.orderId)), orderId: first.orderId, step: 'withdrawn' }));
    must(await courier.rpc.offer(offerCommand(zoneId)));
    expect((await answers(courier)).at(-1)).toBe('unavailable');
    expect(await act(phone, { do: 'acceptOffer', offerId: first.offerId })).toMatchObject({
      problem: { code: 'NOT_ON_SHIFT' },
    });
  });

  it('survives eviction between every two steps [D6]', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const command = offerCommand(zoneId);
    await evictDurableObject(courier.stub);
    must(await courier.rpc.offer(command));
    await evictDurableObject(courier.stub);
    expect(await act(phone, { do: 'acceptOffer', offerId: command.offerId })).toMatchObject({ ok: true });
    await evictDurableObject(courier.stub);
    expect(must(await courier.rpc.view(OPERATOR))).toMatchObject({
      onShift: true,
      jobs: [{ orderId: command.orderId }],
    });
    expect(await answers(courier)).toEqual(['accepted']);
  });

  it('sent twice is one offer, and a command sent twice is done once and answered each time [X3]', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const command = offerCommand(zoneId);
    must(await courier.rpc.offer(command));
    must(await courier.rpc.offer(command));
    expect(await courier.rpc.offer({ ...command, tripM: 1 })).toMatchObject({ error: { code: 'OP_ID_REUSED' } });
    expect((await seesOffer(phone)).offerId).toBe(command.offerId);
    const id = newOpId();
    const accept = { do: 'acceptOffer', offerId: command.offerId };
    expect(await act(phone, accept, id)).toEqual(await act(phone, accept, id));
    expect(await act(phone, { ...accept, do: 'rejectOffer' }, id)).toMatchObject({ problem: { code: 'OP_ID_REUSED' } });
    expect(await answers(courier)).toEqual(['accepted']);
    expect(await courierEvents(courier)).toEqual(['shift_started', 'offered', 'offer_accepted']);
  });

  it('is taken back by its zone while it is open; what is accepted is the order’s to take back', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    const { orderId, ...rest } = offerCommand(zoneId);
    const zone = objectOf('zone', zoneId);
    must(await courier.rpc.offer({ ...rest, orderId }));
    must(await courier.rpc.moveJob({ ...by(objectOf('zone', newZoneId())), orderId, step: 'withdrawn' }));
    expect(stateOf(phone)?.offers).toHaveLength(1);
    must(await courier.rpc.moveJob({ ...by(zone), orderId, step: 'withdrawn' }));
    await until(() => (stateOf(phone)?.offers.length === 0 ? true : undefined));
    expect(await answers(courier)).toEqual([]);

    const second = offerCommand(zoneId);
    must(await courier.rpc.offer(second));
    await act(phone, { do: 'acceptOffer', offerId: second.offerId });
    must(await courier.rpc.moveJob({ ...by(zone), orderId: second.orderId, step: 'withdrawn' }));
    expect(stateOf(phone)?.jobs).toMatchObject([{ status: 'ACCEPTED' }]);
    const taken = {
      ...by(orderActor(second.orderId)),
      orderId: second.orderId,
      step: 'withdrawn',
      reason: 'TAKEN',
    } as const;
    must(await courier.rpc.moveJob(taken));
    must(await courier.rpc.moveJob(taken));
    await seesJob(phone, 'WITHDRAWN');
    const loads = (await messagesFrom(courier.stub)).flatMap(({ command }) => command['load'] ?? []);
    expect(loads).toEqual([0, 1, 0]);
  });

  it('ends with the shift: a courier who goes home has declined', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    must(await courier.rpc.offer(offerCommand(zoneId)));
    expect(await act(phone, { do: 'endShift' })).toMatchObject({ ok: true });
    expect(await act(phone, { do: 'endShift' })).toMatchObject({ ok: true });
    expect(await answers(courier)).toEqual(['rejected']);
    expect(await courierEvents(courier)).toEqual(['shift_started', 'offered', 'offer_rejected', 'shift_ended']);
    expect(stateOf(phone)).toMatchObject({ onShift: false, offers: [] });
  });
});

describe('who may speak to a courier', () => {
  it('a zone for itself, an order for itself, and nobody else [U4]', async () => {
    const zoneId = newZoneId();
    const courier = courierOf(zoneId);
    const offer = offerCommand(zoneId);
    const orderId = newOrderId();
    for (const actor of [objectOf('zone', newZoneId()), orderActor(offer.orderId), OPERATOR, courier.actor]) {
      expect(await courier.rpc.offer({ ...offer, actor })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    for (const actor of [orderActor(newOrderId()), objectOf('store', 'x'), OPERATOR, courier.actor]) {
      expect(await courier.rpc.moveJob({ ...by(actor), orderId, step: 'withdrawn' })).toMatchObject({
        error: { code: 'FORBIDDEN' },
      });
    }
    const pickedUp = { ...by(objectOf('zone', zoneId)), orderId, step: 'picked_up' } as const;
    expect(await courier.rpc.moveJob(pickedUp)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(await courier.rpc.moveJob({ ...pickedUp, ...by(orderActor(orderId)) })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });

  it('only the courier and operators see the state; only the courier opens the socket, once a ticket [U4]', async () => {
    const zoneId = newZoneId();
    const courier = courierOf(zoneId);
    const other = courierOf(zoneId);
    expect(await courier.rpc.view(other.actor)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(await courier.rpc.view({ kind: 'customer', userId: newUserId() })).toMatchObject({ ok: false });
    expect(must(await courier.rpc.view(courier.actor))).toEqual(must(await courier.rpc.view(OPERATOR)));
    for (const actor of [other.actor, OPERATOR]) {
      expect((await courier.stub.fetch(upgradeRequest(actor))).status).toBe(401);
    }
    await openSocket(courier.stub, upgradeRequest(courier.actor, { ticketId: 'once' }));
    const again = await courier.stub.fetch(upgradeRequest(courier.actor, { ticketId: 'once' }));
    expect(again.status).toBe(401);
  });
});

describe('a shift', () => {
  it('starts and ends once, and moves with the courier to another zone', async () => {
    const [here, there] = [newZoneId(), newZoneId()];
    const { courier, phone } = await atWork(here);
    await act(phone, { do: 'startShift', at: northOf(120) });
    pass(3_600_000);
    const moved = { ...courier, actor: { ...courier.actor, zoneId: there } };
    const newPhone = await app(moved);
    await act(newPhone, { do: 'startShift', at: northOf(9000) });
    const told = (await messagesFrom(courier.stub)).map(({ id, command }) => [id, command['onShift']]);
    expect(told).toEqual([
      [here, true],
      [here, true],
      [here, false],
      [there, true],
    ]);
    expect(await courierEvents(courier)).toEqual(['shift_started', 'shift_ended', 'shift_started']);
  });

  it('does not start where nobody can have come, until it is said twice', async () => {
    const { courier, phone } = await atWork(newZoneId());
    const at = northOf(50_000);
    await act(phone, { do: 'endShift' });
    expect(await act(phone, { do: 'startShift', at })).toMatchObject({ problem: { code: 'POSITION_REFUSED' } });
    expect(must(await courier.rpc.view(OPERATOR)).onShift).toBe(false);
    expect(await act(phone, { do: 'startShift', at })).toMatchObject({ ok: true });
  });
});
