import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import { audit, by, levelOf, must, newCourierId, newStoreId, newUserId, openStore, OPERATOR } from './support/store.ts';
import {
  doorCode,
  eventually,
  logOf,
  messagesOf,
  muteRefusingCouriers,
  newCustomer,
  objectOf,
  orderEvents,
  placeAt,
  prove,
  providerOf,
  reaches,
  report,
  reportCourier,
  ride,
  viewOf,
  ZONE,
} from './support/order.ts';

beforeEach(muteRefusingCouriers);

const WRONG = { ok: false, error: { code: 'DELIVERY_CODE_WRONG' } };

function staff(storeId: StoreId): Actor {
  return { kind: 'staff', userId: newUserId(), storeId };
}

/** A code of four digits that is not this one. */
function other(code: string): string {
  return code === '0000' ? '1111' : '0000';
}

describe('cancelling', () => {
  it('by the customer before picking: stock back, money voided, pick task gone [O9] [Y7]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const cancelled = must(await order.rpc.cancel({ ...by(order.customer), reason: 'changed my mind' }));
    expect(cancelled).toMatchObject({ status: 'CANCELLED', cancelReason: 'changed my mind' });
    await eventually(async () => (await viewOf(order)).payment.status === 'VOIDED');
    await eventually(async () => (await levelOf(store, 'TEA')).available === 5);
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ status: 'VOIDED', capturedMinor: 0 });
    expect((await audit(store)).discrepancies).toEqual([]);
    expect((await orderEvents(order)).at(-1)).toMatchObject({
      type: 'order.cancelled',
      data: { from: 'ASSIGNED_TO_STORE', reason: 'BY_CUSTOMER', actor: { kind: 'customer' } },
    });
  });

  it('is too late for the customer once picking started, and the order goes on [O9]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    const refused = await order.rpc.cancel({ ...by(order.customer), reason: 'x' });
    expect(refused).toMatchObject({ error: { code: 'ORDER_NOT_CANCELLABLE', numbers: { status: 'PICKING' } } });
    expect((await viewOf(order)).status).toBe('PICKING');
  });

  it('by an operator when packed and captured: refunded, courier and zone told [O9] [Y7]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = newCourierId();
    must(await report(store, order, 'claimed'));
    must(await reportCourier(order, courierId, 'accepted'));
    must(await report(store, order, 'packed'));
    await eventually(async () => (await viewOf(order)).payment.status === 'CAPTURED');
    must(await order.rpc.cancel({ ...by(OPERATOR), reason: 'recall' }));
    await reaches(order, 'REFUNDED');
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ capturedMinor: 2500, refundedMinor: 2500 });
    expect((await messagesOf(order)).map(({ what }) => what)).toEqual([
      'zone requestCourier',
      'courier confirmJob',
      'store announceCourier',
      'store cancelPick',
      'zone withdraw',
      'courier moveJob',
    ]);
    await eventually(async () => (await levelOf(store, 'TEA')).available === 5);
  });

  it('said twice under one id is done once; another body under it is refused [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const command = { ...by(order.customer), reason: 'x' };
    must(await order.rpc.cancel(command));
    const entries = (await logOf(order)).filter((type) => type === 'order.cancelled');
    must(await order.rpc.cancel(command));
    expect(await order.rpc.cancel({ ...command, reason: 'y' })).toMatchObject({ error: { code: 'OP_ID_REUSED' } });
    expect((await logOf(order)).filter((type) => type === 'order.cancelled')).toEqual(entries);
  });

  it('of a delivery that failed at the door is an operator’s, and refunds [O9]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    await ride(store, order);
    expect(await order.rpc.cancel({ ...by(order.customer), reason: 'x' })).toMatchObject({ ok: false });
    must(await order.rpc.cancel({ ...by(OPERATOR), reason: 'nobody there' }));
    await reaches(order, 'REFUNDED');
  });
});

