import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { AssortmentView, PublishedCatalog, PublishedNetwork } from '../../contracts/http/admin.ts';
import { OrderListView } from '../../contracts/http/order-history.ts';
import { ProblemBody } from '../../contracts/http/problem.ts';
import { RulesView } from '../../contracts/http/rules.ts';
import { ProfileView, SessionView } from '../../contracts/http/users.ts';
import { catalogKey, NETWORK_KEY } from '../../contracts/snapshots.ts';
import type { CatalogSnapshot, NetworkSnapshot } from '../../contracts/snapshots.ts';
import type { PublishCatalog } from '../../contracts/rpc/store.ts';
import { startNeonEndpoint, type NeonEndpoint } from '../../db/local/neon-endpoint.ts';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { orders } from '../../db/schema/orders.ts';
import { users } from '../../db/schema/users.ts';
import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { seedDemo } from '../../db/seed/seed.ts';
import { readRefreshToken } from '../../domain/session/refresh-token.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import { migrate } from '../../durable/kit/migrate.ts';
import { Families } from '../../durable/session/families.ts';
import { SESSION_MIGRATIONS } from '../../durable/session/session-migrations.ts';
import { createApp } from '../../edge/app.ts';
import type { EdgeEnv } from '../../edge/env.ts';
import { emptyEdgeEnv, EXECUTION_CONTEXT, OPERATOR_KEY } from '../support/edge-env.ts';
import { nodeSql } from '../support/node-sql.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const app = createApp();
const STORE = firstStore();

let database: TestDatabase;
let endpoint: NeonEndpoint;
let node: NodeDb;
let env: EdgeEnv;
/** What happened to KV and the store, in order. */
const happened: string[] = [];
const kv = new Map<string, string>();
const published: PublishCatalog[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  node = createNodeDb({ connectionString: database.url });
  await seedDemo(node.db);
  const started = await startNeonEndpoint({ connectionString: database.url, postgresUrl: database.url });
  if (!started.ok) throw new Error(started.error.detail);
  endpoint = started.value;
  env = await emptyEdgeEnv({
    DATABASE_URL: database.url,
    DATABASE_LOCAL_ENDPOINT: `127.0.0.1:${endpoint.port}`,
    SESSION: { getByName: sessions() },
    STORE: { getByName: toldStore },
    CATALOG: {
      get: (key: string) => Promise.resolve(kv.get(key) ?? null),
      put: (key: string, value: string) => {
        happened.push(`put ${key}`);
        kv.set(key, value);
        return Promise.resolve();
      },
      delete: (key: string) => Promise.resolve(void kv.delete(key)),
    },
  });
});
afterAll(async () => {
  await endpoint.close();
  await node.close();
  await database.drop();
});

function firstStore(): (typeof DEMO_STORES)[number] {
  const [first] = DEMO_STORES;
  if (first === undefined) throw new Error('the demo has no store');
  return first;
}

/** Session objects as they are, on SQLite in memory. */
function sessions() {
  const sql = nodeSql();
  migrate(sql, 'session', SESSION_MIGRATIONS);
  const families = new Families(sql);
  return () => ({
    open: (actor: Parameters<Families['open']>[0], deviceId: string) =>
      Promise.resolve(families.open(actor, deviceId, Date.now())),
    refresh: (text: string, deviceId: string) => {
      const token = readRefreshToken(text);
      if (token === null) throw new Error(text);
      return Promise.resolve(families.refresh(token, deviceId, Date.now()));
    },
  });
}

function toldStore(storeId: string) {
  return {
    publishCatalog: (command: PublishCatalog) => {
      happened.push(`tell ${storeId}`);
      published.push(command);
      return Promise.resolve({ ok: true, value: { catalogVersion: command.catalogVersion } });
    },
  };
}

async function call(method: string, path: string, body?: unknown, token?: string): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return app.request(`/api/v1${path}`, init, env, EXECUTION_CONTEXT);
}
async function bodyOf<S extends v.GenericSchema>(schema: S, response: Response): Promise<v.InferOutput<S>> {
  const json: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(json));
  return v.parse(schema, json);
}
async function codeOf(response: Response): Promise<string> {
  return v.parse(ProblemBody, await response.json()).code;
}

let people = 0;
function newPerson() {
  people += 1;
  const digits = String(people).padStart(7, '0');
  return { phone: `+91700${digits}`, email: `p${digits}@test.example`, name: 'Asha', password: 'correct horse' };
}

