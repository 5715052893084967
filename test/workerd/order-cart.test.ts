import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { CheckoutView } from '../../contracts/rpc/customer.ts';
import type { PlaceOrder } from '../../contracts/rpc/order.ts';
import { asSku } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { customerAt, customerEvents } from './support/customer.ts';
import type { TestCustomer } from './support/customer.ts';
import { eventually, orderAt, orderRows, placeCommand, quote, viewOf } from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { by, levelOf, line, must, newOrderId, openStore } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const DECLINED = { method: 'sandbox', token: 'tok_decline' } as const;

/** A customer whose cart holds two TEA at this store. */
async function withCart(store: TestStore): Promise<TestCustomer> {
  const customer = customerAt();
  const { actor, rpc } = customer;
  const serving = { storeId: store.storeId, deliverTo: { lat: 12.97, lng: 77.64 } };
  must(await rpc.changeCart({ ...by(actor), change: { do: 'SetTerms', serving } }));
  must(
    await rpc.changeCart({ ...by(actor), change: { do: 'SetLine', ...line('TEA', 2), note: '', preference: null } }),
  );
  const { hold } = must(await rpc.cart(actor));
  if (hold === null) throw new Error('the cart has no hold');
  must(await store.rpc.hold({ ...by(actor), holdId: hold.holdId, kind: 'cart', lines: [line('TEA', 2)] }));
  return customer;
}

async function checkOut(customer: TestCustomer, orderId: OrderId = newOrderId()): Promise<CheckoutView> {
  const { cart } = must(await customer.rpc.cart(customer.actor));
  const command = { ...by(customer.actor), orderId, cartVersion: cart.version, bodyDigest: 'd'.repeat(64) };
  return must(await customer.rpc.beginCheckout(command));
}

/** An order of the customer's cart, not placed yet. */
async function orderOf(
  customer: TestCustomer,
  store: TestStore,
  payment?: PlaceOrder['payment'],
): Promise<{ order: TestOrder; command: PlaceOrder }> {
  const order = orderAt(newOrderId(), customer.actor);
  const { cartVersion, hold } = await checkOut(customer, order.orderId);
  const command = placeCommand(order, [quote(store, { TEA: 2 })], payment);
  return { order, command: { ...command, cart: { version: cartVersion, hold } } };
}

async function linesOf({ rpc, actor }: TestCustomer): Promise<[string, number][]> {
  return must(await rpc.cart(actor)).cart.lines.map(({ sku, quantity }) => [sku, quantity]);
}
function settled(customer: TestCustomer): Promise<void> {
  return eventually(async () => (await customerEvents(customer)).some(({ type }) => type === 'cart.checkout_settled'));
}
function stepsOf(order: TestOrder): Promise<{ type: string; hold: string | null }[]> {
  const query = "SELECT event ->> 'type' AS type, event ->> 'holdId' AS hold FROM order_log ORDER BY seq";
  return orderRows(order, query);
}

describe('an order of a cart', () => {
  test('takes over what the store keeps for the cart, and empties the cart [K3] [I3]', async () => {
    const store = await openStore({ TEA: 2 });
    const customer = await withCart(store);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 0, held: 2 });
    const { order, command } = await orderOf(customer, store);
    const { hold } = command.cart ?? {};
    // No unit was free: the cart's own became the order's.
    expect(must(await order.rpc.place(command)).order.status).toBe('ASSIGNED_TO_STORE');
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 0, held: 0, allocated: 2 });
    expect((await stepsOf(order)).find(({ type }) => type === 'stock.held')?.hold).toBe(hold?.holdId);
    await settled(customer);
    expect(await linesOf(customer)).toEqual([]);
  });

  test('holds anew when the cart’s hold is gone [K3] [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const customer = await withCart(store);
    const { order, command } = await orderOf(customer, store);
    const holdId = command.cart?.hold?.holdId;
    if (holdId === undefined) throw new Error('the cart has no hold');
    must(await store.rpc.release({ ...by(customer.actor), holdId, reason: 'TEST' }));
    expect(must(await order.rpc.place(command)).order.status).toBe('ASSIGNED_TO_STORE');
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, held: 0, allocated: 2 });
    expect((await stepsOf(order)).find(({ type }) => type === 'stock.held')?.hold).toBeNull();
    await settled(customer);
    expect(await linesOf(customer)).toEqual([]);
  });

  test('that is not paid gives the units back and leaves the cart, to be ordered again [K3] [O11]', async () => {
    const store = await openStore({ TEA: 2 });
    const customer = await withCart(store);
    const { order, command } = await orderOf(customer, store, DECLINED);
    expect(await order.rpc.place(command)).toMatchObject({ ok: false, error: { code: 'PAYMENT_DECLINED' } });
    await settled(customer);
    await eventually(async () => (await levelOf(store, 'TEA')).held === 0);
    expect(await linesOf(customer)).toEqual([['TEA', 2]]);
    const again = await orderOf(customer, store);
    expect(again.command.cart?.hold?.holdId).not.toBe(command.cart?.hold?.holdId);
    expect(must(await again.order.rpc.place(again.command)).order.status).toBe('ASSIGNED_TO_STORE');
  });

  test('takes out of the cart only what was ordered, when it has changed meanwhile [K1]', async () => {
    const store = await openStore({ TEA: 5 });
    const customer = await withCart(store);
    const { order, command } = await orderOf(customer, store);
    const { rpc, actor } = customer;
    const more = { do: 'SetLine', sku: asSku('JAM'), quantity: 1, note: '', preference: null } as const;
    must(await rpc.changeCart({ ...by(actor), change: more }));
    must(await order.rpc.place(command));
    await settled(customer);
    expect(await linesOf(customer)).toEqual([['JAM', 1]]);
  });

  test('that was placed is found by the cart’s own clock when its word is late [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const customer = await withCart(store);
    const { order, command } = await orderOf(customer, store);
    must(await order.rpc.place(command));
    await settled(customer);
    // As if the order's word had never come: the claim is open again, and looked after.
    await runInDurableObject(customer.stub, (_object, { storage }) => {
      storage.sql.exec("UPDATE checkouts SET status = 'OPEN'");
      storage.sql.exec("INSERT INTO deadlines (kind, ref, due_at_ms) VALUES ('claim', ?, 0)", order.orderId);
      return storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(customer.stub);
    const told = (await customerEvents(customer)).filter(({ type }) => type === 'cart.checkout_settled');
    expect(told.map(({ data }) => 'outcome' in data && data.outcome)).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect((await viewOf(order)).status).toBe('ASSIGNED_TO_STORE');
  });
});
