import { evictDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, test } from 'vitest';
import { CartView } from '../../contracts/http/cart.ts';
import { WalletBody } from '../../contracts/http/wallet.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import {
  bearer,
  bodyOf,
  call,
  codeOf,
  DOOR,
  FAR_AWAY,
  openShop,
  OPERATOR_BEARER,
  publishNetwork,
} from './support/api.ts';
import { customerAt, customerEvents, customerRows } from './support/customer.ts';
import { newCustomer } from './support/order.ts';
import { by, levelOf, line, must, newHoldId, newUserId } from './support/store.ts';
import type { TestStore } from './support/store.ts';

let shop: TestStore;
let other: TestStore;

beforeAll(async () => {
  [shop, other] = [
    await openShop({ ASSAM: 500, RARE: 10, LAST: 10, FEW: 4, SHORT: 3, GREEN: 0, LOST: 10, NOTED: 10, RUSH: 10 }),
    await openShop({ ASSAM: 5 }, 1_200),
  ];
  await publishNetwork(1, [
    { storeId: shop.storeId, metresSouth: 300 },
    { storeId: other.storeId, metresSouth: 900 },
  ]);
});

let keys = 0;
function newKey(): string {
  keys += 1;
  return `cart-key-${String(keys).padStart(6, '0')}`;
}

interface Client {
  readonly actor: SignedInActor & { readonly kind: 'customer' };
  send(method: string, path: string, body?: unknown, key?: string): Promise<Response>;
}
async function signedIn(actor = newCustomer()): Promise<Client> {
  const headers = await bearer(actor);
  return {
    actor,
    send: (method, path, body, key) =>
      call(`/api/v1/cart${path}`, {
        method,
        headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
        ...(body === undefined ? {} : { body }),
      }),
  };
}
/** A customer at the door, whose cart the nearest store serves. */
async function atTheDoor(actor?: Client['actor']): Promise<Client> {
  const client = await signedIn(actor);
  await bodyOf(CartView, await client.send('PUT', '', { deliverTo: DOOR }));
  return client;
}
async function put({ send }: Client, sku: string, quantity: number, more: object = {}): Promise<CartView> {
  return bodyOf(CartView, await send('PUT', `/lines/${sku}`, { quantity, ...more }));
}
async function look({ send }: Client): Promise<CartView> {
  return bodyOf(CartView, await send('GET', ''));
}
function holdIds({ actor }: Client): Promise<{ id: string }[]> {
  const query = "SELECT body ->> '$.command.holdId' AS id FROM outbox WHERE lane LIKE 'object store %' ORDER BY seq";
  return customerRows(customerAt(actor.userId), query);
}

describe('the cart', () => {
  test('has no prices before it is known where it goes, and the serving store’s from then on [K1] [K2]', async () => {
    const client = await signedIn();
    const blind = await put(client, 'ASSAM', 2, { note: 'ripe', replacement: { prefer: 'specific', skus: ['RARE'] } });
    expect(blind).toMatchObject({
      version: 1,
      storeId: null,
      items: null,
      hold: null,
      lines: [{ stock: 'unknown', unitPrice: null }],
    });
    const seen = await bodyOf(CartView, await client.send('PUT', '', { deliverTo: DOOR, avoidAllergens: ['nuts'] }));
    expect(seen).toMatchObject({
      version: 2,
      storeId: shop.storeId,
      deliverTo: DOOR,
      avoidAllergens: ['nuts'],
      items: { amount: 2_000, currency: 'INR' },
      lines: [
        {
          sku: 'ASSAM',
          name: 'ASSAM of the house',
          quantity: 2,
          note: 'ripe',
          replacement: { prefer: 'specific', skus: ['RARE'] },
          unitPrice: { amount: 1_000 },
          total: { amount: 2_000 },
          stock: 'in_stock',
          left: null,
        },
      ],
      hold: { status: 'HELD' },
    });
  });

  test('is the same on every device, and after a restart [K1]', async () => {
    const phone = await atTheDoor();
    const tablet = await signedIn(phone.actor);
    await put(phone, 'ASSAM', 2);
    await put(tablet, 'RARE', 1);
    await evictDurableObject(customerAt(phone.actor.userId).stub);
    const [here, there] = [await look(phone), await look(tablet)];
    expect(here.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['ASSAM', 2],
      ['RARE', 1],
    ]);
    expect(here).toEqual(there);
    const emptied = await bodyOf(CartView, await tablet.send('DELETE', ''));
    expect(emptied).toMatchObject({ version: 4, lines: [], hold: null });
    expect((await look(phone)).lines).toEqual([]);
  });

  test('names what is short and what is gone, and keeps the lines [K2] [I2]', async () => {
    const client = await atTheDoor();
    await put(client, 'ASSAM', 1);
    await put(client, 'GREEN', 1);
    await put(client, 'NOWHERE', 1);
    const cart = await put(client, 'SHORT', 5);
    expect(cart.hold).toBeNull();
    expect(cart.lines.map(({ sku, stock, left }) => [sku, stock, left])).toEqual([
      ['ASSAM', 'in_stock', null],
      ['GREEN', 'gone', 0],
      ['NOWHERE', 'gone', 0],
      ['SHORT', 'short', 3],
    ]);
  });

  test('says nothing of itself to anyone else, and its events hold nothing personal [U4] [X8]', async () => {
    const [client, stranger] = [await atTheDoor(), await signedIn()];
    await put(client, 'ASSAM', 1, { note: 'for my knees' });
    await bodyOf(CartView, await client.send('PUT', '', { avoidAllergens: ['milk'] }));
    expect((await look(stranger)).lines).toEqual([]);
    const told = JSON.stringify(await customerEvents(customerAt(client.actor.userId)));
    expect(told).toContain('cart.line_set');
    for (const secret of ['knees', 'milk', String(DOOR.lat)]) expect(told).not.toContain(secret);
  });
});

