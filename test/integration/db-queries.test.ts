import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bumpCatalogVersion, loadStoreCatalog } from '../../db/queries/catalog.ts';
import { loadNetwork, nextNetworkVersion } from '../../db/queries/network.ts';
import { listOrders, readOrder, type OrderCursor } from '../../db/queries/orders.ts';
import {
  listTransactions,
  type TransactionCursor,
  type TransactionFilter,
} from '../../db/queries/payment-transactions.ts';
import {
  createCustomer,
  findUserByEmail,
  findUserById,
  findUserByPhone,
  updateProfile,
  type NewCustomer,
} from '../../db/queries/users.ts';
import { listStuckOrders } from '../../db/queries/stuck-orders.ts';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { orderLines } from '../../db/schema/order-lines.ts';
import { orders } from '../../db/schema/orders.ts';
import { paymentTransactions } from '../../db/schema/payment-transactions.ts';
import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { demoAssortment } from '../../db/seed/assortment.ts';
import { currencyOfScope, loadRules, writeRules } from '../../db/queries/rules.ts';
import { DEMO_CITIES, DEMO_STORES } from '../../db/seed/network.ts';
import { DEMO_COURIERS, DEMO_PASSWORD_HASHES } from '../../db/seed/people.ts';
import { seedDemo } from '../../db/seed/seed.ts';
import { asCityId, asOrderId, asStoreId, asUserId, type UserId } from '../../domain/shared/ids.ts';
import { DRIVERS, openDatabase, type OpenDatabase } from '../support/databases.ts';

function userId(text: string): UserId {
  return asUserId(`usr_${text.padStart(26, '0')}`);
}

function customer(text: string, changes: Partial<NewCustomer> = {}): NewCustomer {
  return {
    id: userId(text),
    phone: `+9100000${text.padStart(5, '5')}`,
    email: `${text}@test.example`,
    name: `Customer ${text}`,
    passwordHash: DEMO_PASSWORD_HASHES.CUSTOMER,
    ...changes,
  };
}

