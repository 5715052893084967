import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import { by, must, newCourierId, newUserId, openStore, OPERATOR } from './support/store.ts';
import {
  doorCode,
  messagesOf,
  muteRefusingCouriers,
  newCustomer,
  objectOf,
  orderEvents,
  placeAt,
  prove,
  reaches,
  report,
  reportCourier,
  ride,
  viewOf,
  ZONE,
} from './support/order.ts';
import { openSocket, until, upgradeRequest } from './support/socket.ts';

beforeEach(muteRefusingCouriers);

async function assigned() {
  const store = await openStore({ TEA: 5 });
  const { order } = await placeAt(store);
  const courierId = newCourierId();
  must(await report(store, order, 'accepted'));
  must(await report(store, order, 'claimed'));
  must(await reportCourier(order, courierId, 'accepted'));
  must(await report(store, order, 'packed'));
  await reaches(order, 'ASSIGNED_TO_PARTNER');
  const courier: Actor = { kind: 'courier', userId: newUserId(), courierId, zoneId: ZONE };
  return { store, order, courierId, courier };
}

const NO_SHOW = { do: 'ReassignCourier', reason: 'NO_SHOW' } as const;

describe('another courier', () => {
  it('cuts the first one off mid-stream, tells the watchers, and asks the zone again [D9] [T2]', async () => {
    const { order, courierId, courier } = await assigned();
    const [theirs, own] = [
      await openSocket(order.stub, upgradeRequest(courier)),
      await openSocket(order.stub, upgradeRequest(order.customer)),
    ];
    must(await order.rpc.execute({ ...by(OPERATOR), ...NO_SHOW }));
    expect(await until(() => theirs.closes[0])).toMatchObject({ code: 4403 });
    await until(() => own.frames.find(({ delta }) => (delta as { status?: string } | undefined)?.status === 'PACKED'));
    expect(own.closes).toEqual([]);
    const messages = await messagesOf(order);
    expect(messages.slice(-3).map(({ what }) => what)).toEqual([
      'store announceCourier',
      'courier moveJob',
      'zone requestCourier',
    ]);
    expect(messages.at(-1)?.command).toMatchObject({ takenOff: courierId });
    const [first, second] = messages.filter(({ what }) => what === 'store announceCourier');
    expect(second?.command['handoverCode']).not.toBe(first?.command['handoverCode']);
    expect((await orderEvents(order)).at(-1)).toMatchObject({
      type: 'order.unassigned',
      data: { from: 'ASSIGNED_TO_PARTNER', to: 'PACKED', reason: 'NO_SHOW', actor: { kind: 'operator' } },
    });
    expect((await viewOf(order)).history.at(-1)).toMatchObject({ status: 'PACKED', reason: 'NO_SHOW' });
  });

  it('is only for operators to ask for, and for the courier itself [D9]', async () => {
    const { order, courierId } = await assigned();
    expect(await order.rpc.execute({ ...by(newCustomer()), ...NO_SHOW })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    const gaveBack = { courierId, step: 'gave_back', reason: 'BREAKDOWN', atMs: Date.now() } as const;
    expect(await order.rpc.reportCourier({ ...by(objectOf('courier', newCourierId())), ...gaveBack })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    must(await order.rpc.reportCourier({ ...by(objectOf('courier', courierId)), ...gaveBack }));
    expect((await viewOf(order)).status).toBe('PACKED');
  });
});

describe('a delivery', () => {
  it('is on record from the assignment to the door, with what it took [D11] [T3]', async () => {
    const { store, order, courierId, courier } = await assigned();
    const ask = { ask: 'AskDelivery', actor: order.customer } as const;
    expect(must(await order.rpc.ask(ask))).toMatchObject({ courierId, status: 'ASSIGNED', pickedUpAt: null });
    must(await report(store, order, 'handed_over'));
    expect(must(await order.rpc.ask({ ...ask, actor: courier }))).toMatchObject({ status: 'PICKED' });
    must(await reportCourier(order, courierId, 'departed'));
    expect(must(await order.rpc.ask(ask))).toMatchObject({
      status: 'IN_TRANSIT',
      arrivedAt: null,
      actualMinutes: null,
    });
    await order.rpc.courierMoved({ courierId, lat: 12.9784, lng: 77.6409, atMs: Date.now() });
    must(await prove(order, courierId, await doorCode(order)));
    const record = must(await order.rpc.ask(ask));
    expect(record).toMatchObject({
      status: 'DELIVERED',
      estimatedMinutes: 6,
      actualMinutes: expect.any(Number) as number,
    });
    expect(record.id).toBe(order.orderId.replace('ord_', 'dlv_'));
    expect(record.arrivedAt).not.toBeNull();
    expect(must(await order.rpc.view(OPERATOR)).custody).toMatchObject({
      arrived: { courierId },
      proved: { by: 'CODE' },
      waived: ['SEALED'],
      missing: [],
    });
    expect((await viewOf(order)).custody).toBeUndefined();
  });

  it('is none before a courier took it, and for nobody else', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const ask = { ask: 'AskDelivery', actor: order.customer } as const;
    expect(await order.rpc.ask(ask)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    await ride(store, order);
    expect(await order.rpc.ask({ ...ask, actor: newCustomer() })).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('ends by an operator’s word where the code is locked, and the chain names who and why [D11]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    await ride(store, order);
    const override = { do: 'OverrideDelivery', reason: 'Confirmed by phone.', collectedMinor: 0 } as const;
    must(await order.rpc.execute({ ...by(OPERATOR), ...override }));
    await reaches(order, 'CLOSED');
    expect(must(await order.rpc.view(OPERATOR)).custody).toMatchObject({
      proved: { by: 'OVERRIDE', reason: 'Confirmed by phone.' },
      waived: ['SEALED', 'ARRIVED'],
    });
  });
});