describe('at the door', () => {
  it('the right code delivers, once, however often it is sent [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const proof = { ...by(objectOf('courier', courierId)), courierId, shown: { code: await doorCode(order) } };
    must(await order.rpc.proveDelivery(proof));
    must(await order.rpc.proveDelivery(proof));
    await reaches(order, 'CLOSED');
    expect((await logOf(order)).filter((type) => type === 'order.delivered')).toHaveLength(1);
  });

  it('five wrong codes lock it, and the right one comes too late', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const code = await doorCode(order);
    const first = { ...by(objectOf('courier', courierId)), courierId, shown: { code: other(code) } };
    for (let times = 0; times < 3; times += 1) {
      // The same try, sent again because its answer was lost, counts once.
      expect(await order.rpc.proveDelivery(first)).toMatchObject({ ...WRONG, error: { numbers: { triesLeft: 4 } } });
    }
    for (let triesLeft = 3; triesLeft >= 0; triesLeft -= 1) {
      expect(await prove(order, courierId, other(code))).toMatchObject({ ...WRONG, error: { numbers: { triesLeft } } });
    }
    expect(await prove(order, courierId, code)).toMatchObject({ error: { code: 'DELIVERY_CODE_LOCKED' } });
    expect((await viewOf(order)).status).toBe('IN_TRANSIT');
  });

  it('only the courier who carries it may prove anything', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    const code = await doorCode(order);
    expect(await prove(order, newCourierId(), code)).toMatchObject({ error: { code: 'NOT_ASSIGNED' } });
    const posing = { ...by(objectOf('courier', newCourierId())), courierId, shown: { code } };
    expect(await order.rpc.proveDelivery(posing)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(await order.rpc.proveDelivery({ ...posing, ...by(order.customer) })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
  });
});

describe('who may do what', () => {
  it('sees an order: its customer, its store’s staff, its courier, operators; to others it does not exist', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    const courierId = newCourierId();
    const courier: Actor = { kind: 'courier', userId: newUserId(), courierId, zoneId: ZONE };
    expect(await order.rpc.view(courier)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    must(await reportCourier(order, courierId, 'accepted'));
    for (const actor of [courier, staff(store.storeId), OPERATOR]) {
      expect(must(await order.rpc.view(actor)).deliveryCode).toBeUndefined();
      expect(JSON.stringify(must(await order.rpc.tracking(actor)))).not.toContain('Blue gate');
    }
    expect((await viewOf(order)).deliveryCode).toMatch(/^\d{4}$/);
    const strangers = [newCustomer(), staff(newStoreId()), { ...courier, courierId: newCourierId() }];
    for (const actor of [...strangers, objectOf('store', store.storeId)]) {
      expect(await order.rpc.view(actor)).toMatchObject({ error: { code: 'NOT_FOUND' } });
      expect(await order.rpc.tracking(actor)).toMatchObject({ error: { code: 'NOT_FOUND' } });
      expect(await order.rpc.cancel({ ...by(actor), reason: 'x' })).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
    for (const actor of [courier, staff(store.storeId)]) {
      expect(await order.rpc.cancel({ ...by(actor), reason: 'x' })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
  });

  it('moves an order: the objects of its store and of couriers for themselves, nobody else', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const step = { storeId: store.storeId, step: 'claimed', atMs: Date.now() } as const;
    for (const actor of [objectOf('store', newStoreId()), objectOf('order', order.orderId), order.customer, OPERATOR]) {
      expect(await order.rpc.reportPick({ ...by(actor), ...step })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    const accepted = { courierId: newCourierId(), step: 'accepted', atMs: Date.now() } as const;
    // Not even the courier: who may have an order is decided by the courier's object, which had the offer.
    const rider: Actor = { kind: 'courier', userId: newUserId(), courierId: accepted.courierId, zoneId: ZONE };
    for (const actor of [
      rider,
      objectOf('courier', newCourierId()),
      objectOf('store', store.storeId),
      order.customer,
    ]) {
      expect(await order.rpc.reportCourier({ ...by(actor), ...accepted })).toMatchObject({
        error: { code: 'FORBIDDEN' },
      });
    }
    const notice = { provider: 'sandbox', providerEventId: 'evt_1' } as const;
    expect(await order.rpc.notePayment({ ...by(order.customer), ...notice })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
  });

  it('names both ends of a step that is not legal, and changes nothing [O3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const before = await logOf(order);
    expect(await report(store, order, 'handed_over')).toMatchObject({
      error: { code: 'ILLEGAL_TRANSITION', numbers: { from: 'ASSIGNED_TO_STORE', to: 'PICKED_UP' } },
    });
    expect(await logOf(order)).toEqual(before);
  });

  it('a second courier who accepts is sent home', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    const [first, second] = [newCourierId(), newCourierId()];
    must(await reportCourier(order, first, 'accepted'));
    must(await reportCourier(order, second, 'accepted'));
    const told = (await messagesOf(order)).filter(({ what }) => what === 'courier moveJob');
    expect(told.map(({ command }) => command)).toMatchObject([{ step: 'withdrawn', orderId: order.orderId }]);
  });
});
