import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { DEMO_COURIERS } from '../../db/seed/people.ts';
import { seedDemo } from '../../db/seed/seed.ts';
import { createNodeDb } from '../../db/node-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const STORE = DEMO_STORES[0]?.id ?? '';
const COURIER = DEMO_COURIERS[0]?.id ?? '';
const USER = `usr_${'0'.repeat(26)}`;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  const node = createNodeDb({ connectionString: database.url });
  await seedDemo(node.db);
  await node.close();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The constraint that a statement breaks, or `none`; nothing it writes stays. */
async function brokenBy(statement: string): Promise<string> {
  await client.query('BEGIN');
  try {
    await client.query(statement);
    return 'none';
  } catch (cause) {
    return cause instanceof pg.DatabaseError ? (cause.constraint ?? cause.code ?? 'unknown') : String(cause);
  } finally {
    await client.query('ROLLBACK');
  }
}

function level(changes: Record<string, number> = {}): string {
  const row = {
    received: 10,
    adjusted: -1,
    transferred_in: 1,
    available: 4,
    blocked: 1,
    held: 1,
    allocated: 1,
    picked: 1,
    sold: 1,
    written_off: 1,
    transferred_out: 0,
    version: 1,
    ...changes,
  };
  const columns = Object.keys(row).join(', ');
  return `INSERT INTO stock_levels (store_id, sku, updated_at, ${columns}) VALUES ('s', 'k', now(), ${Object.values(row).join(', ')})`;
}

test('a level that conserves stock goes in, one that lost or made a unit does not [R4]', async () => {
  expect(await brokenBy(level())).toBe('none');
  for (const column of ['received', 'available', 'blocked', 'held', 'allocated', 'picked', 'sold', 'transferred_out']) {
    expect(await brokenBy(level({ [column]: 20 }))).toBe('stock_levels_conservation_check');
  }
  expect(await brokenBy(level({ available: 6, held: -1 }))).toBe('stock_levels_not_negative_check');
  expect(await brokenBy(level({ adjusted: -20, available: -15 }))).toBe('stock_levels_not_negative_check');
});

function order(changes: Record<string, string> = {}): string {
  const row: Record<string, string> = {
    id: "'o'",
    order_number: "'N1'",
    customer_id: "'c'",
    zone_id: "'z'",
    status: "'PENDING'",
    currency: "'INR'",
    items_minor: '500',
    delivery_fee_minor: '100',
    discount_minor: '50',
    total_minor: '550',
    payment_method: "'cod'",
    promised_at: 'now()',
    created_at: 'now()',
    updated_at: 'now()',
    version: '1',
    ...changes,
  };
  return `INSERT INTO orders (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`;
}

test('an order adds up, in a currency, in a state that exists [P5]', async () => {
  expect(await brokenBy(order())).toBe('none');
  expect(await brokenBy(order({ total_minor: '551' }))).toBe('orders_total_minor_check');
  expect(await brokenBy(order({ items_minor: '-50', total_minor: '0' }))).toBe('orders_amounts_check');
  expect(await brokenBy(order({ currency: "'inr'" }))).toBe('orders_currency_check');
  expect(await brokenBy(order({ status: "'SHIPPED'" }))).toBe('orders_status_check');
  expect(await brokenBy(order({ order_number: "'123456789012345678901'" }))).toBe('orders_order_number_check');
});

function user(role: string, storeId: string | null, courierId: string | null, phone = '+910000099999'): string {
  const [store, courier] = [storeId, courierId].map((id) => (id === null ? 'NULL' : `'${id}'`));
  return `INSERT INTO users (id, phone, name, role, store_id, courier_id) VALUES ('${USER}', '${phone}', 'X', '${role}', ${store}, ${courier})`;
}