describe('an account', () => {
  test('is registered, and signed in by phone or e-mail [U1] [U2]', async () => {
    const person = newPerson();
    const registered = await call('POST', '/users/register', person);
    expect(registered.status).toBe(201);
    const session = await bodyOf(SessionView, registered);
    expect(session.user.role).toBe('customer');
    for (const login of [{ phone: person.phone }, { email: person.email }]) {
      const again = await bodyOf(
        SessionView,
        await call('POST', '/users/login', { ...login, password: person.password }),
      );
      expect(again.user).toEqual(session.user);
      expect(again.refreshToken).not.toBe(session.refreshToken);
    }
  });

  test('keeps no password that could be read, and shows no hash [U2] [X8]', async () => {
    const person = newPerson();
    const { user, accessToken } = await bodyOf(SessionView, await call('POST', '/users/register', person));
    const [row] = await node.db.select().from(users).where(eq(users.id, user.id));
    expect(row?.passwordHash).toMatch(/^scrypt\$15\$8\$1\$/);
    const profile = await (await call('GET', '/users/profile', undefined, accessToken)).text();
    expect(profile).not.toContain('scrypt');
  });

  test('has a phone and an e-mail of its own [U2]', async () => {
    const person = newPerson();
    await bodyOf(SessionView, await call('POST', '/users/register', person));
    const samePhone = await call('POST', '/users/register', { ...newPerson(), phone: person.phone });
    expect(await samePhone.json()).toMatchObject({ code: 'ALREADY_EXISTS', numbers: { field: 'phone' } });
    const sameEmail = await call('POST', '/users/register', { ...newPerson(), email: person.email });
    expect(await sameEmail.json()).toMatchObject({ code: 'ALREADY_EXISTS', numbers: { field: 'email' } });
  });

  test('gives the same answer for a wrong password and for nobody [U1] [X8]', async () => {
    const person = newPerson();
    await bodyOf(SessionView, await call('POST', '/users/register', person));
    const wrong = await call('POST', '/users/login', { phone: person.phone, password: 'wrong horse' });
    const nobody = await call('POST', '/users/login', { phone: newPerson().phone, password: 'wrong horse' });
    const [a, b] = [v.parse(ProblemBody, await wrong.json()), v.parse(ProblemBody, await nobody.json())];
    expect(a.code).toBe('WRONG_CREDENTIALS');
    expect({ ...a, requestId: '' }).toEqual({ ...b, requestId: '' });
  });

  test.each(['INACTIVE', 'SUSPENDED'] as const)(
    'that is %s cannot sign in, and only its owner learns why [U3]',
    async (status) => {
      const person = newPerson();
      const { user } = await bodyOf(SessionView, await call('POST', '/users/register', person));
      await node.db.update(users).set({ status }).where(eq(users.id, user.id));
      const { phone, password } = person;
      expect(await codeOf(await call('POST', '/users/login', { phone, password }))).toBe('ACCOUNT_SUSPENDED');
      expect(await codeOf(await call('POST', '/users/login', { phone, password: 'guess' }))).toBe('WRONG_CREDENTIALS');
    },
  );

  test('shows and changes its profile, and nothing else about itself [U1]', async () => {
    const person = newPerson();
    const { user, accessToken } = await bodyOf(SessionView, await call('POST', '/users/register', person));
    const profile = await bodyOf(ProfileView, await call('GET', '/users/profile', undefined, accessToken));
    expect(profile).toMatchObject({
      id: user.id,
      phone: person.phone,
      email: person.email,
      name: 'Asha',
      role: 'customer',
    });
    const changed = await bodyOf(
      ProfileView,
      await call('PUT', '/users/profile', { name: 'Asha R', email: null }, accessToken),
    );
    expect(changed).toEqual({ ...profile, name: 'Asha R', email: null });
    for (const field of ['role', 'status', 'phone', 'id', 'passwordHash', 'storeId']) {
      const body = { name: 'x', email: null, [field]: 'OPERATOR' };
      expect(await codeOf(await call('PUT', '/users/profile', body, accessToken))).toBe('INVALID_INPUT');
    }
    const taken = { name: 'x', email: DEMO_LOGINS[0]?.email };
    expect(await codeOf(await call('PUT', '/users/profile', taken, accessToken))).toBe('ALREADY_EXISTS');
  });

  test.each(['customer', 'staff', 'courier', 'operator'] as const)(
    'of the demo signs in as %s, bound to what it works with [U3] [U4]',
    async (role) => {
      const login = DEMO_LOGINS.find((known) => known.role === role);
      const { phone, password } = login ?? { phone: '', password: '' };
      const { user } = await bodyOf(SessionView, await call('POST', '/users/login', { phone, password }));
      expect(user.role).toBe(role);
      expect(user.courierId).toBe(login?.courierId);
      // The wards of a role, whether it has them or not.
      expect([user.storeId, user.zoneId]).toEqual([login?.storeId, login?.zoneId]);
    },
  );
});