describe.each(DRIVERS)('by %s', (driver) => {
  let open: OpenDatabase;
  let node: NodeDb;

  beforeAll(async () => {
    open = await openDatabase(driver);
    node = createNodeDb({ connectionString: open.url });
    await seedDemo(node.db);
  });
  afterAll(async () => {
    await node.close();
    await open.close();
  });

  test('a customer is registered once and found by phone, e-mail and id [U2]', async () => {
    const created = await createCustomer(open.db, customer('1'));
    if (!created.ok) throw new Error(created.error.code);
    expect(created.value).toMatchObject({
      ...customer('1'),
      role: 'CUSTOMER',
      status: 'ACTIVE',
      storeId: null,
      courierId: null,
      zoneId: null,
    });
    expect(Math.abs(created.value.createdAtMs - Date.now())).toBeLessThan(60_000);
    expect(await findUserByPhone(open.db, customer('1').phone)).toEqual(created.value);
    expect(await findUserByEmail(open.db, '1@test.example')).toEqual(created.value);
    expect(await findUserById(open.db, userId('1'))).toEqual(created.value);
    expect(await findUserById(open.db, userId('2'))).toBeUndefined();
  });

  test('a phone, an e-mail and an id belong to one user [U2]', async () => {
    await createCustomer(open.db, customer('10'));
    const { phone, email } = customer('10');
    const clashes = [customer('11', { phone }), customer('12', { email }), { ...customer('13'), id: userId('10') }];
    const results = [];
    for (const clash of clashes) results.push(await createCustomer(open.db, clash));
    expect(results).toEqual(
      ['phone', 'email', 'id'].map((field) => ({ ok: false, error: { code: 'ALREADY_EXISTS', field } })),
    );
    const nobody = customer('14', { email: null });
    expect(await createCustomer(open.db, nobody)).toMatchObject({ ok: true, value: { email: null } });
    expect(await createCustomer(open.db, customer('15', { email: null }))).toMatchObject({ ok: true });
  });

  test('a profile is replaced, unless its e-mail is taken [U1]', async () => {
    await createCustomer(open.db, customer('20'));
    await createCustomer(open.db, customer('21'));
    const changed = await updateProfile(open.db, userId('20'), { name: 'New Name', email: null });
    expect(changed).toMatchObject({ ok: true, value: { name: 'New Name', email: null, phone: customer('20').phone } });
    expect(await updateProfile(open.db, userId('20'), { name: 'X', email: '21@test.example' })).toEqual({
      ok: false,
      error: { code: 'ALREADY_EXISTS', field: 'email' },
    });
    expect(await updateProfile(open.db, userId('29'), { name: 'X', email: null })).toEqual({
      ok: true,
      value: undefined,
    });
  });

  test('every demo login is there with what its token will carry [U4]', async () => {
    for (const login of DEMO_LOGINS) {
      expect(await findUserByPhone(open.db, login.phone)).toMatchObject({
        name: login.name,
        role: login.role.toUpperCase(),
        storeId: login.storeId ?? null,
        courierId: login.courierId ?? null,
        zoneId: login.zoneId ?? null,
      });
    }
  });

  test('rules have versions: the highest goes, the same again is none, and nobody’s is lost when several write at once [P2]', async () => {
    const [city] = DEMO_CITIES;
    if (city === undefined) throw new Error('the demo has cities');
    const scope = { cityId: city.id };
    expect((await loadRules(open.db)).charges.get(city.id)).toEqual(city.charges);
    const charges = { kind: 'charges', scope, rules: { freeDeliveryFromMinor: 1 } } as const;
    expect(await writeRules(open.db, charges, 'usr_1')).toEqual({ version: 2, changed: true });
    expect(await writeRules(open.db, charges, 'usr_1')).toEqual({ version: 2, changed: false });
    const rules = { assignment: { strategy: 'hybrid', weights: { proximity: 3, capacity: 2, inventory: 1 } } } as const;
    expect(await writeRules(open.db, { kind: 'fulfilment', scope, rules }, 'usr_1')).toEqual({
      version: 1,
      changed: true,
    });
    const now = await loadRules(open.db);
    expect([now.charges.get(city.id), now.fulfilment.get(city.id)]).toEqual([charges.rules, rules]);
    const atOnce = [2, 3, 4].map((freeDeliveryFromMinor) =>
      writeRules(open.db, { ...charges, rules: { freeDeliveryFromMinor } }, 'usr_1'),
    );
    const written = await Promise.all(atOnce);
    expect(written.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([3, 4, 5]);
    const [store] = DEMO_STORES;
    expect(await currencyOfScope(open.db, { storeId: store?.id ?? asStoreId(`sto_${'9'.repeat(26)}`) })).toBe(
      city.currency,
    );
    expect(await currencyOfScope(open.db, { cityId: asCityId(`cit_${'9'.repeat(26)}`) })).toBeNull();
  });

  test('the network has everything its rows refer to [L5]', async () => {
    const network = await loadNetwork(open.db);
    expect(network.cities.map(({ name }) => name).toSorted()).toEqual(DEMO_CITIES.map(({ name }) => name).toSorted());
    expect(network.stores).toHaveLength(DEMO_STORES.length);
    expect(network.couriers).toHaveLength(DEMO_COURIERS.length);
    const cities = new Set(network.cities.map(({ id }) => id));
    const zones = new Set(network.zones.map(({ id }) => id));
    expect(network.zones.every(({ cityId }) => cities.has(cityId))).toBe(true);
    expect(network.stores.every(({ cityId, zoneId }) => cities.has(cityId) && zones.has(zoneId))).toBe(true);
    expect(network.couriers.every(({ zoneId }) => zones.has(zoneId))).toBe(true);
    const [wanted] = DEMO_STORES;
    const found = network.stores.find(({ id }) => id === wanted?.id);
    expect(found).toEqual({
      id: wanted?.id,
      cityId: wanted?.city.id,
      zoneId: wanted?.zoneId,
      name: wanted?.name,
      location: wanted?.location,
      radiusM: wanted?.radiusM,
      status: 'ACTIVE',
      maxCapacity: wanted?.maxCapacity,
      averageFulfilmentMinutes: wanted?.averageFulfilmentMinutes,
      deliveryFeeMinor: wanted?.deliveryFeeMinor,
    });
    expect(network.zones.find(({ id }) => id === wanted?.zoneId)?.polygon).toEqual(wanted?.polygon);
    expect(network.couriers.find(({ id }) => id === DEMO_COURIERS[0]?.id)?.rating).toBe(DEMO_COURIERS[0]?.rating);
  });

  test('versions of the network and of a catalog only grow', async () => {
    const first = await nextNetworkVersion(open.db);
    expect(await nextNetworkVersion(open.db)).toBe(first + 1);

    const [store, other] = DEMO_STORES;
    if (store === undefined || other === undefined) throw new Error('the demo has four stores');
    const bumped = await Promise.all([1, 2, 3].map(() => bumpCatalogVersion(open.db, store.id, 1_800_000_000_123)));
    expect(bumped.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(await bumpCatalogVersion(open.db, other.id, 1_800_000_000_123)).toBe(1);
    const { rows } = await node.pool.query<{ at: Date }>('SELECT published_at AS at FROM catalog_versions');
    expect(rows.map(({ at }) => at.getTime())).toEqual([1_800_000_000_123, 1_800_000_000_123]);
  });

  test("a store's catalog is its assortment with codes, and the tree above it, parents first [C2] [C5]", async () => {
    for (const store of DEMO_STORES) {
      const { items, categories } = await loadStoreCatalog(open.db, store.id);
      const wanted = demoAssortment(store);
      expect(items.map(({ sku }) => sku)).toEqual(wanted.map(({ sku }) => sku).toSorted());
      expect(items.every(({ barcodes }) => barcodes.length === 1)).toBe(true);
      const seen = new Set<string>();
      for (const { id, parentId } of categories) {
        expect(parentId === null || seen.has(parentId)).toBe(true);
        seen.add(id);
      }
      expect(items.every(({ categoryId }) => seen.has(categoryId))).toBe(true);
    }
  });

  test("a customer's orders come newest first, page by page, each once [O1]", async () => {
    const me = userId('30');
    const mine = { customerId: me };
    const atMs = 1_800_000_000_000;
    // Five moments for twelve orders: a page may end between orders of one millisecond.
    const rows = Array.from({ length: 12 }, (_, index) => orderRow(index, me, atMs + Math.floor(index / 3)));
    await node.db.insert(orders).values([...rows, orderRow(99, userId('31'), atMs)]);

    const seen: string[] = [];
    let after: OrderCursor | undefined;
    const sizes: number[] = [];
    do {
      const page = await listOrders(open.db, mine, after === undefined ? { limit: 5 } : { limit: 5, after });
      sizes.push(page.orders.length);
      seen.push(...page.orders.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(sizes).toEqual([5, 5, 2]);
    const newestFirst = rows.toSorted(
      (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1),
    );
    expect(seen).toEqual(newestFirst.map(({ id }) => id));
    const whole = await listOrders(open.db, mine, { limit: 12 });
    expect(whole.next).toBeNull();
    expect(whole.orders[0]).toMatchObject({
      totalMinor: 3_000,
      currency: 'INR',
      createdAtMs: atMs + 3,
      status: 'CONFIRMED',
    });
  });

  test("the movements of a customer's money come newest first, narrowed by status, gateway and day [Y3] [Y5]", async () => {
    const me = userId('50');
    const dayMs = Date.UTC(2027, 0, 31);
    const moves = Array.from({ length: 7 }, (_, index) => moveRow(index, me, dayMs + Math.floor(index / 3) * 1000));
    const yesterday = moveRow(7, me, dayMs - 1);
    await node.db.insert(paymentTransactions).values([...moves, yesterday, moveRow(8, userId('51'), dayMs)]);
    const seen: string[] = [];
    let after: TransactionCursor | undefined;
    do {
      const page = await listTransactions(open.db, { customerId: me }, { limit: 3, ...(after && { after }) });
      seen.push(...page.rows.map(({ orderId }) => orderId));
      after = page.next ?? undefined;
    } while (after !== undefined);
    const newestFirst = [...moves, yesterday].toSorted(
      (a, b) => b.at.getTime() - a.at.getTime() || (a.orderId < b.orderId ? 1 : -1),
    );
    expect(seen).toEqual(newestFirst.map(({ orderId }) => orderId));
    async function count(filter: TransactionFilter): Promise<number> {
      return (await listTransactions(open.db, { customerId: me, ...filter }, { limit: 50 })).rows.length;
    }
    expect(await count({ between: [dayMs, dayMs + 86_400_000] })).toBe(7);
    expect(await count({ kinds: ['refunded'] })).toBe(4);
    expect(await count({ provider: 'stripe' })).toBe(0);
    expect(await count({ orderId: asOrderId(yesterday.orderId) })).toBe(1);
  });

  test('orders that wait for an operator come longest waiting first, page by page, and no others [O10]', async () => {
    const atMs = 1_800_000_000_000;
    const stuck = [0, 1, 1, 2].map((second, index) => ({
      ...orderRow(300 + index, userId('60'), atMs),
      stuckStep: 'capture' as const,
      stuckAt: new Date(atMs + second * 1000),
    }));
    await node.db.insert(orders).values([...stuck, orderRow(310, userId('60'), atMs)]);
    const first = await listStuckOrders(open.db, { limit: 2 });
    expect(first.orders.map(({ id }) => id)).toEqual(stuck.slice(0, 2).map(({ id }) => id));
    expect(first.orders[0]).toMatchObject({ step: 'capture', sinceMs: atMs, status: 'CONFIRMED', storeId: null });
    const second = await listStuckOrders(open.db, { limit: 2, ...(first.next !== null && { after: first.next }) });
    expect(second.orders.map(({ id }) => id)).toEqual(stuck.slice(2).map(({ id }) => id));
    expect(second.next).toBeNull();
  });

  test('an order is read with its lines', async () => {
    const row = orderRow(200, userId('40'), 1_800_000_000_000);
    await node.db.insert(orders).values(row);
    await node.db.insert(orderLines).values({
      orderId: row.id,
      lineNo: 1,
      sku: 'MLK-001',
      name: 'Milk',
      quantity: 2,
      unitPriceMinor: 250,
      totalMinor: 500,
      currency: 'INR',
    });
    const record = await readOrder(open.db, asOrderId(row.id));
    expect(record).toMatchObject({ order: row, lines: [{ sku: 'MLK-001' }], history: [], payment: null });
    expect(await readOrder(open.db, asOrderId(`ord_${'9'.repeat(26)}`))).toBeUndefined();
  });
});

function moveRow(number: number, customerId: UserId, atMs: number) {
  return {
    orderId: `ord_${String(number).padStart(26, '0')}`,
    sequence: 3,
    customerId,
    kind: number % 2 === 0 ? ('captured' as const) : ('refunded' as const),
    method: 'sandbox',
    provider: 'sandbox',
    amountMinor: 100,
    currency: 'INR',
    at: new Date(atMs),
  };
}

function orderRow(number: number, customerId: UserId, createdAtMs: number) {
  return {
    id: `ord_${String(number).padStart(26, '0')}`,
    orderNumber: `N${number}`,
    customerId,
    zoneId: DEMO_STORES[0]?.zoneId ?? '',
    status: 'CONFIRMED' as const,
    currency: 'INR',
    itemsMinor: 500,
    deliveryFeeMinor: 2_500,
    totalMinor: 3_000,
    paymentMethod: 'cod',
    promisedAt: new Date(createdAtMs + 900_000),
    createdAt: new Date(createdAtMs),
    updatedAt: new Date(createdAtMs),
    version: 1,
  };
}
