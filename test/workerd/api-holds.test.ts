import { evictDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { AvailabilityView, HoldAnswer } from '../../contracts/http/holds.ts';
import { ProblemBody } from '../../contracts/http/problem.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { asStoreId } from '../../domain/shared/ids.ts';
import { bearer, bodyOf, call, codeOf, openShop, OPERATOR_BEARER, publishNetwork } from './support/api.ts';
import { newCustomer } from './support/order.ts';
import { levelOf, must, newUserId, storeAt } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const KIOSK = { authorization: `Bearer kir_ch_kiosk_${'c'.repeat(43)}` };
const BAZAAR = { authorization: `Bearer kir_ch_bazaar_${'c'.repeat(43)}` };
const OPERATOR = { authorization: OPERATOR_BEARER };
type Headers = Record<string, string>;

let shop: TestStore;
let other: TestStore;
let closed: TestStore;

beforeAll(async () => {
  [shop, other, closed] = [
    await openShop({ ASSAM: 50, DARJEELING: 200, RARE: 10, GREEN: 0 }),
    await openShop({ ASSAM: 5 }),
    await openShop({ ASSAM: 5 }),
  ];
  await publishNetwork(1, [
    { storeId: shop.storeId, metresSouth: 300 },
    { storeId: other.storeId, metresSouth: 900 },
    { storeId: closed.storeId, metresSouth: 100, open: false },
  ]);
});

let keys = 0;
function newKey(): string {
  keys += 1;
  return `hold-key-${String(keys).padStart(6, '0')}`;
}

function holdsOf(store: TestStore): string {
  return `/api/v1/stores/${store.storeId}/holds`;
}

function post(path: string, headers: Headers, body?: unknown): Promise<Response> {
  return call(path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
}

function hold(headers: Headers, lines: Record<string, number>, key = newKey(), store = shop): Promise<Response> {
  const basket = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }));
  return post(holdsOf(store), { ...headers, 'idempotency-key': key }, { lines: basket });
}

async function held(headers: Headers, lines: Record<string, number>, key?: string): Promise<HoldAnswer> {
  return bodyOf(HoldAnswer, await hold(headers, lines, key));
}

/** The sums of the ledger, without what the log has not taken yet: that goes on by itself. */
async function booksOf(store: TestStore): Promise<object> {
  const { unpublishedEvents: _, ...books } = must(await store.rpc.audit({ kind: 'operator', userId: newUserId() }));
  return books;
}