function orderRow(n: number, customerId: string): typeof orders.$inferInsert {
  return {
    id: asOrderId(`ord_${String(n).padStart(26, '0')}`),
    orderNumber: `K${n}`,
    customerId,
    zoneId: 'zon_0',
    storeId: STORE.id,
    status: 'DELIVERED',
    currency: 'INR',
    itemsMinor: 1_000,
    deliveryFeeMinor: 500,
    totalMinor: 1_500,
    finalMinor: 1_400,
    paymentMethod: 'sandbox',
    promisedAt: new Date(1_800_000_900_000 + n),
    createdAt: new Date(1_800_000_000_000 + n),
    updatedAt: new Date(),
    version: 1,
  };
}

describe('GET orders', () => {
  test('pages through the customer’s own orders, newest first [O1]', async () => {
    const { user, accessToken } = await bodyOf(SessionView, await call('POST', '/users/register', newPerson()));
    await node.db.insert(orders).values([1, 2, 3, 4, 5].map((n) => orderRow(n, user.id)));
    await node.db.insert(orders).values(orderRow(6, 'usr_of_somebody_else'));
    const numbers: string[] = [];
    let cursor = '';
    do {
      const page = await bodyOf(OrderListView, await call('GET', `/orders?limit=2${cursor}`, undefined, accessToken));
      numbers.push(...page.orders.map(({ number }) => number));
      expect(page.orders[0]).toMatchObject({ status: 'DELIVERED', total: { amount: 1_500 }, final: { amount: 1_400 } });
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(numbers).toEqual(['K5', 'K4', 'K3', 'K2', 'K1']);
    expect(await codeOf(await call('GET', '/orders?cursor=1_ord_1', undefined, accessToken))).toBe('INVALID_INPUT');
  });
});

describe('publishing', () => {
  beforeEach(() => {
    happened.length = 0;
    published.length = 0;
  });

  test('writes the snapshot first and tells the store after, each time with the next number [C9]', async () => {
    const path = `/admin/stores/${STORE.id}/catalog/publish`;
    const first = await bodyOf(PublishedCatalog, await call('POST', path, undefined, OPERATOR_KEY));
    const second = await bodyOf(PublishedCatalog, await call('POST', path, undefined, OPERATOR_KEY));
    expect(second.catalogVersion).toBe(first.catalogVersion + 1);
    expect(happened).toEqual(
      [first, second].flatMap(({ catalogVersion }) => [
        `put ${catalogKey(STORE.id, catalogVersion)}`,
        `tell ${STORE.id}`,
      ]),
    );
    const snapshot = JSON.parse(kv.get(catalogKey(STORE.id, second.catalogVersion)) ?? '') as CatalogSnapshot;
    expect(snapshot).toMatchObject({
      storeId: STORE.id,
      version: second.catalogVersion,
      currency: STORE.city.currency,
    });
    expect(snapshot.products).toHaveLength(second.products);
    expect(published[1]?.cards.length).toBeGreaterThanOrEqual(second.products);
    expect(published[1]?.cards.every(({ barcodes, bin }) => barcodes.length > 0 && bin !== '')).toBe(true);
    expect(published[1]?.cards.find(({ temperatureZone }) => temperatureZone === 'frozen')).toMatchObject({
      categoryPath: ['Frozen', expect.any(String)],
      gramsPerUnit: expect.any(Number),
      priceMinor: expect.any(Number),
    });
  });

  test('shows what is for sale, and the floor also what is not [C3]', async () => {
    const path = `/admin/stores/${STORE.id}`;
    const { currency } = STORE.city;
    const row = {
      sku: 'TEST-1',
      name: 'Assam tea',
      category: ['Drinks', 'Tea'],
      unit: 'pack',
      size: '500 g',
      price: { amount: 1_000, currency },
      mrp: { amount: 1_200, currency },
      bin: 'A01-1-1',
    };
    const hidden = { ...row, sku: 'TEST-2', forSale: false };
    const wrong = { ...row, sku: 'TEST-3', mrp: { amount: 999, currency } };
    const rows = [row, hidden, wrong];
    const written = await bodyOf(AssortmentView, await call('PUT', `${path}/assortment`, { rows }, OPERATOR_KEY));
    expect(written).toMatchObject({
      created: 2,
      changed: 0,
      minted: 2,
      rejected: [{ index: 2, sku: 'TEST-3', column: 'mrp' }],
    });
    const again = await bodyOf(
      AssortmentView,
      await call('PUT', `${path}/assortment`, { rows: [row, hidden] }, OPERATOR_KEY),
    );
    expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 2 });
    const { catalogVersion } = await bodyOf(
      PublishedCatalog,
      await call('POST', `${path}/catalog/publish`, undefined, OPERATOR_KEY),
    );
    const { products } = JSON.parse(kv.get(catalogKey(STORE.id, catalogVersion)) ?? '') as CatalogSnapshot;
    expect(products.flatMap(({ sku }) => (sku.startsWith('TEST-') ? [sku] : []))).toEqual(['TEST-1']);
    const cards = published.at(-1)?.cards.filter(({ sku }) => sku.startsWith('TEST-')) ?? [];
    expect(cards.map(({ sku }) => sku)).toEqual(['TEST-1', 'TEST-2']);
    expect(cards[0]?.barcodes[0]).toMatch(/^20\d{11}$/);
  });

  test('a store that is none is not found', async () => {
    const path = `/admin/stores/sto_${'Z'.repeat(26)}`;
    expect(await codeOf(await call('POST', `${path}/catalog/publish`, undefined, OPERATOR_KEY))).toBe('NOT_FOUND');
    expect(happened).toEqual([]);
  });

  test('the network goes out whole, each time with a higher number [L5]', async () => {
    const first = await bodyOf(PublishedNetwork, await call('POST', '/admin/network/publish', undefined, OPERATOR_KEY));
    const second = await bodyOf(
      PublishedNetwork,
      await call('POST', '/admin/network/publish', undefined, OPERATOR_KEY),
    );
    expect(second.version).toBeGreaterThan(first.version);
    const network = JSON.parse(kv.get(NETWORK_KEY) ?? '') as NetworkSnapshot;
    expect(network.stores.map(({ id }) => id)).toEqual(DEMO_STORES.map(({ id }) => id).toSorted());
    expect(network.zones.every(({ polygon }) => (polygon[0]?.length ?? 0) >= 4)).toBe(true);
  });
});

