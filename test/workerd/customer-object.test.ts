import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import type { BeginCheckout, ChangeCart, PayFromWallet } from '../../contracts/rpc/customer.ts';
import type { CartChange } from '../../domain/cart/change.ts';
import { asSku } from '../../domain/shared/ids.ts';
import type { OpId, OrderId } from '../../domain/shared/ids.ts';
import { customerAt, customerEvents, customerRows } from './support/customer.ts';
import type { TestCustomer } from './support/customer.ts';
import { by, must, newOpId, newOrderId, newUserId, OPERATOR, orderActor } from './support/store.ts';

function setLine(sku: string, quantity: number): CartChange {
  return { do: 'SetLine', sku: asSku(sku), quantity, note: '', preference: null };
}
function changeOf({ actor }: TestCustomer, change: CartChange, opId: OpId = newOpId()): ChangeCart {
  return { ...by(actor, opId), change };
}
async function put(customer: TestCustomer, sku: string, quantity: number): Promise<number> {
  return must(await customer.rpc.changeCart(changeOf(customer, setLine(sku, quantity)))).cart.version;
}
async function linesOf(customer: TestCustomer): Promise<Record<string, number>> {
  const { cart } = must(await customer.rpc.cart(customer.actor));
  return Object.fromEntries(cart.lines.map(({ sku, quantity }) => [sku, quantity]));
}

describe('the cart', () => {
  test('is one for all devices of its customer, and is there after a restart [K1]', async () => {
    const [phone, tablet] = [customerAt(), customerAt()];
    const other = customerAt(phone.userId);
    await Promise.all([put(phone, 'TEA', 2), put(other, 'MILK', 1)]);
    await evictDurableObject(phone.stub);
    expect(await linesOf(other)).toEqual({ TEA: 2, MILK: 1 });
    expect(must(await phone.rpc.cart(phone.actor)).cart.version).toBe(2);
    expect(await linesOf(tablet)).toEqual({});
  });

  test('looked at before anything was put in costs no storage [U4]', async () => {
    const customer = customerAt();
    expect(must(await customer.rpc.cart(customer.actor))).toMatchObject({
      cart: { version: 0, lines: [] },
      hold: null,
    });
    expect(await customerRows(customer, "SELECT name FROM sqlite_master WHERE name = 'cart'")).toEqual([]);
  });

  test('is changed once by one operation, also after a restart; another change under its id is refused [X3]', async () => {
    const customer = customerAt();
    const merge: CartChange = {
      do: 'Merge',
      lines: [{ sku: asSku('TEA'), quantity: 60, note: '', preference: null }],
      avoidAllergens: [],
    };
    const command = changeOf(customer, merge);
    await put(customer, 'TEA', 50);
    const first = must(await customer.rpc.changeCart(command));
    expect(first).toMatchObject({ cart: { version: 2 }, cut: [{ sku: 'TEA', wanted: 110, quantity: 99 }] });
    await evictDurableObject(customer.stub);
    expect(must(await customer.rpc.changeCart(command))).toEqual(first);
    const other = changeOf(customer, { do: 'Clear' }, command.opId);
    expect(await customer.rpc.changeCart(other)).toMatchObject({ ok: false, error: { code: 'OP_ID_REUSED' } });
    expect((await customerEvents(customer)).map(({ type }) => type)).toEqual(['cart.line_set', 'cart.merged']);
  });

  test.each<[string, Actor]>([
    ['another customer', { kind: 'customer', userId: newUserId() }],
    ['an operator', OPERATOR],
    ['an order', orderActor(newOrderId())],
  ])('is nothing to %s [U4] [X8]', async (_, actor) => {
    const customer = customerAt();
    await put(customer, 'TEA', 1);
    const orderId = newOrderId();
    const answers = [
      await customer.rpc.cart(actor),
      await customer.rpc.changeCart({ ...by(actor), change: { do: 'Clear' } }),
      await customer.rpc.beginCheckout({ ...by(actor), orderId, cartVersion: 1, bodyDigest: 'a' }),
      await customer.rpc.settleCheckout({ ...by(actor), orderId, outcome: 'CONFIRMED', tookHold: false }),
      await customer.rpc.wallet({ actor, limit: 5 }),
    ];
    expect(answers.map((answer) => !answer.ok && answer.error.code)).toEqual(answers.map(() => 'FORBIDDEN'));
    expect(await linesOf(customer)).toEqual({ TEA: 1 });
  });
});