describe('POST stores/:storeId/holds', () => {
  test('holds the basket of a channel whole, for as long as it says [I3] [I10]', async () => {
    const before = await levelOf(shop, 'ASSAM');
    const lines = [
      { sku: 'DARJEELING', quantity: 1 },
      { sku: 'ASSAM', quantity: 2 },
      { sku: 'ASSAM', quantity: 1 },
    ];
    const response = await post(holdsOf(shop), { ...KIOSK, 'idempotency-key': newKey() }, { lines, forS: 60 });
    expect(response.status).toBe(201);
    const answer = await bodyOf(HoldAnswer, response);
    const basket = [
      { sku: 'ASSAM', quantity: 3 },
      { sku: 'DARJEELING', quantity: 1 },
    ];
    expect(answer).toMatchObject({
      storeId: shop.storeId,
      kind: 'cart',
      status: 'HELD',
      lines: basket,
      setAside: basket,
    });
    expect(response.headers.get('location')).toBe(`${holdsOf(shop)}/${answer.id}`);
    const lastsMs = Date.parse(answer.expiresAt ?? '') - Date.now();
    expect(lastsMs).toBeGreaterThan(50_000);
    expect(lastsMs).toBeLessThanOrEqual(60_000);
    expect(await levelOf(shop, 'ASSAM')).toMatchObject({ available: before.available - 3, held: before.held + 3 });
  });

  test('holds a customer’s cart for five minutes, by the store’s policy [K2]', async () => {
    const answer = await held(await bearer(newCustomer()), { RARE: 1 });
    expect(answer).toMatchObject({ status: 'HELD', lines: [{ sku: 'RARE', quantity: 1 }] });
    const lastsMs = Date.parse(answer.expiresAt ?? '') - Date.now();
    expect(lastsMs).toBeGreaterThan(290_000);
    expect(lastsMs).toBeLessThanOrEqual(300_000);
  });

  test('the same key and body give the same hold, marked as replayed, also after an eviction [X3]', async () => {
    const key = newKey();
    const first = await hold(KIOSK, { ASSAM: 2 }, key);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const text = await first.text();
    const before = await booksOf(shop);
    await evictDurableObject(shop.stub);
    const again = await hold(KIOSK, { ASSAM: 2 }, key);
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
    expect(await booksOf(shop)).toEqual(before);
  });

  test('names what is short, with what is left [I2] [I3]', async () => {
    const response = await hold(KIOSK, { ASSAM: 1, GREEN: 2 });
    expect(response.status).toBe(409);
    expect(v.parse(ProblemBody, await response.json())).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      numbers: { shortages: [{ sku: 'GREEN', requested: 2, available: 0 }] },
    });
  });

  test('the same key names another hold of another caller, and of the same one in another store [X3] [U4]', async () => {
    const key = newKey();
    const customer = await bearer(newCustomer());
    const ids = [
      (await held(KIOSK, { ASSAM: 1 }, key)).id,
      (await held(BAZAAR, { ASSAM: 1 }, key)).id,
      (await held(customer, { ASSAM: 1 }, key)).id,
      (await bodyOf(HoldAnswer, await hold(KIOSK, { ASSAM: 1 }, key, other))).id,
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

describe('what is refused has one closed code and changes nothing', () => {
  const line = { sku: 'ASSAM', quantity: 1 };
  function lines(count: number): object[] {
    return Array.from({ length: count }, (_, i) => ({ sku: `SKU-${i}`, quantity: 1 }));
  }
  function withLine(more: object): object {
    return { lines: [{ ...line, ...more }] };
  }

  /** The code and status of the refusal, and whether the books of both stores are as they were. */
  async function refusal(send: () => Promise<Response>): Promise<[code: string, status: number, books: string]> {
    const before = JSON.stringify([await booksOf(shop), await booksOf(other)]);
    const response = await send();
    const code = await codeOf(response);
    const after = JSON.stringify([await booksOf(shop), await booksOf(other)]);
    return [code, response.status, before === after ? 'unchanged' : `${before} is now ${after}`];
  }

  test.each<[string, unknown, string, number]>([
    ['an unknown SKU', withLine({ sku: 'COFFEE' }), 'UNKNOWN_SKU', 422],
    ['a SKU of another store’s', { lines: [line, { sku: 'LAST', quantity: 1 }] }, 'UNKNOWN_SKU', 422],
    ['no unit', withLine({ quantity: 0 }), 'INVALID_INPUT', 400],
    ['less than none', withLine({ quantity: -1 }), 'INVALID_INPUT', 400],
    ['a fraction', withLine({ quantity: 1.5 }), 'INVALID_INPUT', 400],
    ['a hundred', withLine({ quantity: 100 }), 'INVALID_INPUT', 400],
    ['more than a number can count', '{"lines":[{"sku":"ASSAM","quantity":1e999}]}', 'INVALID_INPUT', 400],
    ['2^53', withLine({ quantity: 2 ** 53 }), 'INVALID_INPUT', 400],
    ['a quantity in words', withLine({ quantity: '1' }), 'INVALID_INPUT', 400],
    ['no quantity', { lines: [{ sku: 'ASSAM' }] }, 'INVALID_INPUT', 400],
    ['a SKU that is none', withLine({ sku: "'; DROP TABLE stock" }), 'INVALID_INPUT', 400],
    ['a SKU that is nothing', withLine({ sku: '' }), 'INVALID_INPUT', 400],
    ['a price of its own', withLine({ price: 1 }), 'INVALID_INPUT', 400],
    ['no lines', { lines: [] }, 'INVALID_INPUT', 400],
    ['101 lines', { lines: lines(101) }, 'INVALID_INPUT', 400],
    ['201 lines', { lines: lines(201) }, 'INVALID_INPUT', 400],
    [
      'one SKU on many lines, summed over the limit',
      { lines: [line, { ...line, quantity: 99 }] },
      'INVALID_INPUT',
      400,
    ],
    ['no body', undefined, 'INVALID_INPUT', 400],
    ['a list', [line], 'INVALID_INPUT', 400],
    ['nothing', null, 'INVALID_INPUT', 400],
    ['no JSON', '{"lines":', 'INVALID_INPUT', 400],
    ['a hold’s id of its own', { lines: [line], holdId: `hld_${'0'.repeat(26)}` }, 'INVALID_INPUT', 400],
    ['another owner', { lines: [line], channel: 'bazaar' }, 'INVALID_INPUT', 400],
    ['29 seconds', { lines: [line], forS: 29 }, 'INVALID_INPUT', 400],
    ['a quarter of an hour and a second', { lines: [line], forS: 901 }, 'INVALID_INPUT', 400],
    ['half seconds', { lines: [line], forS: 60.5 }, 'INVALID_INPUT', 400],
    ['256 kB', { lines: [line], pad: 'x'.repeat(256 * 1024) }, 'PAYLOAD_TOO_LARGE', 413],
  ])('%s [X8] [I3]', async (_, body, code, status) => {
    expect(await refusal(() => post(holdsOf(shop), { ...KIOSK, 'idempotency-key': newKey() }, body))).toEqual([
      code,
      status,
      'unchanged',
    ]);
  });

  test.each([[''], ['short'], ['x'.repeat(65)], ['with space'], ['tab\tkey']])(
    'the Idempotency-Key %j [X3]',
    async (key) => {
      const headers = { ...KIOSK, 'idempotency-key': key };
      expect(await refusal(() => post(holdsOf(shop), headers, { lines: [line] }))).toEqual([
        'IDEMPOTENCY_KEY_REQUIRED',
        400,
        'unchanged',
      ]);
    },
  );

  test('no Idempotency-Key [X3]', async () => {
    expect(await refusal(() => post(holdsOf(shop), KIOSK, { lines: [line] }))).toEqual([
      'IDEMPOTENCY_KEY_REQUIRED',
      400,
      'unchanged',
    ]);
  });

  test('a key that was used with another basket [X3]', async () => {
    const key = newKey();
    await held(KIOSK, { ASSAM: 1 }, key);
    expect(await refusal(() => hold(KIOSK, { ASSAM: 2 }, key))).toEqual(['IDEMPOTENCY_KEY_REUSED', 422, 'unchanged']);
    expect(await refusal(() => hold(KIOSK, { DARJEELING: 1 }, key))).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
      422,
      'unchanged',
    ]);
  });

  test('a form, and text', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      const headers = { ...KIOSK, 'idempotency-key': newKey(), 'content-type': type };
      const body = JSON.stringify({ lines: [line] });
      expect(await refusal(() => post(holdsOf(shop), headers, body))).toEqual([
        'UNSUPPORTED_MEDIA_TYPE',
        415,
        'unchanged',
      ]);
    }
  });

  test('a customer who wants to say how long [K2]', async () => {
    const headers = { ...(await bearer(newCustomer())), 'idempotency-key': newKey() };
    const body = { lines: [line], forS: 600 };
    expect(await refusal(() => post(holdsOf(shop), headers, body))).toEqual(['INVALID_INPUT', 400, 'unchanged']);
  });

  test('a store that is none, or closed [U4]', async () => {
    const nowhere = storeAt(asStoreId(`sto_${'Z'.repeat(26)}`));
    expect(await refusal(() => hold(KIOSK, { ASSAM: 1 }, newKey(), nowhere))).toEqual(['NOT_FOUND', 404, 'unchanged']);
    expect(await refusal(() => hold(KIOSK, { ASSAM: 1 }, newKey(), closed))).toEqual([
      'STORE_CLOSED',
      409,
      'unchanged',
    ]);
    expect(await levelOf(closed, 'ASSAM')).toMatchObject({ available: 5, held: 0 });
  });

  const staff: SignedInActor = {
    kind: 'staff',
    userId: newUserId(),
    storeId: asStoreId(`sto_${'1'.repeat(26)}`),
  };
  test.each<[string, () => Promise<Headers>, string]>([
    ['nobody', () => Promise.resolve({}), 'UNAUTHENTICATED'],
    ['an operator’s key', () => Promise.resolve(OPERATOR), 'FORBIDDEN'],
    ['staff', () => bearer(staff), 'FORBIDDEN'],
    [
      'a key of a channel that is none',
      () => Promise.resolve({ authorization: KIOSK.authorization.replace('kiosk', 'hawker') }),
      'UNAUTHENTICATED',
    ],
    [
      'a channel’s key with another secret',
      () => Promise.resolve({ authorization: `${KIOSK.authorization}c` }),
      'UNAUTHENTICATED',
    ],
    [
      'a channel’s secret under an operator’s prefix',
      () => Promise.resolve({ authorization: KIOSK.authorization.replace('_ch_', '_op_') }),
      'UNAUTHENTICATED',
    ],
  ])('%s [U6] [U4]', async (_, headersOf, code) => {
    const headers = await headersOf();
    const status = code === 'FORBIDDEN' ? 403 : 401;
    expect(await refusal(() => hold(headers, { ASSAM: 1 }))).toEqual([code, status, 'unchanged']);
  });
});

