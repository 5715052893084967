import { createExecutionContext } from 'cloudflare:test';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import { QuoteView } from '../../contracts/http/quotes.ts';
import { NETWORK_KEY } from '../../contracts/snapshots.ts';
import type { CityEntry, NetworkSnapshot } from '../../contracts/snapshots.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import { createApp } from '../../edge/app.ts';
import type { EdgeEnv } from '../../edge/env.ts';
import { bearer, bodyOf, DOOR, edgeEnv, openShop, publishNetwork } from './support/api.ts';
import { newCustomer } from './support/order.ts';
import { levelOf } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const app = createApp();
const MINUTE_MS = 60_000;
let near: TestStore;
let far: TestStore;

beforeAll(async () => {
  near = await openShop({ ASSAM: 30 });
  far = await openShop({ ASSAM: 300 });
  await publishNetwork(1, [
    { storeId: near.storeId, metresSouth: 300 },
    { storeId: far.storeId, metresSouth: 1_500 },
  ]);
});

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

/** An isolate of its own, with a city of these rules, in which calls to some stores fail; `asked` counts their questions. */
function isolate(rules: Partial<CityEntry>, away: ReadonlySet<StoreId> = new Set()) {
  const asked = new Map<string, number>();
  const own: EdgeEnv = {
    ...edgeEnv,
    CATALOG: new Proxy(edgeEnv.CATALOG, {
      get: (kv, name) => (name === 'get' ? (key: string) => readWith(kv, key, rules) : Reflect.get(kv, name)),
    }),
    STORE: {
      getByName(name) {
        const stub = edgeEnv.STORE.getByName(name);
        return new Proxy(stub, {
          get(real, method) {
            if (method !== 'availability') return Reflect.get(real, method);
            return (question: { readonly since: number }) => {
              asked.set(name, (asked.get(name) ?? 0) + 1);
              return [...away].some((id) => id === name)
                ? Promise.reject(new Error('away'))
                : real.availability(question);
            };
          },
        });
      },
    },
  };
  let keys = 0;
  async function post(path: string, body: object, customer = newCustomer()): Promise<Response> {
    keys += 1;
    const headers = {
      ...(await bearer(customer)),
      'content-type': 'application/json',
      'idempotency-key': `choice-${customer.userId.slice(-8)}-${keys}`,
    };
    const request = new Request(`https://kirana.test/api/v1${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return app.fetch(request, own, createExecutionContext());
  }
  return { post, asked };
}

async function readWith(kv: KVNamespace, key: string, rules: Partial<CityEntry>): Promise<string | null> {
  const text = await kv.get(key);
  if (text === null || key !== NETWORK_KEY) return text;
  const network = JSON.parse(text) as NetworkSnapshot;
  return JSON.stringify({ ...network, cities: network.cities.map((city) => ({ ...city, ...rules })) });
}

const WANTED = { deliverTo: DOOR, lines: [{ sku: 'ASSAM', quantity: 6 }] };
const ORDER = { ...WANTED, payment: { method: 'sandbox', token: 'tok_approve' } };

describe('the store that gets an order', () => {
  test('is chosen by the strategy that the city’s rules name, at run time [F1] [F2]', async () => {
    const soonest = await isolate({}).post('/quotes', WANTED);
    expect((await bodyOf(QuoteView, soonest)).store.id).toBe(near.storeId);
    const inventory = isolate({ fulfilment: { assignment: { strategy: 'inventory' } } });
    expect((await bodyOf(QuoteView, await inventory.post('/quotes', WANTED))).store.id).toBe(far.storeId);
    const weights = { proximity: 10_000, capacity: 1, inventory: 1 };
    const hybrid = isolate({ fulfilment: { assignment: { strategy: 'hybrid', weights } } });
    expect((await bodyOf(QuoteView, await hybrid.post('/quotes', WANTED))).store.id).toBe(near.storeId);
  });

  test('is another one while the nearest does not answer, which is left alone then [F6] [X5]', async () => {
    const { post, asked } = isolate({}, new Set([near.storeId]));
    const first = await bodyOf(OrderView, await post('/orders', ORDER));
    expect(first.storeId).toBe(far.storeId);
    for (let quotes = 0; quotes < 6; quotes += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as one customer asks
      expect((await bodyOf(QuoteView, await post('/quotes', WANTED))).store.id).toBe(far.storeId);
    }
    expect(asked.get(near.storeId)).toBe(3);
  });
});

describe('what is charged and promised', () => {
  test('follows the load: a surge fee says for which ready time it is asked [P2]', async () => {
    const charges = { surgeSteps: [{ fromReadyP90Ms: 0, feeMinor: 700 }] };
    const quote = await bodyOf(QuoteView, await isolate({ charges }).post('/quotes', WANTED));
    expect(quote.totals.surgeFee.amount).toBe(700);
    expect(quote.surge).toMatchObject({ fromReadyP90Ms: 0, readyP90Ms: expect.any(Number) as number });
  });

  test('is refused before anybody pays where the city’s time would be broken too often, with the figures [O2] [F4]', async () => {
    const promise = { latePpmMax: 100_000, whenLate: 'refuse', promiseMaxMs: 60 * MINUTE_MS } as const;
    const { post } = isolate({ slaMs: MINUTE_MS, fulfilment: { promise } });
    const before = await levelOf(near, 'ASSAM');
    for (const [path, body] of [
      ['/quotes', WANTED],
      ['/orders', ORDER],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as one customer asks
      expect(await (await post(path, body)).json()).toMatchObject({
        code: 'PROMISE_NOT_POSSIBLE',
        numbers: { slaMs: MINUTE_MS, lateAtSlaPpm: 1_000_000, latePpmMax: 100_000 },
      });
    }
    expect(await levelOf(near, 'ASSAM')).toEqual(before);
  });

  test('is a later promise by default, that holds as often as the rules say [O2]', async () => {
    const quote = await bodyOf(QuoteView, await isolate({ slaMs: MINUTE_MS }).post('/quotes', WANTED));
    expect(quote.promise).toMatchObject({ widened: true });
    expect(quote.promise.promisedMs).toBeGreaterThan(MINUTE_MS);
    expect(quote.promise.latePpm).toBeLessThanOrEqual(100_000);
  });
});