describe('rules', () => {
  async function put(path: string, body: unknown): Promise<Response> {
    return call('PUT', `/admin/${path}`, body, OPERATOR_KEY);
  }

  test('go out with the next publication, a store’s in place of its city’s [P2] [F2]', async () => {
    const smallCart = { belowMinor: 100, feeMinor: 10 };
    const city = `cities/${STORE.city.id}`;
    const { currency } = STORE.city;
    await bodyOf(RulesView, await put(`${city}/charges`, { currency, smallCart }));
    await bodyOf(RulesView, await put(`stores/${STORE.id}/charges`, { currency, freeDeliveryFromMinor: 5 }));
    const assignment = { strategy: 'capacity' };
    const fulfilled = await bodyOf(RulesView, await put(`${city}/fulfilment`, { assignment }));
    expect(fulfilled.changed).toBe(true);
    await (await call('POST', '/admin/network/publish', undefined, OPERATOR_KEY)).text();
    const network = JSON.parse(kv.get(NETWORK_KEY) ?? '') as NetworkSnapshot;
    expect(network.cities.find(({ id }) => id === STORE.city.id)).toMatchObject({
      charges: { smallCart },
      fulfilment: { assignment },
    });
    expect(network.stores.find(({ id }) => id === STORE.id)?.charges).toEqual({ freeDeliveryFromMinor: 5 });
  });

  test.each<[string, object, string]>([
    ['another currency', { currency: 'USD' }, 'INVALID_INPUT'],
    ['a fee below nothing', { currency: 'INR', smallCart: { belowMinor: 1, feeMinor: -1 } }, 'INVALID_INPUT'],
    [
      'more off than all',
      { currency: 'INR', offer: { fromMinor: 1, offPpm: 1_000_001, maxMinor: 1 } },
      'INVALID_INPUT',
    ],
    [
      'tiers out of order',
      {
        currency: 'INR',
        deliveryTiers: [
          { upToM: 2, feeMinor: 1 },
          { upToM: 1, feeMinor: 1 },
        ],
      },
      'INVALID_INPUT',
    ],
    ['what is no rule', { currency: 'INR', discountForAll: 1 }, 'INVALID_INPUT'],
  ])('are refused with %s [X8]', async (_, body, code) => {
    expect(await codeOf(await put(`stores/${STORE.id}/charges`, body))).toBe(code);
  });

  test('of a city that is not there are refused', async () => {
    expect(await codeOf(await put(`cities/cit_${'9'.repeat(26)}/charges`, { currency: 'INR' }))).toBe('NOT_FOUND');
  });
});

describe('a database that goes away', () => {
  test('is a quick 503, and comes back without a restart [X7]', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const person = newPerson();
    const { phone, password } = person;
    await bodyOf(SessionView, await call('POST', '/users/register', person));
    const { port } = endpoint;
    await endpoint.close();
    const away = await call('POST', '/users/login', { phone, password });
    expect(away.status).toBe(503);
    expect(await codeOf(away)).toBe('UNAVAILABLE');
    const restarted = await startNeonEndpoint({ connectionString: database.url, postgresUrl: database.url, port });
    if (!restarted.ok) throw new Error(restarted.error.detail);
    endpoint = restarted.value;
    await vi.waitFor(async () => {
      expect((await call('POST', '/users/login', { phone, password })).status).toBe(200);
    }, 30_000);
  });
});
