import { runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from '../../durable/kit/deadlines.ts';
import { parseOrderNumber } from '../../domain/order/number.ts';
import {
  audit,
  by,
  levelOf,
  must,
  newCourierId,
  newOpId,
  openStore,
  rowsOf,
  storeAt,
  newStoreId,
} from './support/store.ts';
import {
  doorCode,
  eventually,
  logOf,
  messagesOf,
  muteRefusingCouriers,
  newCustomer,
  newOrder,
  orderEvents,
  orderRows,
  paymentEvents,
  placeAt,
  placeCommand,
  providerOf,
  reaches,
  prove,
  quote,
  report,
  reportCourier,
  ride,
  viewOf,
} from './support/order.ts';

beforeEach(muteRefusingCouriers);

describe('placing an order', () => {
  it('holds, pays and commits, and answers with number, promise and totals [O1] [O8]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order, view } = await placeAt(store);
    expect(view).toMatchObject({
      id: order.orderId,
      status: 'ASSIGNED_TO_STORE',
      aliases: { fulfilment: 'assigned', marketplace: 'PENDING' },
      storeId: store.storeId,
      totals: { items: { amount: 2000 }, deliveryFee: { amount: 500 }, total: { amount: 2500, currency: 'INR' } },
      payment: { method: 'sandbox', status: 'AUTHORIZED' },
    });
    expect(parseOrderNumber(view.number)).toEqual({ ok: true, value: view.number });
    expect(Date.parse(view.promisedAt ?? '') - Date.parse(view.placedAt)).toBe(15 * 60_000);
    expect(view.history.map(({ seq, status }) => [seq, status])).toEqual([
      [1, 'PENDING'],
      // Between them a watcher was told of the money.
      [3, 'CONFIRMED'],
      [4, 'ASSIGNED_TO_STORE'],
    ]);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, held: 0, allocated: 2 });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 2500 });
  });

  it('gives the same answer to the same key and body, whatever happened since [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order, view } = await placeAt(store);
    const again = placeCommand(order, [quote(store, { TEA: 2 })]);
    must(await report(store, order, 'claimed'));
    expect(must(await order.rpc.place(again))).toEqual({ order: view, replayed: true });
    // A retry may come when no store could serve it any more.
    expect(must(await order.rpc.place({ ...again, opId: newOpId(), candidates: [] }))).toMatchObject({
      replayed: true,
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ allocated: 2 });
  });

  it('is placed by the retry when the first try could not be written [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const order = newOrder();
    const command = placeCommand(order, [quote(store, { TEA: 2 })]);
    const full = vi.spyOn(Deadlines.prototype, 'set').mockImplementationOnce(() => {
      throw new Error('the disk is full');
    });
    await runInDurableObject(order.stub, (object) => expect(object.place(command)).rejects.toThrow('the disk is full'));
    full.mockRestore();
    expect(must(await order.rpc.place(command))).toMatchObject({
      replayed: false,
      order: { status: 'ASSIGNED_TO_STORE' },
    });
    expect((await logOf(order))[0]).toBe('order.placed');
  });

  it('refuses the same key with another body, and changes nothing [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const before = await logOf(order);
    const other = { ...placeCommand(order, [quote(store, { TEA: 1 })]), bodyDigest: 'e'.repeat(64) };
    expect(await order.rpc.place(other)).toMatchObject({ ok: false, error: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await logOf(order)).toEqual(before);
  });

  it('is one order and one charge, however many requests place it at once [X3] [O11]', async () => {
    const store = await openStore({ TEA: 50 });
    const order = newOrder();
    const command = placeCommand(order, [quote(store, { TEA: 2 })]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => order.rpc.place(command)));
    const orders = answers.map((answer) => JSON.stringify(must(answer).order));
    expect(new Set(orders).size).toBe(1);
    expect(await levelOf(store, 'TEA')).toMatchObject({ allocated: 2, held: 0 });
    const paid = (await logOf(order)).filter((type) => type === 'payment.authorized');
    expect(paid).toHaveLength(1);
  });

  it('takes the next store when the first is short, at that store’s price', async () => {
    const [near, far] = [await openStore({ TEA: 1 }), await openStore({ TEA: 9 })];
    const order = newOrder();
    const dearer = { ...quote(far, { TEA: 2 }), deliveryFeeMinor: 900, totalMinor: 2900 };
    const placed = must(await order.rpc.place(placeCommand(order, [quote(near, { TEA: 2 }), dearer])));
    expect(placed.order).toMatchObject({ storeId: far.storeId, totals: { total: { amount: 2900 } } });
    expect(await levelOf(near, 'TEA')).toMatchObject({ available: 1, held: 0 });
    const [first] = await orderEvents(order);
    expect(first).toMatchObject({ type: 'order.placed', data: { totalMinor: 2900, deliveryFeeMinor: 900 } });
  });

  it('names what is short when no store has it, and charges nothing [I3]', async () => {
    const store = await openStore({ TEA: 1 });
    const order = newOrder();
    const command = placeCommand(order, [quote(store, { TEA: 2 })]);
    const refusal = {
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ sku: 'TEA', requested: 2, available: 1 }] } },
    };
    expect(await order.rpc.place(command)).toMatchObject(refusal);
    expect(await order.rpc.place(command)).toMatchObject(refusal);
    expect(await providerOf(order).find(order.orderId)).toBeNull();
    expect((await viewOf(order)).status).toBe('CANCELLED');
    expect((await orderEvents(order)).map(({ type }) => type)).toEqual(['order.placed', 'order.cancelled']);
  });

  it('passes over a store that sells none of it or is no store at all', async () => {
    const order = newOrder();
    const nobody = storeAt(newStoreId());
    const refused = await order.rpc.place(placeCommand(order, [quote(nobody, { TEA: 2 })]));
    expect(refused).toMatchObject({ ok: false });
    expect((await viewOf(order)).status).toBe('CANCELLED');
  });

  it('is for the customer who signed in, in the order’s own object', async () => {
    const store = await openStore({ TEA: 5 });
    const order = newOrder();
    const command = placeCommand(order, [quote(store, { TEA: 2 })]);
    expect(await order.rpc.place({ ...command, actor: newCustomer() })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(await order.rpc.view(order.customer)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('leaves nothing behind for a made-up id', async () => {
    const order = newOrder();
    expect(await order.rpc.view(order.customer)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    const cancel = { ...by(order.customer), reason: 'x' };
    expect(await order.rpc.cancel(cancel)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    const tables = await runInDurableObject(order.stub, (_object, state) =>
      state.storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
    );
    expect(tables).toEqual([]);
  });
});

describe('paying', () => {
  it('declined: the order is cancelled and the stock is back on the shelf [Y4] [O9]', async () => {
    const store = await openStore({ TEA: 5 });
    const order = newOrder();
    const command = placeCommand(order, [quote(store, { TEA: 2 })], { method: 'sandbox', token: 'tok_decline' });
    expect(await order.rpc.place(command)).toMatchObject({ ok: false, error: { code: 'PAYMENT_DECLINED' } });
    await eventually(async () => (await levelOf(store, 'TEA')).available === 5);
    expect((await paymentEvents(order)).map(({ type }) => type)).toEqual(['payment.requested', 'payment.declined']);
  });

  it('charged but not answered: asked about, not charged again [Y4]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order, view } = await placeAt(store, { method: 'sandbox', token: 'tok_timeout_after_charge' });
    expect(view).toMatchObject({ status: 'ASSIGNED_TO_STORE', payment: { status: 'AUTHORIZED' } });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ authorizedMinor: 2500 });
    expect((await logOf(order)).filter((type) => type === 'payment.authorized')).toHaveLength(1);
  });

  it('approved late: answered as pending at once, confirmed by the provider’s signed notice [Y5]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order, view } = await placeAt(store, { method: 'sandbox', token: 'tok_approve_late' });
    expect(view).toMatchObject({
      status: 'PENDING',
      payment: { status: 'PENDING', action: { kind: 'WAIT_FOR_PROVIDER' } },
    });
    expect(Date.parse(view.payment.action?.until ?? '')).toBeGreaterThan(Date.now());
    await reaches(order, 'ASSIGNED_TO_STORE');
    expect(await logOf(order)).toContain('payment.noted');
    expect(await levelOf(store, 'TEA')).toMatchObject({ allocated: 2 });
  });

  it('the provider is away: answered before that is settled, given up in the background, nothing held or charged [Y4] [O10] [O13] [Z2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order, view } = await placeAt(store, { method: 'sandbox', token: 'tok_unavailable' });
    expect(view.status).toBe('PENDING');
    await eventually(async () => (await viewOf(order)).payment.status === 'VOIDED');
    expect(await viewOf(order)).toMatchObject({ status: 'CANCELLED' });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ status: 'VOIDED', authorizedMinor: 0 });
    await eventually(async () => (await levelOf(store, 'TEA')).available === 5);
  }, 15_000);

  it('by cash is promised at the store and collected at the door [Y1] [Y8]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order, view } = await placeAt(store, { method: 'cod' });
    expect(view).toMatchObject({ status: 'ASSIGNED_TO_STORE', payment: { method: 'cod', status: 'DUE_ON_DELIVERY' } });
    const courierId = await ride(store, order);
    const code = await doorCode(order);
    expect(await prove(order, courierId, code)).toMatchObject({
      error: { code: 'INVALID_INPUT', numbers: { dueMinor: 2500 } },
    });
    must(await prove(order, courierId, code, 2500));
    await reaches(order, 'CLOSED');
    expect((await paymentEvents(order)).map(({ type }) => type)).toEqual(['payment.requested', 'payment.captured']);
  });

  it('play money is refused in production', async () => {
    const store = await openStore({ TEA: 5 });
    const order = newOrder();
    const refused = await runInDurableObject(order.stub, (object) => {
      Object.assign(object, { env: { ...(object as unknown as { env: object }).env, ENVIRONMENT: 'production' } });
      return object.place(placeCommand(order, [quote(store, { TEA: 2 })]));
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE' } });
  });
});