function checkoutOf(customer: TestCustomer, orderId: OrderId, cartVersion: number): BeginCheckout {
  return { ...by(customer.actor), orderId, cartVersion, bodyDigest: 'a'.repeat(64) };
}
function settle(customer: TestCustomer, orderId: OrderId, outcome: 'CONFIRMED' | 'FAILED') {
  return customer.rpc.settleCheckout({ ...by(orderActor(orderId)), orderId, outcome, tookHold: false });
}

describe('a checkout', () => {
  test('of one version is one order’s, however many tap at once; the others are told whose [X3] [O11]', async () => {
    const customer = customerAt();
    const version = await put(customer, 'TEA', 2);
    const orders = Array.from({ length: 10 }, newOrderId);
    const answers = await Promise.all(
      orders.map((id) => customer.rpc.beginCheckout(checkoutOf(customer, id, version))),
    );
    const winner = orders[answers.findIndex(({ ok }) => ok)];
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers.filter(({ ok }) => !ok)) {
      expect(answer).toMatchObject({ error: { code: 'CHECKOUT_OPEN', numbers: { orderId: winner } } });
    }
  });

  test('is told again to the same order, after a restart and whatever the cart has become [X3]', async () => {
    const customer = customerAt();
    const version = await put(customer, 'TEA', 2);
    const command = checkoutOf(customer, newOrderId(), version);
    const first = must(await customer.rpc.beginCheckout(command));
    await put(customer, 'JAM', 1);
    await evictDurableObject(customer.stub);
    expect(must(await customer.rpc.beginCheckout(command))).toEqual(first);
    const old = await customer.rpc.beginCheckout(checkoutOf(customer, newOrderId(), version + 5));
    expect(old).toMatchObject({ error: { code: 'CART_CHANGED', numbers: { cartVersion: version + 1 } } });
  });

  test('that was confirmed takes out what was ordered, once, and leaves what was put in meanwhile [K1]', async () => {
    const customer = customerAt();
    const command = checkoutOf(customer, newOrderId(), await put(customer, 'TEA', 2));
    must(await customer.rpc.beginCheckout(command));
    await put(customer, 'JAM', 1);
    must(await settle(customer, command.orderId, 'CONFIRMED'));
    must(await settle(customer, command.orderId, 'CONFIRMED'));
    expect(await linesOf(customer)).toEqual({ JAM: 1 });
  });

  test('that failed leaves the cart as it was, to be ordered again [X3]', async () => {
    const customer = customerAt();
    const version = await put(customer, 'TEA', 2);
    const command = checkoutOf(customer, newOrderId(), version);
    must(await customer.rpc.beginCheckout(command));
    must(await settle(customer, command.orderId, 'FAILED'));
    expect(await linesOf(customer)).toEqual({ TEA: 2 });
    must(await customer.rpc.beginCheckout(checkoutOf(customer, newOrderId(), version)));
  });

  test('whose order never came into being does not lock the cart for ever [X3]', async () => {
    const customer = customerAt();
    const version = await put(customer, 'TEA', 2);
    must(await customer.rpc.beginCheckout(checkoutOf(customer, newOrderId(), version)));
    // Its time is over: the alarm asks the order, which nobody has placed.
    await runInDurableObject(customer.stub, (_object, { storage }) => {
      storage.sql.exec("UPDATE deadlines SET due_at_ms = 0 WHERE kind = 'claim'");
      return storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(customer.stub);
    must(await customer.rpc.beginCheckout(checkoutOf(customer, newOrderId(), version)));
    const settled = (await customerEvents(customer)).filter(({ type }) => type === 'cart.checkout_settled');
    expect(settled).toMatchObject([{ data: { outcome: 'LAPSED' } }]);
  });
});

function pay(orderId: OrderId, what: PayFromWallet['do'], amountMinor: number, currency = 'INR'): PayFromWallet {
  return { ...by(orderActor(orderId)), do: what, orderId, amountMinor, currency };
}
async function funded(amountMinor: number): Promise<TestCustomer> {
  const customer = customerAt();
  must(await customer.rpc.creditWallet({ ...by(OPERATOR), amountMinor, currency: 'INR', reason: 'goodwill' }));
  return customer;
}

describe('the wallet', () => {
  test('reserves, takes the actual and gives back, and shows it page by page [Y6]', async () => {
    const customer = await funded(1000);
    const orderId = newOrderId();
    const approved = { outcome: 'approved', providerRef: `wallet:${orderId}` };
    expect(must(await customer.rpc.payFromWallet(pay(orderId, 'authorize', 700)))).toEqual({
      ...approved,
      amountMinor: 700,
    });
    expect(must(await customer.rpc.payFromWallet(pay(orderId, 'capture', 600)))).toEqual({
      ...approved,
      amountMinor: 600,
    });
    await evictDurableObject(customer.stub);
    expect(must(await customer.rpc.payFromWallet(pay(orderId, 'refund', 600)))).toEqual({
      ...approved,
      amountMinor: 600,
    });
    const found = must(await customer.rpc.findWalletPayment({ actor: orderActor(orderId), orderId }));
    expect(found).toMatchObject({ status: 'REFUNDED', authorizedMinor: 700, capturedMinor: 600, refundedMinor: 600 });
    const first = must(await customer.rpc.wallet({ actor: customer.actor, limit: 3 }));
    expect(first).toMatchObject({ currency: 'INR', availableMinor: 1000, reservedMinor: 0, before: 2 });
    expect(first.entries.map(({ kind, availableMinor }) => [kind, availableMinor])).toEqual([
      ['refunded', 600],
      ['captured', 100],
      ['reserved', -700],
    ]);
    const rest = must(await customer.rpc.wallet({ actor: customer.actor, limit: 3, before: 2 }));
    expect(rest).toMatchObject({ entries: [{ kind: 'credited' }], before: null });
  });

  test('of many orders at once gives out no more than there is [Y6]', async () => {
    const customer = await funded(1000);
    const asked = Array.from({ length: 10 }, () => customer.rpc.payFromWallet(pay(newOrderId(), 'authorize', 300)));
    const outcomes = (await Promise.all(asked)).map((answer) => must(answer).outcome);
    expect(outcomes.filter((outcome) => outcome === 'approved')).toHaveLength(3);
    const wallet = must(await customer.rpc.wallet({ actor: customer.actor, limit: 1 }));
    expect(wallet).toMatchObject({ availableMinor: 100, reservedMinor: 900 });
  });

  test('moves money once for one operation, and says of a declined payment that it was [Y4] [Y6]', async () => {
    const customer = await funded(1000);
    const orderId = newOrderId();
    const command = pay(orderId, 'authorize', 2000);
    const declined = { outcome: 'declined', reason: 'insufficient_funds' };
    expect(must(await customer.rpc.payFromWallet(command))).toEqual(declined);
    must(await customer.rpc.creditWallet({ ...by(OPERATOR), amountMinor: 5000, currency: 'INR', reason: 'goodwill' }));
    expect(must(await customer.rpc.payFromWallet(command))).toEqual(declined);
    const found = must(await customer.rpc.findWalletPayment({ actor: orderActor(orderId), orderId }));
    expect(found).toMatchObject({ status: 'DECLINED' });
    const foreign = must(await customer.rpc.payFromWallet(pay(newOrderId(), 'authorize', 1, 'EUR')));
    expect(foreign).toEqual({ outcome: 'declined', reason: 'currency_mismatch' });
  });

  test('is credited by operators, and gives refunds of orders room; by nobody else [U4] [Y6]', async () => {
    const customer = await funded(1000);
    const credit = { amountMinor: 5, currency: 'INR', reason: 'x' };
    expect(await customer.rpc.creditWallet({ ...by(customer.actor), ...credit })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    must(await customer.rpc.creditWallet({ ...by(orderActor(newOrderId())), ...credit }));
    const euro = await customer.rpc.creditWallet({ ...by(OPERATOR), ...credit, currency: 'EUR' });
    expect(euro).toMatchObject({ error: { code: 'CURRENCY_MISMATCH' } });
    expect(await customer.rpc.payFromWallet({ ...pay(newOrderId(), 'authorize', 1), actor: OPERATOR })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    const postings = await customerRows<{ postings: string }>(
      customer,
      'SELECT postings FROM wallet_entries ORDER BY seq',
    );
    expect(postings.map((row) => JSON.parse(row.postings)[0])).toEqual([
      { account: 'top_up', amountMinor: -1000 },
      { account: 'refund', amountMinor: -5 },
    ]);
    expect((await customerEvents(customer)).map(({ type }) => type)).toEqual(['wallet.credited', 'wallet.credited']);
  });
});
