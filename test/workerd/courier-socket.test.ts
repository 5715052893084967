import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OrderObject } from '../../durable/order/order-object.ts';
import type { CourierPosition } from '../../contracts/rpc/order.ts';
import { CLOSE_CODES, PING, PONG } from '../../contracts/ws/frames.ts';
import {
  act,
  app,
  atWork,
  courierOf,
  messagesFrom,
  newZoneId,
  northOf,
  offerCommand,
  rowsIn,
  seesJob,
  stateOf,
} from './support/courier.ts';
import type { TestCourier } from './support/courier.ts';
import { closeSockets, until } from './support/socket.ts';
import type { HandSocket } from './support/socket.ts';
import { by, must, newOpId, orderActor } from './support/store.ts';

let moves: CourierPosition[] = [];
beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.useFakeTimers({ toFake: ['Date'] });
  moves = [];
  vi.spyOn(OrderObject.prototype, 'courierMoved').mockImplementation(async (position) => {
    moves.push(position);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}
function ping(phone: HandSocket, metres: number): void {
  phone.send({ t: 'at', ...northOf(metres) });
}
/** Everything sent before has been worked off when a later command is answered. */
async function worked(phone: HandSocket): Promise<void> {
  await act(phone, { do: 'rejectOffer', offerId: 'off_00000000000000000000000000' });
}
/** Rows written by the object so far, of whatever table. */
async function changes({ stub }: TestCourier): Promise<number> {
  const [row] = await rowsIn<{ n: number }>(stub, 'SELECT total_changes() AS n');
  return row?.n ?? 0;
}
/** Nothing of the outbox is under way any more; that it was sent is written with the next command. */
async function allSent({ stub }: TestCourier, phone: HandSocket): Promise<void> {
  async function unsent(): Promise<unknown[]> {
    await worked(phone);
    return rowsIn(stub, 'SELECT seq FROM outbox WHERE sent_at_ms IS NULL');
  }
  await expect.poll(unsent, { timeout: 10_000 }).toEqual([]);
}
async function accepts(courier: TestCourier, phone: HandSocket, zoneId = courier.actor.zoneId) {
  const command = offerCommand(zoneId);
  must(await courier.rpc.offer(command));
  await act(phone, { do: 'acceptOffer', offerId: command.offerId });
  await seesJob(phone, 'ACCEPTED');
  return command.orderId;
}

describe('the app', () => {
  it('gets a snapshot, then numbered deltas, and resumes where it broke', async () => {
    const zoneId = newZoneId();
    const courier = courierOf(zoneId);
    const phone = await app(courier);
    expect(await until(() => phone.frames[0])).toEqual({
      t: 'snapshot',
      v: 1,
      seq: 0,
      state: { courierId: courier.courierId, onShift: false, offers: [], jobs: [] },
    });
    await act(phone, { do: 'startShift', at: northOf(10) });
    must(await courier.rpc.offer(offerCommand(zoneId)));
    await until(() => stateOf(phone)?.offers[0]);
    const deltas = phone.frames.filter(({ t }) => t === 'delta');
    expect(deltas.map(({ seq }) => seq)).toEqual([1, 2]);

    phone.close();
    const back = await app(courier, 1);
    expect(await until(() => back.frames[0])).toEqual(deltas[1]);
    const current = await app(courier, 2);
    await worked(current);
    expect(current.frames.map(({ t }) => t)).toEqual(['answer']);
    // A number from another life: start over.
    const strange = await app(courier, 99);
    expect(await until(() => strange.frames[0])).toMatchObject({ t: 'snapshot', seq: 2 });
  });

  it('has one socket: the newest, on a phone that lost its network', async () => {
    const courier = courierOf(newZoneId());
    const first = await app(courier);
    const second = await app(courier);
    await until(() => first.closes[0]);
    expect(first.closes[0]?.code).toBe(CLOSE_CODES.REPLACED);
    expect(await act(second, { do: 'startShift', at: northOf(10) })).toMatchObject({ ok: true });
  });

  it('keeps its socket through a sleep of the object, and the pong needs nobody awake', async () => {
    const zoneId = newZoneId();
    const { courier, phone } = await atWork(zoneId);
    await evictDurableObject(courier.stub);
    phone.send(PING);
    await until(() => phone.frames.find(({ t }) => JSON.stringify({ t }) === PONG));
    must(await courier.rpc.offer(offerCommand(zoneId)));
    expect(await until(() => stateOf(phone)?.offers[0])).toMatchObject({ storeName: 'Indiranagar' });
  });

  it('is answered what is wrong with a command, and hung up on for noise', async () => {
    const { phone } = await atWork(newZoneId());
    expect(await act(phone, { do: 'fly', at: northOf(10) })).toMatchObject({ problem: { code: 'INVALID_INPUT' } });
    const id = newOpId();
    expect(await act(phone, { do: 'deliver', orderId: 'ord_1', code: '12' }, id)).toMatchObject({ ok: false, id });
    phone.send('{"t":');
    await until(() => phone.closes[0]);
    expect(phone.closes[0]?.code).toBe(CLOSE_CODES.BAD_FRAME);
  });

  it('shows the door while the job lives, and no delta keeps it after', async () => {
    const { courier, phone } = await atWork(newZoneId());
    const orderId = await accepts(courier, phone);
    const job = {
      ...by(orderActor(orderId)),
      orderId,
      orderNumber: '0123456789AB',
      storeId: offerCommand(courier.actor.zoneId).storeId,
      storeName: 'Indiranagar',
      pickup: northOf(0),
      drop: northOf(900),
      dropNote: 'Blue gate',
      handoverCode: '123456',
      collectMinor: 2500,
      currency: 'INR',
    };
    must(await courier.rpc.confirmJob(job));
    expect((await seesJob(phone, 'TO_STORE')).details).toMatchObject({
      dropNote: 'Blue gate',
      handoverCode: '123456',
      collect: { amount: 2500, currency: 'INR' },
    });
    must(await courier.rpc.confirmJob({ ...job, ...by(orderActor(orderId)), collectMinor: 2000 }));
    await until(() => (stateOf(phone)?.jobs[0]?.details?.collect.amount === 2000 ? true : undefined));
    must(await courier.rpc.moveJob({ ...by(orderActor(orderId)), orderId, step: 'withdrawn', reason: 'BY_CUSTOMER' }));
    expect((await seesJob(phone, 'WITHDRAWN')).details).toBeNull();
    const kept = await rowsIn(
      courier.stub,
      "SELECT 1 AS found FROM feed WHERE delta LIKE '%Blue gate%' UNION ALL SELECT 1 FROM jobs WHERE details IS NOT NULL",
    );
    expect(kept).toEqual([]);
    // Who missed the deltas that are gone starts over.
    const back = await app(courier, 1);
    expect(await until(() => back.frames[0])).toMatchObject({ t: 'snapshot' });
  });
});

describe('positions', () => {
  it('are passed to the order in hand, and a ping storm writes no rows', async () => {
    const { courier, phone } = await atWork(newZoneId());
    const orderId = await accepts(courier, phone);
    pass(1000);
    ping(phone, 101);
    await worked(phone);
    await allSent(courier, phone);
    const before = await changes(courier);
    for (let n = 0; n < 500; n += 1) ping(phone, 100 + (n % 40));
    await until(() => (moves.at(-1)?.lat === northOf(100 + (499 % 40)).lat ? true : undefined));
    expect(await changes(courier)).toBe(before);
    expect(moves.every(({ courierId }) => courierId === courier.courierId)).toBe(true);
    expect(stateOf(phone)?.jobs[0]?.orderId).toBe(orderId);
  });

  it('become a row every sixth ping of a courier on the road, and the zone hears of moves over 250 m only', async () => {
    const { courier, phone } = await atWork(newZoneId(), 0);
    const seen: number[] = [];
    for (let n = 1; n <= 24; n += 1) {
      pass(5000);
      ping(phone, n * 30);
      await worked(phone);
      const [row] = await rowsIn<{ seen_at_ms: number }>(courier.stub, 'SELECT seen_at_ms FROM courier');
      if (row !== undefined && seen.at(-1) !== row.seen_at_ms) seen.push(row.seen_at_ms);
    }
    // 24 pings over 720 m: the start, then at most one row in 30 s.
    expect(seen.length).toBeLessThanOrEqual(6);
    const told = (await messagesFrom(courier.stub)).map(({ command }) => command['position'] as { lat: number });
    expect(told.map(({ lat }) => Math.round((lat - northOf(0).lat) * 111_195.08))).toEqual([0, 270, 540]);
  });

  it('that nobody can have come to are not passed on; the last one wins', async () => {
    const { courier, phone } = await atWork(newZoneId());
    await accepts(courier, phone);
    pass(5000);
    ping(phone, 20_000);
    ping(phone, 110);
    await until(() => moves[0]);
    await worked(phone);
    expect(moves.map(({ lat }) => lat)).toEqual([northOf(110).lat]);
  });

  it('of a courier without work are of no interest', async () => {
    const courier = courierOf(newZoneId());
    const phone = await app(courier);
    ping(phone, 50);
    await worked(phone);
    expect(await rowsIn(courier.stub, 'SELECT * FROM courier')).toEqual([]);
    expect(moves).toEqual([]);
  });

  it('outlive a sleep of the object without a row', async () => {
    const { courier, phone } = await atWork(newZoneId(), 0);
    pass(5000);
    ping(phone, 100);
    await worked(phone);
    pass(5000);
    ping(phone, 200);
    await worked(phone);
    const [row] = await rowsIn<{ lat: number }>(courier.stub, 'SELECT lat FROM courier');
    expect(row?.lat).toBe(northOf(100).lat);
    await evictDurableObject(courier.stub);
    const orderId = await accepts(courier, phone);
    const told = (await messagesFrom(courier.stub)).findLast(({ what }) => what === 'zone updateCandidate');
    expect(told?.command).toMatchObject({ load: 1, position: northOf(200) });
    expect(orderId).toBeDefined();
  });

  it('reach the order as soon as it knows its courier, if they are not older than 60 s', async () => {
    const { courier, phone } = await atWork(newZoneId());
    const details = {
      orderNumber: '0123456789AB',
      storeId: offerCommand(courier.actor.zoneId).storeId,
      storeName: 'Indiranagar',
      pickup: northOf(0),
      drop: northOf(900),
      dropNote: '',
      handoverCode: '123456',
      collectMinor: 0,
      currency: 'INR',
    };
    const orderId = await accepts(courier, phone);
    must(await courier.rpc.confirmJob({ ...by(orderActor(orderId)), orderId, ...details }));
    await until(() => moves[0]);
    pass(61_000);
    must(await courier.rpc.confirmJob({ ...by(orderActor(orderId)), orderId, ...details }));
    await worked(phone);
    expect(moves).toHaveLength(1);
  });
});
