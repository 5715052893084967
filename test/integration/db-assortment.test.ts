import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { upsertAssortment, type AssortmentInput, type AssortmentOutcome } from '../../db/queries/assortment.ts';
import { loadStoreCatalog } from '../../db/queries/catalog.ts';
import { ensureCategories } from '../../db/queries/categories.ts';
import { createNodeDb } from '../../db/node-client.ts';
import { DEMO_STORES, type DemoStore } from '../../db/seed/network.ts';
import { seedDemo } from '../../db/seed/seed.ts';
import { inStoreEan13 } from '../../domain/catalog/gtin.ts';
import { asSku, asStoreId, type StoreId } from '../../domain/shared/ids.ts';
import { DRIVERS, openDatabase, type OpenDatabase } from '../support/databases.ts';

function demoStore(index: number): DemoStore {
  const store = DEMO_STORES[index];
  if (store === undefined) throw new Error('the demo has four stores');
  return store;
}
const STORE = demoStore(0).id;
const NEIGHBOUR = demoStore(1).id;

function row(sku: string, changes: Partial<AssortmentInput> = {}): AssortmentInput {
  return {
    sku: asSku(sku),
    name: `Article ${sku}`,
    category: ['Imported', 'Misc'],
    unit: 'pack',
    size: '500 g',
    priceMinor: 1_000,
    mrpMinor: 1_200,
    currency: 'INR',
    bin: 'A01-1-1',
    ...changes,
  };
}

