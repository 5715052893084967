import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrderRpc, PaymentChoice } from '../../contracts/rpc/order.ts';
import {
  act,
  app,
  atWork,
  courierEvents,
  messagesFrom,
  newZoneId,
  offerCommand,
  rowsIn,
  seesJob,
  stateOf,
} from './support/courier.ts';
import type { TestCourier } from './support/courier.ts';
import { doorCode, placeAt, report, viewOf } from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { closeSockets, until } from './support/socket.ts';
import type { HandSocket } from './support/socket.ts';
import { must, newOpId, openStore, OPERATOR } from './support/store.ts';

const ASK_AGAIN_MS = 10_000;

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

interface Round {
  readonly order: TestOrder;
  readonly courier: TestCourier;
  readonly phone: HandSocket;
}

/** A real order on its way: picked, packed, handed over to a real courier. */
async function carrying(payment?: PaymentChoice): Promise<Round> {
  const store = await openStore({ TEA: 5 });
  const { order } = await placeAt(store, payment);
  const zoneId = newZoneId();
  const { courier, phone } = await atWork(zoneId);
  must(await report(store, order, 'accepted'));
  must(await report(store, order, 'claimed'));
  const offer = offerCommand(zoneId, order.orderId, store.storeId);
  must(await courier.rpc.offer(offer));
  expect(await act(phone, { do: 'acceptOffer', offerId: offer.offerId })).toMatchObject({ ok: true });
  await seesJob(phone, 'TO_STORE');
  must(await report(store, order, 'packed'));
  must(await report(store, order, 'handed_over'));
  await seesJob(phone, 'PICKED_UP');
  return { order, courier, phone };
}
async function departed(payment?: PaymentChoice): Promise<Round> {
  const round = await carrying(payment);
  expect(await act(round.phone, { do: 'depart', orderId: round.order.orderId })).toMatchObject({ ok: true });
  await expect.poll(async () => (await viewOf(round.order)).status, { timeout: 10_000 }).toBe('IN_TRANSIT');
  return round;
}
async function wrong(order: TestOrder): Promise<string> {
  return (await doorCode(order)) === '0000' ? '0001' : '0000';
}
function lastLoad(told: { command: Record<string, unknown> }[]): unknown {
  return told.findLast(({ command }) => 'load' in command)?.command['load'];
}

/** The way to the orders, with this in place of their judgement of a proof. */
function proofsGo(judge: (order: OrderRpc, ...asked: Parameters<OrderRpc['proveDelivery']>) => Promise<never>) {
  const open = env.ORDER.getByName.bind(env.ORDER);
  return vi.spyOn(env.ORDER, 'getByName').mockImplementation((name) => {
    const order = open(name) as unknown as OrderRpc;
    const asked = { proveDelivery: (command: Parameters<OrderRpc['proveDelivery']>[0]) => judge(order, command) };
    return asked as unknown as ReturnType<typeof open>;
  });
}
async function nowhere(): Promise<never> {
  throw new Error('the order is away');
}

describe('a delivery', () => {
  it('goes from the offer to the door, each step told to the order, and frees the courier [D6]', async () => {
    const { order, courier, phone } = await carrying();
    const orderId = order.orderId;
    expect(stateOf(phone)?.jobs[0]?.details).toMatchObject({ dropNote: 'Blue gate', collect: { amount: 0 } });
    expect(await act(phone, { do: 'deliver', orderId, code: '1234' })).toMatchObject({
      problem: { code: 'ILLEGAL_TRANSITION', numbers: { status: 'PICKED_UP' } },
    });
    expect(await act(phone, { do: 'depart', orderId })).toMatchObject({ ok: true });
    expect(await act(phone, { do: 'depart', orderId })).toMatchObject({ ok: true });
    await expect.poll(async () => (await viewOf(order)).status, { timeout: 10_000 }).toBe('IN_TRANSIT');

    expect(await act(phone, { do: 'deliver', orderId, code: await wrong(order) })).toMatchObject({
      problem: { code: 'DELIVERY_CODE_WRONG', numbers: { triesLeft: 4 } },
    });
    expect(await act(phone, { do: 'deliver', orderId, code: await doorCode(order) })).toMatchObject({ ok: true });
    expect((await seesJob(phone, 'DELIVERED')).details).toBeNull();
    expect(['DELIVERED', 'CLOSED']).toContain((await viewOf(order)).status);

    const told = await messagesFrom(courier.stub);
    expect(told.flatMap(({ what, command }) => (what === 'order reportCourier' ? command['step'] : []))).toEqual([
      'accepted',
      'departed',
    ]);
    expect(lastLoad(told)).toBe(0);
    expect(await courierEvents(courier)).toEqual(['shift_started', 'offered', 'offer_accepted', 'delivered']);
    const [times] = await rowsIn<Record<string, number>>(
      courier.stub,
      'SELECT accepted_at_ms, picked_up_at_ms, departed_at_ms, ended_at_ms FROM jobs',
    );
    expect(Object.values(times ?? {}).every((atMs) => atMs > 0)).toBe(true);
    expect(await act(phone, { do: 'deliver', orderId, code: '0000' })).toMatchObject({ ok: true });
    expect(await rowsIn(courier.stub, 'SELECT * FROM proofs')).toEqual([]);
  });

  it('under an id of its own: it takes none from others who act on the order [X3]', async () => {
    const { order, phone } = await departed();
    const cancel = { v: 1, actor: OPERATOR, opId: newOpId(), reason: 'nobody opened' };
    const deliver = { do: 'deliver', orderId: order.orderId, code: await wrong(order) };
    expect(await act(phone, deliver, cancel.opId)).toMatchObject({ problem: { code: 'DELIVERY_CODE_WRONG' } });
    expect(await order.rpc.cancel(cancel)).toMatchObject({ ok: true });
  });

  it('of another courier’s order, or of one that was taken back, is refused', async () => {
    const { order } = await departed();
    const { phone } = await atWork(newZoneId());
    const orderId = order.orderId;
    for (const command of [
      { do: 'deliver', orderId, code: await doorCode(order) },
      { do: 'depart', orderId },
    ]) {
      expect(await act(phone, command)).toMatchObject({ problem: { code: 'NOT_ASSIGNED' } });
    }
  });

  it('of cash takes what is due, in the order’s money', async () => {
    const { order, phone } = await departed({ method: 'cod' });
    const orderId = order.orderId;
    const amount = stateOf(phone)?.jobs[0]?.details?.collect.amount ?? 0;
    expect(amount).toBe(2500);
    const deliver = { do: 'deliver', orderId, code: await doorCode(order) };
    expect(await act(phone, { ...deliver, collected: { amount, currency: 'USD' } })).toMatchObject({
      problem: { code: 'INVALID_INPUT', numbers: { currency: 'INR' } },
    });
    expect(await act(phone, { ...deliver, collected: { amount: amount - 1, currency: 'INR' } })).toMatchObject({
      ok: false,
    });
    expect(await act(phone, { ...deliver, collected: { amount, currency: 'INR' } })).toMatchObject({ ok: true });
    await seesJob(phone, 'DELIVERED');
  });
});