describe('what the store keeps for a cart', () => {
  test('is by its policy, with its expiry, and follows each change: own units do not stand in the way [K2] [I3]', async () => {
    const client = await atTheDoor();
    const before = await levelOf(shop, 'FEW');
    const first = await put(client, 'FEW', 2);
    expect(first.hold).toMatchObject({ status: 'HELD', setAside: [{ sku: 'FEW', quantity: 2 }] });
    const lastsMs = Date.parse(first.hold?.expiresAt ?? '') - Date.now();
    expect(lastsMs).toBeGreaterThan(290_000);
    expect(lastsMs).toBeLessThanOrEqual(300_000);
    const all = await put(client, 'FEW', 4);
    expect(all).toMatchObject({ hold: { setAside: [{ sku: 'FEW', quantity: 4 }] }, lines: [{ stock: 'in_stock' }] });
    expect(await levelOf(shop, 'FEW')).toMatchObject({ available: before.available - 4, held: before.held + 4 });
    const rival = await put(await atTheDoor(), 'FEW', 1);
    expect(rival).toMatchObject({ hold: null, lines: [{ stock: 'gone', left: 0 }] });
    await bodyOf(CartView, await client.send('DELETE', '/lines/FEW'));
    expect(await levelOf(shop, 'FEW')).toMatchObject({ available: before.available, held: before.held });
  });

  test('is shown as it is when it is over; asking for it anew holds it under another name [K2] [I4]', async () => {
    const client = await atTheDoor();
    await put(client, 'LOST', 3);
    const { actor } = client;
    const { hold } = must(await customerAt(actor.userId).rpc.cart(actor));
    must(await shop.rpc.release({ ...by(actor), holdId: hold?.holdId ?? newHoldId(), reason: 'TEST' }));
    const over = await look(client);
    expect(over).toMatchObject({ hold: { status: 'RELEASED', expiresAt: null }, lines: [{ stock: 'in_stock' }] });
    expect((await levelOf(shop, 'LOST')).held).toBe(0);
    const again = await bodyOf(CartView, await client.send('PUT', '', {}));
    expect(again).toMatchObject({ version: over.version, hold: { status: 'HELD', setAside: [{ quantity: 3 }] } });
    expect((await levelOf(shop, 'LOST')).held).toBe(3);
  });

  test('stays as it is when only a note changes; asking for it once more renews it, one time [I5]', async () => {
    const client = await atTheDoor();
    const first = await put(client, 'NOTED', 3);
    const noted = await put(client, 'NOTED', 3, { note: 'the small ones' });
    expect(noted).toMatchObject({ version: first.version + 1, hold: first.hold });
    const renewed = await bodyOf(CartView, await client.send('PUT', '', {}));
    expect(Date.parse(renewed.hold?.expiresAt ?? '')).toBeGreaterThan(Date.parse(first.hold?.expiresAt ?? ''));
    expect((await bodyOf(CartView, await client.send('PUT', '', {}))).hold).toEqual(renewed.hold);
    expect(await holdIds(client)).toEqual([]);
  });

  test('is given back when its call was cut before the next one was made [K2]', async () => {
    const client = await atTheDoor();
    await put(client, 'LAST', 3);
    const customer = customerAt(client.actor.userId);
    // As after a crash of the edge: the cart is changed, and nobody calls the store.
    const change = { do: 'SetLine', ...line('LAST', 2), note: '', preference: null } as const;
    must(await customer.rpc.changeCart({ ...by(client.actor), change }));
    await expect.poll(async () => (await levelOf(shop, 'LAST')).held).toBe(0);
    expect(await look(client)).toMatchObject({ lines: [{ quantity: 2 }], hold: null });
    expect(await bodyOf(CartView, await client.send('PUT', '', {}))).toMatchObject({ hold: { status: 'HELD' } });
    expect((await levelOf(shop, 'LAST')).held).toBe(2);
  });

  test('of many changes at once is one hold: the one of the cart as it is in the end [K2] [I3]', async () => {
    const client = await atTheDoor();
    await Promise.all([1, 2, 3, 4, 5, 6].map((quantity) => put(client, 'RUSH', quantity)));
    const cart = await bodyOf(CartView, await client.send('PUT', '', {}));
    const quantity = cart.lines[0]?.quantity ?? 0;
    expect(cart.hold).toMatchObject({ status: 'HELD', setAside: [{ sku: 'RUSH', quantity }] });
    await expect.poll(async () => (await levelOf(shop, 'RUSH')).held).toBe(quantity);
  });
});