describe.each(DRIVERS)('an assortment batch by %s', (driver) => {
  let open: OpenDatabase;
  let client: pg.Client;
  let serial = 0;
  let sku: string;

  beforeAll(async () => {
    open = await openDatabase(driver);
    const node = createNodeDb({ connectionString: open.url });
    await seedDemo(node.db);
    await node.close();
    client = new pg.Client({ connectionString: open.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await open.close();
  });
  beforeEach(() => {
    serial += 1;
    sku = `T${serial}`;
  });

  async function upsert(rows: readonly AssortmentInput[], storeId: StoreId = STORE): Promise<AssortmentOutcome> {
    const outcome = await upsertAssortment(open.db, storeId, rows);
    if (!outcome.ok) throw new Error(outcome.error.code);
    return outcome.value;
  }
  async function select(text: string): Promise<Record<string, unknown>[]> {
    return (await client.query<Record<string, unknown>>(text, [sku])).rows;
  }

  test('makes articles, categories, prices and codes at once', async () => {
    const outcome = await upsert([row(sku, { barcodes: ['4006381333931', '73513537'] }), row(`${sku}-loose`)]);
    expect(outcome).toEqual({ created: 2, changed: 0, unchanged: 0, minted: 1, rejected: [] });
    const { items, categories } = await loadStoreCatalog(open.db, STORE);
    const item = items.find((candidate) => candidate.sku === sku);
    expect(item).toMatchObject({
      name: `Article ${sku}`,
      description: '',
      unit: 'pack',
      size: '500 g',
      imageUrl: null,
      priceMinor: 1_000,
      mrpMinor: 1_200,
      currency: 'INR',
      bin: 'A01-1-1',
      forSale: true,
      barcodes: ['4006381333931', '73513537'],
    });
    const leaf = categories.find(({ id }) => id === item?.categoryId);
    expect(leaf?.name).toBe('Misc');
    expect(categories.find(({ id }) => id === leaf?.parentId)).toMatchObject({ name: 'Imported', parentId: null });
    await client.query("DELETE FROM barcodes WHERE code IN ('4006381333931', '73513537')");
  });

  test('the same batch again changes nothing, not even a version or a moment', async () => {
    const batch = [row(sku, { description: 'Fresh', imageUrl: 'https://img.example/a.png' }), row(`${sku}-b`)];
    await upsert(batch);
    const before = await everything();
    expect(await upsert(batch)).toEqual({ created: 0, changed: 0, unchanged: 2, minted: 0, rejected: [] });
    expect(await everything()).toEqual(before);
  });

  async function everything(): Promise<unknown[]> {
    const tables = ['products', 'store_assortment', 'barcodes', 'price_history', 'categories'];
    const rows = [];
    for (const table of tables) {
      rows.push((await client.query(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY 1`)).rows);
    }
    return rows;
  }

  test('a price change leaves a row of history, any other change none [P4]', async () => {
    await upsert([row(sku)]);
    expect(await upsert([row(sku, { bin: 'A01-2-1' })])).toMatchObject({ changed: 1, unchanged: 0 });
    expect(await upsert([row(sku, { bin: 'A01-2-1', priceMinor: 900 })])).toMatchObject({ changed: 1 });
    expect(await upsert([row(sku, { bin: 'A01-2-1', priceMinor: 900, mrpMinor: 1_300 })])).toMatchObject({
      changed: 1,
    });
    const history = await select(
      'SELECT version::int, price_minor::int AS price, mrp_minor::int AS mrp, currency FROM price_history WHERE sku = $1 ORDER BY version',
    );
    expect(history).toEqual([
      { version: 1, price: 1_000, mrp: 1_200, currency: 'INR' },
      { version: 3, price: 900, mrp: 1_200, currency: 'INR' },
      { version: 4, price: 900, mrp: 1_300, currency: 'INR' },
    ]);
  });

  test('what a row leaves out keeps its value', async () => {
    await upsert([row(sku, { description: 'Fresh', imageUrl: 'https://img.example/a.png', forSale: false })]);
    expect(await upsert([row(sku)])).toMatchObject({ unchanged: 1 });
    const { items } = await loadStoreCatalog(open.db, STORE);
    expect(items.find((item) => item.sku === sku)).toMatchObject({
      description: 'Fresh',
      imageUrl: 'https://img.example/a.png',
      forSale: false,
    });
  });

  test('what the floor must know of an article goes in, stays when left out, and is ambient and unknown by itself', async () => {
    const traits: Partial<AssortmentInput> = {
      temperatureZone: 'frozen',
      fragile: true,
      gramsPerUnit: 510,
      brand: 'Hill & Hoof',
      allergens: ['nuts', 'milk'],
    };
    await upsert([row(sku, traits), row(`${sku}-plain`)]);
    expect(await upsert([row(sku), row(`${sku}-plain`)])).toMatchObject({ unchanged: 2 });
    expect(await upsert([row(sku, { allergens: ['milk', 'nuts', 'milk'] })])).toMatchObject({ unchanged: 1 });
    const { items } = await loadStoreCatalog(open.db, STORE);
    expect(items.find((item) => item.sku === sku)).toMatchObject({ ...traits, allergens: ['milk', 'nuts'] });
    expect(items.find((item) => item.sku === `${sku}-plain`)).toMatchObject({
      temperatureZone: 'ambient',
      fragile: false,
      gramsPerUnit: null,
      brand: null,
      allergens: null,
    });
    expect(await upsert([row(sku, { allergens: [] })])).toMatchObject({ changed: 1 });
  });

  test('a code is minted once a SKU, whichever store asks, and never for a SKU that has one', async () => {
    expect(await upsert([row(sku)])).toMatchObject({ minted: 1 });
    expect(await upsert([row(sku)], NEIGHBOUR)).toMatchObject({ created: 1, minted: 0 });
    const [code] = await select('SELECT code, kind FROM barcodes WHERE sku = $1');
    expect(code).toEqual({ code: inStoreEan13(Number(String(code?.['code']).slice(2, 12))), kind: 'in_store' });

    expect(await upsert([row(`${sku}-own`, { barcodes: ['036000291452'] })])).toMatchObject({ minted: 0 });
    await client.query("DELETE FROM barcodes WHERE code = '036000291452'");
  });

  test('numbers whose codes came from elsewhere are passed over', async () => {
    const [drawn] = await select("SELECT nextval('in_store_code_numbers')::int AS last, $1 AS sku");
    const next = Number(drawn?.['last']) + 1;
    const taken = [next, next + 1, next + 3].map(inStoreEan13);
    await upsert([row(`${sku}-taken`, { barcodes: taken })]);
    expect(await upsert([row(`${sku}-x`), row(`${sku}-y`)])).toMatchObject({ created: 2, minted: 2 });
    const codes = await select("SELECT code FROM barcodes WHERE sku IN ($1 || '-x', $1 || '-y') ORDER BY code");
    expect(codes).toEqual([{ code: inStoreEan13(next + 2) }, { code: inStoreEan13(next + 4) }]);
  });

  test('a code can be added later', async () => {
    await upsert([row(sku)]);
    expect(await upsert([row(sku, { barcodes: ['9780306406157'] })])).toMatchObject({ changed: 1, minted: 0 });
    expect(await select('SELECT kind FROM barcodes WHERE sku = $1 ORDER BY kind')).toEqual([
      { kind: 'ean13' },
      { kind: 'in_store' },
    ]);
    await client.query("DELETE FROM barcodes WHERE code = '9780306406157'");
  });

  test('bad rows are named with their column while the good ones go in', async () => {
    await upsert([row(`${sku}-owner`, { barcodes: ['4006381333931'] })]);
    const outcome = await upsert([
      row(`${sku}-a`),
      row(`${sku}-a`),
      row(`${sku}-b`, { mrpMinor: 999 }),
      row(`${sku}-c`, { currency: 'EUR' }),
      row(`${sku}-d`, { barcodes: ['4006381333932'] }),
      row(`${sku}-e`, { barcodes: ['4006381333931'] }),
      row(`${sku}-f`, { barcodes: ['73513537'] }),
      row(`${sku}-g`, { barcodes: ['73513537'] }),
      row(`${sku}-h`),
    ]);
    expect(outcome).toMatchObject({ created: 3, changed: 0, unchanged: 0 });
    expect(outcome.rejected.map(({ index, column }) => [index, column])).toEqual([
      [1, 'sku'],
      [2, 'mrp'],
      [3, 'currency'],
      [4, 'barcodes'],
      [5, 'barcodes'],
      [7, 'barcodes'],
    ]);
    expect(outcome.rejected[4]?.reason).toContain(`${sku}-owner`);
    await client.query("DELETE FROM barcodes WHERE code IN ('4006381333931', '73513537')");
  });

  test('a store that does not exist is refused', async () => {
    const unknown = asStoreId(`sto_${'0'.repeat(26)}`);
    expect(await upsertAssortment(open.db, unknown, [row(sku)])).toEqual({
      ok: false,
      error: { code: 'UNKNOWN_STORE' },
    });
  });

  test('a batch of 500 rows goes in whole, and overlapping batches at once do not block each other for ever', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => row(`${sku}-${index}`));
    const shuffled = rows.toReversed();
    const outcomes = await Promise.all([upsert(rows), upsert(shuffled), upsert(rows), upsert(shuffled)]);
    expect(outcomes.reduce((sum, { created }) => sum + created, 0)).toBe(500);
    const [counted] = await select("SELECT count(*)::int AS count FROM store_assortment WHERE sku LIKE $1 || '-%'");
    expect(counted).toEqual({ count: 500 });
  });

  test('categories are found again by their path, whoever made them', async () => {
    const paths = [['Food', 'Bread'], ['Food'], ['Bread'], ['Food', 'Bread']];
    const first = await ensureCategories(open.db, paths);
    expect(new Set(first).size).toBe(3);
    expect(first[0]).toBe(first[3]);
    expect(await ensureCategories(open.db, paths)).toEqual(first);
    const atOnce = await Promise.all(Array.from({ length: 8 }, () => ensureCategories(open.db, [['New', 'At once']])));
    expect(new Set(atOnce.flat()).size).toBe(1);
  });

  test('a category path goes on working after its category was renamed', async () => {
    const [id] = await ensureCategories(open.db, [[`Old ${sku}`]]);
    await client.query('UPDATE categories SET name = $1 WHERE id = $2', [`New ${sku}`, id]);
    const [other] = await ensureCategories(open.db, [[`Old ${sku}`]]);
    expect(other).not.toBe(id);
    expect(await ensureCategories(open.db, [[`New ${sku}`]])).toEqual([id]);
  });
});

test('the database weighs digits as the domain does: every minted code is the one of its number', async () => {
  const open = await openDatabase('pg');
  const node = createNodeDb({ connectionString: open.url, max: 1 });
  await seedDemo(node.db);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1_000, max: 9_999_999_000 }), fc.uuid(), async (number, uuid) => {
      await node.pool.query("DELETE FROM barcodes WHERE kind = 'in_store'");
      await node.pool.query("SELECT setval('in_store_code_numbers', $1, false)", [number]);
      await upsertAssortment(node.db, STORE, [row(`P-${uuid}`), row(`Q-${uuid}`)]);
      const { rows } = await node.pool.query<{ code: string }>(
        'SELECT code FROM barcodes WHERE sku = ANY($1) ORDER BY code',
        [[`P-${uuid}`, `Q-${uuid}`]],
      );
      expect(rows.map(({ code }) => code)).toEqual([inStoreEan13(number), inStoreEan13(number + 1)]);
    }),
    { numRuns: 60 },
  );
  await node.close();
  await open.close();
});