describe('a hold', () => {
  test('is seen, renewed and released by its owner, each once or again [K2] [X3]', async () => {
    const owner = await bearer(newCustomer());
    const before = await levelOf(shop, 'RARE');
    const made = await held(owner, { RARE: 2 });
    const path = `${holdsOf(shop)}/${made.id}`;
    expect(await bodyOf(HoldAnswer, await call(path, { headers: owner }))).toEqual(made);
    const renewed = await bodyOf(HoldAnswer, await post(`${path}/renew`, owner));
    expect(Date.parse(renewed.expiresAt ?? '')).toBeGreaterThanOrEqual(Date.parse(made.expiresAt ?? ''));
    expect(await bodyOf(HoldAnswer, await post(`${path}/renew`, owner))).toEqual(renewed);
    for (let i = 0; i < 2; i += 1) {
      const released = await bodyOf(HoldAnswer, await post(`${path}/release`, owner));
      expect(released).toMatchObject({ id: made.id, status: 'RELEASED', expiresAt: null });
    }
    expect(await levelOf(shop, 'RARE')).toEqual(before);
    expect(await bodyOf(HoldAnswer, await call(path, { headers: owner }))).toMatchObject({ status: 'RELEASED' });
  });

  test('is not there for anyone else: not to see, not to renew, not to release [U4] [X8]', async () => {
    const customer = await bearer(newCustomer());
    const ids = [(await held(customer, { RARE: 1 })).id, (await held(KIOSK, { RARE: 1 })).id];
    const before = await booksOf(shop);
    for (const [id, strangers] of [
      [ids[0], [await bearer(newCustomer()), KIOSK, BAZAAR]],
      [ids[1], [customer, BAZAAR]],
    ] as const) {
      for (const headers of strangers) {
        const path = `${holdsOf(shop)}/${id}`;
        expect(await codeOf(await call(path, { headers }))).toBe('HOLD_NOT_FOUND');
        expect(await codeOf(await post(`${path}/renew`, headers))).toBe('HOLD_NOT_FOUND');
        expect(await codeOf(await post(`${path}/release`, headers))).toBe('HOLD_NOT_FOUND');
      }
    }
    expect(await booksOf(shop)).toEqual(before);
  });

  test('of another store, or nobody’s, is not there [U4]', async () => {
    const { id } = await held(KIOSK, { ASSAM: 1 });
    const before = [await booksOf(shop), await booksOf(other)];
    for (const path of [`${holdsOf(other)}/${id}`, `${holdsOf(shop)}/hld_${'Z'.repeat(26)}`]) {
      expect(await codeOf(await call(path, { headers: KIOSK }))).toBe('HOLD_NOT_FOUND');
      expect(await codeOf(await post(`${path}/renew`, KIOSK))).toBe('HOLD_NOT_FOUND');
      expect(await codeOf(await post(`${path}/release`, KIOSK))).toBe('HOLD_NOT_FOUND');
    }
    expect(await codeOf(await call(`${holdsOf(shop)}/1%27%20OR%201=1`, { headers: KIOSK }))).toBe('INVALID_INPUT');
    expect([await booksOf(shop), await booksOf(other)]).toEqual(before);
  });

  test('is seen and released by an operator [I10]', async () => {
    const { id } = await held(KIOSK, { ASSAM: 1 });
    const path = `${holdsOf(shop)}/${id}`;
    expect(await bodyOf(HoldAnswer, await call(path, { headers: OPERATOR }))).toMatchObject({ id, status: 'HELD' });
    expect(await bodyOf(HoldAnswer, await post(`${path}/release`, OPERATOR))).toMatchObject({ status: 'RELEASED' });
    // The key stays used: its hold is over.
    expect(await bodyOf(HoldAnswer, await call(path, { headers: KIOSK }))).toMatchObject({ status: 'RELEASED' });
  });

  test('that was released is not given again under its key [X3]', async () => {
    const key = newKey();
    const { id } = await held(KIOSK, { ASSAM: 1 }, key);
    await (await post(`${holdsOf(shop)}/${id}/release`, KIOSK)).text();
    const before = await booksOf(shop);
    expect(await codeOf(await hold(KIOSK, { ASSAM: 1 }, key))).toBe('HOLD_RELEASED');
    expect(await booksOf(shop)).toEqual(before);
  });
});