describe('a guest’s cart', () => {
  const guest = {
    lines: [
      { sku: 'ASSAM', quantity: 60, note: 'guest' },
      { sku: 'ASSAM', quantity: 10 },
      { sku: 'RARE', quantity: 1 },
    ],
  };

  test('is merged once, however often it is sent: sums up to the maximum, what is cut is named [K1] [X3]', async () => {
    const client = await atTheDoor();
    await put(client, 'ASSAM', 50, { note: 'mine' });
    const key = newKey();
    const first = await bodyOf(CartView, await client.send('POST', '/merge', guest, key));
    expect(first).toMatchObject({
      version: 3,
      lines: [
        { sku: 'ASSAM', quantity: 99, note: 'mine' },
        { sku: 'RARE', quantity: 1 },
      ],
      cut: [{ sku: 'ASSAM', wanted: 120, quantity: 99 }],
    });
    await evictDurableObject(customerAt(client.actor.userId).stub);
    const again = await bodyOf(CartView, await client.send('POST', '/merge', guest, key));
    expect(again).toMatchObject({ version: 3, lines: first.lines, cut: first.cut });
    const foreign = await client.send('POST', '/merge', { lines: [{ sku: 'RARE', quantity: 2 }] }, key);
    expect([foreign.status, await codeOf(foreign)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await look(client)).version).toBe(3);
  });
});

