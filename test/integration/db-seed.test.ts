import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { DEMO_PLACES, DEMO_STORES } from '../../db/seed/network.ts';
import { DEMO_PASSWORD_HASHES, DEMO_PASSWORDS } from '../../db/seed/people.ts';
import { seedDemo } from '../../db/seed/seed.ts';
import { containsPoint } from '../../domain/geo/polygon.ts';
import { distanceM } from '../../domain/shared/geo.ts';
import { isOutdatedHash, verifyPassword } from '../../integrations/passwords.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let node: NodeDb;

beforeAll(async () => {
  database = await createTestDatabase();
  node = createNodeDb({ connectionString: database.url });
});
afterAll(async () => {
  await node.close();
  await database.drop();
});

/** Everything in the seeded tables but the moments of writing. */
async function contents({ pool }: NodeDb): Promise<string> {
  const tables = [
    'cities',
    'zones',
    'stores',
    'couriers',
    'users',
    'addresses',
    'categories',
    'products',
    'barcodes',
    'store_assortment',
    'price_history',
  ];
  const texts = [];
  for (const table of tables) {
    const { rows } = await pool.query<{ text: string | null }>(
      `SELECT string_agg(row, E'\n' ORDER BY row) AS text FROM (
         SELECT (to_jsonb(t) - 'created_at' - 'updated_at' - 'changed_at')::text AS row FROM ${table} t) rows`,
    );
    texts.push(`${table}\n${rows[0]?.text ?? 'empty'}`);
  }
  return texts.join('\n');
}

test('seeding twice is seeding once, and what people changed since stays', async () => {
  const first = await seedDemo(node.db);
  expect(first).toEqual({ created: 67, stocked: 4, articles: 1557 });
  const seeded = await contents(node);
  expect(seeded).not.toContain('empty');
  expect(await seedDemo(node.db)).toEqual({ created: 0, stocked: 0, articles: 0 });
  expect(await contents(node)).toBe(seeded);

  await node.pool.query("UPDATE users SET name = 'Renamed' WHERE email = 'customer@demo.kirana.example'");
  await node.pool.query("UPDATE store_assortment SET price_minor = 1 WHERE sku = 'MLK-001'");
  const changed = await contents(node);
  await seedDemo(node.db);
  expect(await contents(node)).toBe(changed);
});

test('two databases are seeded with the same data', async () => {
  const [first, second] = [await contentsOfFresh(), await contentsOfFresh()];
  expect(second).toBe(first);
});

async function contentsOfFresh(): Promise<string> {
  const fresh = await createTestDatabase();
  const client = createNodeDb({ connectionString: fresh.url });
  await seedDemo(client.db);
  const text = await contents(client);
  await client.close();
  await fresh.drop();
  return text;
}

test('the documented passwords are the ones of the stored hashes', async () => {
  for (const role of ['CUSTOMER', 'STAFF', 'COURIER', 'OPERATOR'] as const) {
    expect(await verifyPassword(DEMO_PASSWORDS[role], DEMO_PASSWORD_HASHES[role])).toBe(true);
    expect(isOutdatedHash(DEMO_PASSWORD_HASHES[role])).toBe(false);
  }
});

test.each(DEMO_PLACES)('$name is served by $stores', ({ location, stores }) => {
  const serving = DEMO_STORES.filter(
    (store) =>
      containsPoint(store.polygon.coordinates, location) && distanceM(location, store.location) <= store.radiusM,
  );
  expect(serving.map(({ key }) => key)).toEqual(stores);
});