test('staff have a store, couriers are couriers, and nobody else is either [U3] [U4]', async () => {
  expect(await brokenBy(user('CUSTOMER', null, null))).toBe('none');
  expect(await brokenBy(user('STAFF', STORE, null))).toBe('none');
  expect(await brokenBy(user('STAFF', null, null))).toBe('users_store_id_check');
  expect(await brokenBy(user('CUSTOMER', STORE, null))).toBe('users_store_id_check');
  expect(await brokenBy(user('COURIER', null, null))).toBe('users_courier_id_check');
  expect(await brokenBy(user('OPERATOR', null, COURIER))).toBe('users_courier_id_check');
  expect(await brokenBy(user('COURIER', null, COURIER))).toBe('users_courier_id_unique');
  expect(await brokenBy(user('ROOT', null, null))).toBe('users_role_check');
  expect(await brokenBy(user('CUSTOMER', null, null, '0091123456'))).toBe('users_phone_check');
});

test.each([
  [
    'a price above the MRP',
    'UPDATE store_assortment SET price_minor = mrp_minor + 1',
    'store_assortment_mrp_minor_check',
  ],
  ['a bin without a shelf', "UPDATE store_assortment SET bin = 'A01-1'", 'store_assortment_bin_check'],
  [
    'a SKU with a blank',
    `UPDATE products SET id = 'A B' WHERE id = (SELECT min(id) FROM products)`,
    'products_id_check',
  ],
  ['a code of the wrong length', "INSERT INTO barcodes VALUES ('123', 'MLK-001', 'ean13')", 'barcodes_code_check'],
  [
    'a minted code outside range 20',
    "INSERT INTO barcodes VALUES ('3000000000010', 'MLK-001', 'in_store')",
    'barcodes_code_check',
  ],
  [
    'a code of a SKU that does not exist',
    "INSERT INTO barcodes VALUES ('4006381333931', 'NONE', 'ean13')",
    'barcodes_sku_products_id_fk',
  ],
  [
    'a polygon with two corners',
    `UPDATE zones SET polygon = '{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}'`,
    'zones_polygon_check',
  ],
  [
    'a polygon without a type',
    `UPDATE zones SET polygon = '{"coordinates":[[[0,0],[1,1],[1,0],[0,0]]]}'`,
    'zones_polygon_check',
  ],
  ['a latitude of 91', 'UPDATE stores SET lat = 91', 'stores_lat_lng_check'],
  ['a store in an unknown state', "UPDATE stores SET status = 'OPEN'", 'stores_status_check'],
  ['a rating of 6', 'UPDATE couriers SET rating = 6', 'couriers_rating_check'],
  ['an id of another kind', `UPDATE cities SET id = 'zon_${'0'.repeat(26)}' WHERE name = 'Lisboa'`, 'cities_id_check'],
  ['a category of its own', 'UPDATE categories SET parent_id = id', 'categories_parent_id_check'],
  [
    'two roots of one name',
    "INSERT INTO categories (id, name) SELECT 'x', name FROM categories WHERE parent_id IS NULL LIMIT 1",
    'categories_parent_id_name_unique',
  ],
  [
    'two default addresses',
    "INSERT INTO addresses (id, user_id, label, line, lat, lng, is_default) SELECT 'x', user_id, 'work', 'y', 1, 1, true FROM addresses LIMIT 1",
    'addresses_user_id_default_index',
  ],
  [
    'more refunded than captured',
    "INSERT INTO payments (order_id, method, provider, status, currency, captured_minor, refunded_minor, created_at, updated_at, version) VALUES ('o', 'cod', 'cod', 'REFUNDED', 'INR', 100, 101, now(), now(), 1)",
    'payments_refunded_minor_check',
  ],
  [
    'a line that does not add up',
    "INSERT INTO order_lines VALUES ('o', 1, 'k', 'n', 2, 100, 201, 'INR')",
    'order_lines_total_minor_check',
  ],
])('%s is refused', async (_what, statement, constraint) => {
  expect(await brokenBy(statement)).toBe(constraint);
});
