import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { CatalogPage } from '../contracts/http/catalog.ts';
import type { CatalogProduct, CatalogSnapshot } from '../contracts/snapshots.ts';
import { asSku, asStoreId } from '../domain/shared/ids.ts';
import { IDLE_LOAD } from '../test/support/idle-load.ts';
import { CatalogIndex } from './catalog-index.ts';
import { renderPage } from './catalog-page.ts';
import type { PageQuery } from './catalog-page.ts';
import type { Stock } from './replica.ts';

const STORE = asStoreId('sto_00000000000000000000000001');

function product(sku: string, name: string, categoryId = 'tea'): CatalogProduct {
  const rest = { unit: 'pack', size: '500 g', description: '', priceMinor: 1, mrpMinor: 2, imageUrl: null };
  return { sku: asSku(sku), name, categoryId, ...rest };
}
function index(products: readonly CatalogProduct[], version = 1): CatalogIndex {
  const categories: CatalogSnapshot['categories'] = [
    { id: 'drinks', parentId: null, name: 'Drinks' },
    { id: 'tea', parentId: 'drinks', name: 'Tea' },
  ];
  return new CatalogIndex({ storeId: STORE, version, currency: 'INR', categories, products });
}
function stock(version: number, units: Record<string, number>, open = true): Stock {
  return { version, catalogVersion: 1, open, load: IDLE_LOAD, available: new Map(Object.entries(units)) };
}
function page(catalog: CatalogIndex, at: Stock, query: PageQuery = {}): CatalogPage {
  return v.parse(CatalogPage, JSON.parse(renderPage(catalog, at, query)?.body ?? 'null'));
}
function walk(catalogs: readonly CatalogIndex[], limit: number, query: PageQuery = {}): string[] {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let i = 0; ; i += 1) {
    const catalog = catalogs[Math.min(i, catalogs.length - 1)] ?? index([]);
    const { products, nextCursor } = page(catalog, stock(1, {}), { ...query, limit: String(limit), cursor });
    seen.push(...products.map(({ sku }) => sku));
    if (nextCursor === null) return seen;
    cursor = nextCursor;
  }
}

describe('a page', () => {
  test('is what its schema says, whatever the names are made of [C9]', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 7 }), (given, limit) => {
        const products = given.map((name, i) => product(`S${i}`, name));
        expect(walk([index(products)], limit).toSorted()).toEqual(products.map(({ sku }) => sku).toSorted());
        const front = page(index(products), stock(1, {}));
        expect(front.products.map(({ name }) => name)).toEqual(given.toSorted().slice(0, 20));
      }),
    );
  });

  test('goes on where the last one ended, also when the catalog changed in between [C9]', () => {
    const before = ['A', 'B', 'C', 'D', 'E'].map((name) => product(name, name));
    const after = ['A', 'AA', 'C', 'D', 'DD', 'E'].map((name) => product(name, name));
    expect(walk([index(before, 1), index(after, 2)], 2)).toEqual(['A', 'B', 'C', 'D', 'DD', 'E']);
  });

  test('of a category holds what is below it too; equal names go by SKU [C2]', () => {
    const catalog = index([
      product('B', 'Tea'),
      product('A', 'Tea'),
      product('C', 'Cola', 'drinks'),
      product('D', 'Soap', 'home'),
    ]);
    expect(walk([catalog], 1, { category: 'drinks' })).toEqual(['C', 'A', 'B']);
    expect(walk([catalog], 10, { category: 'tea' })).toEqual(['A', 'B']);
    expect(walk([catalog], 10, { category: 'nothing' })).toEqual([]);
  });

  test('shows at most what one line may take, and nothing as nothing [C6]', () => {
    const catalog = index([product('A', 'A'), product('B', 'B'), product('C', 'C')]);
    const { products } = page(catalog, stock(1, { A: 5_000, B: 7 }));
    expect(products.map(({ available }) => available)).toEqual([99, 7, 0]);
  });

  test('keeps its tag while nothing on it changed, and only then [C9]', () => {
    const catalog = index([product('A', 'A'), product('B', 'B')]);
    const first = renderPage(catalog, stock(1, { A: 5, B: 5 }), { limit: '1' });
    const other = renderPage(catalog, stock(2, { A: 5, B: 4 }), { limit: '1' });
    const sold = renderPage(catalog, stock(3, { A: 4, B: 4 }), { limit: '1' });
    const shut = renderPage(catalog, stock(3, { A: 4, B: 4 }, false), { limit: '1' });
    expect(other).toMatchObject({ etag: first?.etag, body: first?.body });
    expect(new Set([first, sold, shut].map((rendered) => rendered?.etag)).size).toBe(3);
    expect(shut?.body).toContain('"open":false');
  });

  test('one tag is one body, on every isolate [C9]', () => {
    const moves = fc.array(fc.record({ A: fc.nat(3), B: fc.nat(3) }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(moves, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (levels, asked) => {
        const bodies = new Map<string, string>();
        const isolates = [index([product('A', 'A'), product('B', 'B')]), index([product('A', 'A'), product('B', 'B')])];
        for (const [i, units] of levels.entries()) {
          // The second isolate sees only some of the versions that the first one sees.
          for (const isolate of asked[i] === true ? isolates : isolates.slice(0, 1)) {
            const rendered = renderPage(isolate, stock(i + 1, units), { limit: '1' });
            const { etag, body } = rendered ?? { etag: '', body: '' };
            expect(bodies.get(etag) ?? body).toBe(body);
            bodies.set(etag, body);
          }
        }
      }),
    );
  });

  test.each(['AAAA', '____', 'QUJD', 'w6Q'])('is not given for the made-up cursor %s', (cursor) => {
    expect(renderPage(index([product('A', 'A')]), stock(1, {}), { cursor })).toBeNull();
  });

  test('a cycle in the category tree hangs nobody', () => {
    const categories = [
      { id: 'a', parentId: 'b', name: 'A' },
      { id: 'b', parentId: 'a', name: 'B' },
    ];
    const catalog = new CatalogIndex({
      storeId: STORE,
      version: 1,
      currency: 'INR',
      categories,
      products: [product('X', 'X', 'a')],
    });
    expect(catalog.page('b', null, 10).length).toBeGreaterThan(0);
  });
});