describe('the whole life', () => {
  it('goes to the door and closes, its money captured, its events in order [O4] [O7] [Y5]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const courierId = await ride(store, order);
    must(await prove(order, courierId, await doorCode(order)));
    await reaches(order, 'CLOSED');
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ status: 'CAPTURED', capturedMinor: 2500 });
    const events = await orderEvents(order);
    expect(events.map(({ type }) => type)).toEqual([
      'order.placed',
      'order.confirmed',
      'order.assigned_to_store',
      'order.picking_started',
      'order.ready',
      'order.courier_assigned',
      'order.picked_up',
      'order.departed',
      'order.delivered',
      'order.closed',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect((await paymentEvents(order)).map(({ type }) => type)).toEqual([
      'payment.requested',
      'payment.authorized',
      'payment.captured',
    ]);
    const view = await viewOf(order);
    expect(view.deliveryCode).toBeUndefined();
    expect(view.history.every(({ by: who, at }) => who.includes(':') && at.endsWith('Z'))).toBe(true);
  });

  it('captures and shows what was packed, not what was reserved [Y4] [F8]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    must(await report(store, order, 'packed', [{ sku: 'TEA' as never, quantity: 1 }]));
    await eventually(async () => (await viewOf(order)).payment.status === 'CAPTURED');
    expect(await viewOf(order)).toMatchObject({
      lines: [{ quantity: 2, pickedQuantity: 1, total: { amount: 1000 } }],
      totals: { items: { amount: 1000 }, total: { amount: 1500 } },
    });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ authorizedMinor: 2500, capturedMinor: 1500 });
  });

  it('costs four commits to place and one log a step, all outbox rows in the same transactions', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const steps = await orderRows<{ at_ms: number }>(order, 'SELECT at_ms FROM order_log');
    expect(await logOf(order)).toEqual([
      'order.placed',
      'call.started',
      'stock.held',
      'call.started',
      'payment.authorized',
      'call.started',
      'stock.allocated',
      'order.confirmed',
      'order.assigned_to_store',
    ]);
    expect(steps).toHaveLength(9);
    expect((await audit(store)).discrepancies).toEqual([]);
    expect(await rowsOf(store, "SELECT 1 AS row FROM holds WHERE status = 'HELD'")).toEqual([]);
  });

  it('tells the zone when the bags are ready and nobody has come yet [D6]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    must(await report(store, order, 'packed'));
    const messages = await messagesOf(order);
    expect(messages.map(({ what }) => what)).toEqual(['zone requestCourier', 'zone announceReady']);
    const [requested, ready] = messages.map(({ command }) => Number(command['readyAtMs']));
    expect(ready).toBeLessThan(requested ?? 0);
  });

  it('tells courier and store of each other, and the zone that it needs somebody', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    must(await report(store, order, 'claimed'));
    const courierId = newCourierId();
    must(await reportCourier(order, courierId, 'accepted'));
    const messages = await messagesOf(order);
    expect(messages.map(({ what }) => what)).toEqual([
      'zone requestCourier',
      'courier confirmJob',
      'store announceCourier',
    ]);
    expect(messages[1]?.command).toMatchObject({ collectMinor: 0, dropNote: 'Blue gate' });
    expect(messages[1]?.command['handoverCode']).toBe(messages[2]?.command['handoverCode']);
    expect(messages[2]?.command['handoverCode']).toMatch(/^\d{6}$/);
  });
});