describe('what is refused has one closed code and changes nothing', () => {
  const sku = { sku: 'ASSAM', quantity: 1 };
  function lines(count: number): object[] {
    return Array.from({ length: count }, (_, i) => ({ sku: `SKU-${i}`, quantity: 1 }));
  }
  const LINE = '/lines/ASSAM';

  test.each<[string, string, string, unknown, string, number]>([
    ['less than none', 'PUT', LINE, { quantity: -1 }, 'INVALID_INPUT', 400],
    ['none', 'PUT', LINE, { quantity: 0 }, 'INVALID_INPUT', 400],
    ['half a unit', 'PUT', LINE, { quantity: 0.5 }, 'INVALID_INPUT', 400],
    ['a hundred', 'PUT', LINE, { quantity: 100 }, 'INVALID_INPUT', 400],
    ['a quantity in words', 'PUT', LINE, { quantity: '1' }, 'INVALID_INPUT', 400],
    ['a letter for a note', 'PUT', LINE, { quantity: 1, note: 'x'.repeat(141) }, 'INVALID_INPUT', 400],
    [
      'a price of its own',
      'PUT',
      LINE,
      { quantity: 1, unitPrice: { amount: 1, currency: 'INR' } },
      'INVALID_INPUT',
      400,
    ],
    [
      'columns of the database',
      'PUT',
      LINE,
      { quantity: 1, hold_no: 9, version: 9, content: '{}' },
      'INVALID_INPUT',
      400,
    ],
    [
      'six articles instead',
      'PUT',
      LINE,
      { quantity: 1, replacement: { prefer: 'specific', skus: ['A', 'B', 'C', 'D', 'E', 'F'] } },
      'INVALID_INPUT',
      400,
    ],
    ['a SKU that is none', 'PUT', '/lines/%27%20OR%201=1', { quantity: 1 }, 'INVALID_INPUT', 400],
    ['an address outside every zone', 'PUT', '', { deliverTo: FAR_AWAY }, 'NOT_SERVICEABLE', 422],
    ['an address on no planet', 'PUT', '', { deliverTo: { lat: 91, lng: 0 } }, 'INVALID_INPUT', 400],
    ['an allergen that nobody knows', 'PUT', '', { avoidAllergens: ['love'] }, 'INVALID_INPUT', 400],
    ['another customer’s cart', 'PUT', '', { customerId: newUserId() }, 'INVALID_INPUT', 400],
    ['no guest lines', 'POST', '/merge', { lines: [] }, 'INVALID_INPUT', 400],
    ['101 guest lines', 'POST', '/merge', { lines: lines(101) }, 'INVALID_INPUT', 400],
    ['10,000 guest lines', 'POST', '/merge', { lines: lines(10_000) }, 'PAYLOAD_TOO_LARGE', 413],
    [
      '10,000 short guest lines',
      'POST',
      '/merge',
      { lines: Array.from({ length: 10_000 }, () => 0) },
      'INVALID_INPUT',
      400,
    ],
    ['guest lines below zero', 'POST', '/merge', { lines: [{ ...sku, quantity: -5 }] }, 'INVALID_INPUT', 400],
    ['more lines than a cart has', 'POST', '/merge', { lines: lines(100) }, 'INVALID_INPUT', 400],
  ])('%s [X8]', async (_, method, path, body, code, status) => {
    const client = await atTheDoor();
    await put(client, 'ASSAM', 2);
    const before = await look(client);
    const response = await client.send(method, path, body, newKey());
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
    const { hold, ...after } = await look(client);
    expect({ ...after, hold }).toEqual(before);
  });

  test('a merge without a key [X3]', async () => {
    const response = await (await signedIn()).send('POST', '/merge', { lines: [sku] });
    expect([response.status, await codeOf(response)]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED']);
  });
});

describe('the wallet', () => {
  function credit(
    customerId: string,
    body: unknown,
    key = newKey(),
    authorization = OPERATOR_BEARER,
  ): Promise<Response> {
    const headers = { authorization, 'idempotency-key': key };
    return call(`/api/v1/customers/${customerId}/wallet-credits`, { method: 'POST', headers, body });
  }
  const hundred = { amount: { amount: 10_000, currency: 'INR' }, reason: 'melted ice cream' };

  test('is credited by an operator once a key, and shown to its customer alone [Y6] [X3]', async () => {
    const client = await signedIn();
    const key = newKey();
    for (let sent = 0; sent < 3; sent += 1) await bodyOf(WalletBody, await credit(client.actor.userId, hundred, key));
    await bodyOf(WalletBody, await credit(client.actor.userId, hundred));
    const headers = await bearer(client.actor);
    const page = await bodyOf(WalletBody, await call('/api/v1/wallet?limit=1', { headers }));
    expect(page).toMatchObject({
      currency: 'INR',
      available: { amount: 20_000, currency: 'INR' },
      reserved: { amount: 0 },
      entries: [{ seq: 2, kind: 'credited', orderId: null, available: { amount: 10_000 } }],
      nextCursor: '2',
    });
    const rest = await bodyOf(WalletBody, await call('/api/v1/wallet?limit=1&cursor=2', { headers }));
    expect(rest).toMatchObject({ entries: [{ seq: 1 }], nextCursor: null });
    const stranger = await bodyOf(WalletBody, await call('/api/v1/wallet', { headers: await bearer(newCustomer()) }));
    expect(stranger).toEqual({ currency: null, available: null, reserved: null, entries: [], nextCursor: null });
  });

  test.each<[string, unknown, string, number]>([
    ['of less than nothing', { ...hundred, amount: { amount: -1, currency: 'INR' } }, 'INVALID_INPUT', 400],
    ['of nothing', { ...hundred, amount: { amount: 0, currency: 'INR' } }, 'INVALID_INPUT', 400],
    ['of a fraction', { ...hundred, amount: { amount: 0.5, currency: 'INR' } }, 'INVALID_INPUT', 400],
    ['above every limit', { ...hundred, amount: { amount: 2 ** 53, currency: 'INR' } }, 'INVALID_INPUT', 400],
    [
      'that brings it above the limit',
      { ...hundred, amount: { amount: 100_000_000, currency: 'INR' } },
      'INVALID_INPUT',
      400,
    ],
    ['in another currency', { ...hundred, amount: { amount: 1, currency: 'EUR' } }, 'CURRENCY_MISMATCH', 422],
    ['without a reason', { amount: hundred.amount }, 'INVALID_INPUT', 400],
    ['with columns of the database', { ...hundred, available_minor: 1 }, 'INVALID_INPUT', 400],
  ])('a credit %s is refused and moves nothing [X8] [Y6]', async (_, body, code, status) => {
    const userId = newUserId();
    await bodyOf(WalletBody, await credit(userId, hundred));
    const response = await credit(userId, body);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
    const { rpc, actor } = customerAt(userId);
    expect(must(await rpc.wallet({ actor, limit: 5 }))).toMatchObject({
      availableMinor: 10_000,
      entries: [{ seq: 1 }],
    });
  });
});
