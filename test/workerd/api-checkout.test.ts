import { beforeAll, describe, expect, test } from 'vitest';
import { CartView } from '../../contracts/http/cart.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { QuoteView } from '../../contracts/http/quotes.ts';
import { bearer, bodyOf, call, codeOf, DOOR, openShop, publishNetwork } from './support/api.ts';
import { newCustomer } from './support/order.ts';
import { levelOf } from './support/store.ts';
import type { TestStore } from './support/store.ts';

let shop: TestStore;

beforeAll(async () => {
  shop = await openShop({ ASSAM: 500, RARE: 4, DECLINED: 10, CHANGED: 10, TAPPED: 10, QUOTED: 4 });
  await publishNetwork(1, [{ storeId: shop.storeId, metresSouth: 300 }]);
});

const PAID = { method: 'sandbox', token: 'tok_approve' };
let keys = 0;
function newKey(): string {
  keys += 1;
  return `checkout-${String(keys).padStart(6, '0')}`;
}

async function shopper() {
  const headers = await bearer(newCustomer());
  function send(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
    const keyed = key === undefined ? headers : { ...headers, 'idempotency-key': key };
    return call(`/api/v1${path}`, { method, headers: keyed, ...(body === undefined ? {} : { body }) });
  }
  await bodyOf(CartView, await send('PUT', '/cart', { deliverTo: DOOR }));
  return {
    send,
    put: async (sku: string, quantity: number) =>
      bodyOf(CartView, await send('PUT', `/cart/lines/${sku}`, { quantity })),
    look: async () => bodyOf(CartView, await send('GET', '/cart')),
    order: (cartVersion: number, key = newKey(), more: object = {}) =>
      send('POST', '/orders', { deliverTo: DOOR, cartVersion, payment: PAID, ...more }, key),
  };
}

describe('POST orders of a cart', () => {
  test('orders what is in it, with the very units that were kept for it, and empties it [K3] [K4]', async () => {
    const { put, look, order } = await shopper();
    await put('ASSAM', 2);
    const cart = await put('RARE', 4);
    expect((await levelOf(shop, 'RARE')).available).toBe(0);
    const placed = await bodyOf(OrderView, await order(cart.version));
    expect(placed).toMatchObject({ status: 'ASSIGNED_TO_STORE', storeId: shop.storeId });
    expect(placed.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['ASSAM', 2],
      ['RARE', 4],
    ]);
    expect(await levelOf(shop, 'RARE')).toMatchObject({ available: 0, held: 0, allocated: 4 });
    await expect.poll(async () => (await look()).lines).toEqual([]);
  });

  test('again under the same key is the same order, also once the cart is empty [X3]', async () => {
    const { put, look, order } = await shopper();
    const { version } = await put('ASSAM', 1);
    const key = newKey();
    const first = await (await order(version, key)).text();
    await expect.poll(async () => (await look()).lines).toEqual([]);
    const again = await order(version, key);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(first);
    const other = await order(version, key, { deliverTo: { ...DOOR, note: 'elsewhere' } });
    expect([other.status, await codeOf(other)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('tapped twice under two keys is one order: the second is told so [X3] [O11]', async () => {
    const { put, order } = await shopper();
    const { version } = await put('TAPPED', 2);
    const answers = await Promise.all(Array.from({ length: 6 }, () => order(version)));
    const codes = await Promise.all(answers.map(async (answer) => (answer.status === 201 ? 'placed' : codeOf(answer))));
    expect(codes.filter((code) => code === 'placed')).toHaveLength(1);
    for (const code of codes) expect(['placed', 'CHECKOUT_OPEN', 'CART_CHANGED']).toContain(code);
    expect(await levelOf(shop, 'TAPPED')).toMatchObject({ available: 8, held: 0, allocated: 2 });
  });

  test('that has changed since, or is empty, is refused with what it is now [K4]', async () => {
    const { put, order, send } = await shopper();
    const { version } = await put('CHANGED', 1);
    await put('CHANGED', 2);
    const response = await order(version);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'CART_CHANGED', numbers: { cartVersion: version + 1 } });
    const emptied = await bodyOf(CartView, await send('DELETE', '/cart'));
    expect(await codeOf(await order(emptied.version))).toBe('CART_EMPTY');
    expect(await levelOf(shop, 'CHANGED')).toMatchObject({ available: 10, held: 0, allocated: 0 });
  });

  test('that was not paid can be ordered again at once [K3]', async () => {
    const { put, look, order } = await shopper();
    const { version } = await put('DECLINED', 2);
    const declined = await order(version, newKey(), { payment: { method: 'sandbox', token: 'tok_decline' } });
    expect(await codeOf(declined)).toBe('PAYMENT_DECLINED');
    expect((await look()).lines).toMatchObject([{ sku: 'DECLINED', quantity: 2 }]);
    await expect.poll(async () => (await order(version)).status).toBe(201);
  });

  test('costs what its quote says, kept units included [K4] [P5]', async () => {
    const { put, order, send } = await shopper();
    const { version } = await put('QUOTED', 4);
    const quote = await bodyOf(QuoteView, await send('POST', '/quotes', { deliverTo: DOOR, cartVersion: version }));
    const placed = await bodyOf(OrderView, await order(version, newKey(), { quote: quote.quote }));
    expect(placed.totals.total).toEqual(quote.totals.total);
  });

  test.each<[string, object]>([
    ['lines beside the cart', { lines: [{ sku: 'ASSAM', quantity: 1 }] }],
    ['allergens beside the cart', { avoidAllergens: ['milk'] }],
    ['a version below zero', { cartVersion: -1 }],
    ['a version in words', { cartVersion: '1' }],
    ['neither lines nor a cart', { cartVersion: undefined }],
    ['a foreign cart', { customerId: 'usr_00000000000000000000000001' }],
  ])('with %s is refused, and nothing is opened [X8]', async (_, more) => {
    const { put, look, order } = await shopper();
    const { version } = await put('ASSAM', 1);
    const refused = await order(version, newKey(), more);
    expect([refused.status, await codeOf(refused)]).toEqual([400, 'INVALID_INPUT']);
    expect(await look()).toMatchObject({ version, lines: [{ sku: 'ASSAM' }] });
    expect((await order(version)).status).toBe(201);
  });
});