describe('a proof of delivery that got lost', () => {
  it('before the order saw it: the same command asks again, and is answered once for all [X3]', async () => {
    const { order, courier, phone } = await departed();
    const [right, other] = [await doorCode(order), await wrong(order)];
    const deliver = { do: 'deliver', orderId: order.orderId, code: right };
    const id = newOpId();
    const away = proofsGo(nowhere);
    expect(await act(phone, deliver, id)).toMatchObject({ problem: { code: 'UNAVAILABLE' } });
    away.mockRestore();
    expect(stateOf(phone)?.jobs).toMatchObject([{ status: 'TO_CUSTOMER' }]);
    expect(await act(phone, deliver, id)).toMatchObject({ ok: true });
    expect(await act(phone, deliver, id)).toMatchObject({ ok: true });
    expect(await act(phone, { ...deliver, code: other }, id)).toMatchObject({
      problem: { code: 'OP_ID_REUSED' },
    });
    expect((await courierEvents(courier)).filter((type) => type === 'delivered')).toHaveLength(1);
  });

  it('after the order took it: the courier’s object finds out by itself, even after a crash [X3]', async () => {
    const { order, courier, phone } = await departed();
    const deliver = { do: 'deliver', orderId: order.orderId, code: await doorCode(order) };
    const lost = proofsGo(async (to, command) => {
      must(await to.proveDelivery(command));
      throw new Error('the answer got lost');
    });
    expect(await act(phone, deliver)).toMatchObject({ problem: { code: 'UNAVAILABLE' } });
    lost.mockRestore();
    expect(['DELIVERED', 'CLOSED']).toContain((await viewOf(order)).status);
    await evictDurableObject(courier.stub);
    vi.setSystemTime(Date.now() + ASK_AGAIN_MS);
    expect(await runDurableObjectAlarm(courier.stub)).toBe(true);
    await seesJob(phone, 'DELIVERED');
    expect(await rowsIn(courier.stub, 'SELECT * FROM proofs')).toEqual([]);
    expect(lastLoad(await messagesFrom(courier.stub))).toBe(0);
    expect((await courierEvents(courier)).at(-1)).toBe('delivered');
  });

  it('is asked for again and again while the order is away, and another try waits its turn [X3]', async () => {
    const { order, courier, phone } = await departed();
    const orderId = order.orderId;
    const [right, other] = [await doorCode(order), await wrong(order)];
    const away = proofsGo(nowhere);
    expect(await act(phone, { do: 'deliver', orderId, code: other })).toMatchObject({ ok: false });
    for (let n = 0; n < 3; n += 1) {
      vi.setSystemTime(Date.now() + 2 * ASK_AGAIN_MS);
      await runDurableObjectAlarm(courier.stub);
    }
    expect(await rowsIn(courier.stub, 'SELECT order_id FROM proofs')).toEqual([{ order_id: orderId }]);
    expect(away.mock.calls.length).toBeGreaterThanOrEqual(4);
    away.mockRestore();
    // The wrong code is judged first, then the right one.
    expect(await act(phone, { do: 'deliver', orderId, code: right })).toMatchObject({ ok: true });
    await seesJob(phone, 'DELIVERED');
  });
});

describe('an order that is taken back', () => {
  it('on its way ends the job and frees the courier, who cannot go on with it', async () => {
    const { order, courier, phone } = await departed();
    const cancelled = await order.rpc.cancel({ v: 1, actor: OPERATOR, opId: newOpId(), reason: 'nobody opened' });
    expect(cancelled.ok).toBe(true);
    await seesJob(phone, 'WITHDRAWN');
    expect(lastLoad(await messagesFrom(courier.stub))).toBe(0);
    expect(await act(phone, { do: 'deliver', orderId: order.orderId, code: '0000' })).toMatchObject({
      problem: { code: 'NOT_ASSIGNED' },
    });
    const again = await app(courier);
    expect(await until(() => stateOf(again))).toMatchObject({ onShift: true, jobs: [{ status: 'WITHDRAWN' }] });
  });
});