describe('GET stores/:storeId/availability', () => {
  test('says what is there and names what is missing of a basket [I2]', async () => {
    const response = await call(`/api/v1/stores/${other.storeId}/availability?skus=ASSAM:9,COFFEE,ASSAM`);
    expect(Number(response.headers.get('x-stock-age-ms'))).toBeLessThanOrEqual(1_000);
    expect(Number(response.headers.get('x-stock-version'))).toBeGreaterThan(0);
    const { available } = await levelOf(other, 'ASSAM');
    expect(await bodyOf(AvailabilityView, response)).toEqual({
      storeId: other.storeId,
      open: true,
      items: [
        { sku: 'ASSAM', available },
        { sku: 'COFFEE', available: 0 },
      ],
      shortages: [
        { sku: 'ASSAM', requested: 10, available },
        { sku: 'COFFEE', requested: 1, available: 0 },
      ],
    });
  });

  test('shows no more than one line may take, and follows the holds [I2] [I10]', async () => {
    const path = `/api/v1/stores/${shop.storeId}/availability?skus=DARJEELING,RARE`;
    const before = await bodyOf(AvailabilityView, await call(path));
    expect(before.items[0]).toEqual({ sku: 'DARJEELING', available: 99 });
    const { id } = await held(KIOSK, { RARE: 1 });
    await vi.waitUntil(
      async () =>
        (await bodyOf(AvailabilityView, await call(path))).items[1]?.available ===
        (before.items[1]?.available ?? 0) - 1,
      { timeout: 3_000 },
    );
    await (await post(`${holdsOf(shop)}/${id}/release`, KIOSK)).text();
  });

  test.each([
    ['no list', '', 'INVALID_INPUT'],
    ['an empty list', 'skus=', 'INVALID_INPUT'],
    ['a list that goes on', 'skus=ASSAM,', 'INVALID_INPUT'],
    ['no unit', 'skus=ASSAM:0', 'INVALID_INPUT'],
    ['a hundred units', 'skus=ASSAM:100', 'INVALID_INPUT'],
    ['a unit and a half', 'skus=ASSAM:1.5', 'INVALID_INPUT'],
    ['a SKU that is none', 'skus=%27%20OR%201=1', 'INVALID_INPUT'],
    ['101 SKUs', `skus=${Array.from({ length: 101 }, () => 'A').join()}`, 'INVALID_INPUT'],
    ['a SKU of 41 characters', `skus=${'A'.repeat(41)}`, 'INVALID_INPUT'],
    ['5,000 characters', `skus=${'A'.repeat(5_000)}`, 'PAYLOAD_TOO_LARGE'],
    ['what nobody asked for', 'skus=ASSAM&admin=1', 'INVALID_INPUT'],
    ['two lists', 'skus=ASSAM&skus=ASSAM', 'INVALID_INPUT'],
  ])('refuses %s [X8]', async (_, search, code) => {
    expect(await codeOf(await call(`/api/v1/stores/${shop.storeId}/availability?${search}`))).toBe(code);
  });

  test('of a store that is none there is nothing to say [I2]', async () => {
    expect(await codeOf(await call(`/api/v1/stores/sto_${'Z'.repeat(26)}/availability?skus=ASSAM`))).toBe('NOT_FOUND');
  });
});
