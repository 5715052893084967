import { beforeAll, describe, expect, test } from 'vitest';
import { CatalogPage, ProductDetail } from '../../contracts/http/catalog.ts';
import { ResolveView } from '../../contracts/http/locations.ts';
import { catalogKey } from '../../contracts/snapshots.ts';
import {
  bodyOf,
  call,
  CITY_ID,
  codeOf,
  DOOR,
  edgeEnv,
  FAR_AWAY,
  openShop,
  product,
  publishNetwork,
  ZONE_ID,
} from './support/api.ts';
import { by, holdBasket, line, must, OPERATOR } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const AT_DOOR = `lat=${DOOR.lat}&lng=${DOOR.lng}`;
let near: TestStore;
let far: TestStore;
let closed: TestStore;
let shop: TestStore;

beforeAll(async () => {
  [near, far, closed, shop] = [
    await openShop({ ASSAM: 5, DARJEELING: 200, GREEN: 0 }),
    await openShop({ ASSAM: 9 }),
    await openShop({ ASSAM: 1 }),
    await openShop({ OOLONG: 4 }),
  ];
  await publishNetwork(1, [
    { storeId: far.storeId, metresSouth: 1_500 },
    { storeId: near.storeId, metresSouth: 300 },
    { storeId: closed.storeId, metresSouth: 100, open: false },
    { storeId: shop.storeId, metresSouth: 3_001 },
  ]);
});

describe('GET locations/resolve', () => {
  test('names city, zone and the stores that deliver, nearest first, with a promise [L1] [L2]', async () => {
    const view = await bodyOf(ResolveView, await call(`/api/v1/locations/resolve?${AT_DOOR}`));
    expect(view).toMatchObject({ serviceable: true, reason: null, city: { id: CITY_ID }, zones: [{ id: ZONE_ID }] });
    expect(view.stores.map(({ id, distanceM, open }) => ({ id, distanceM, open }))).toEqual([
      { id: closed.storeId, distanceM: 100, open: false },
      { id: near.storeId, distanceM: 300, open: true },
      { id: far.storeId, distanceM: 1_500, open: true },
    ]);
    const [shut, ...open] = view.stores.map(({ promise }) => promise);
    expect(shut).toBeNull();
    for (const promise of open) {
      const { queueSeconds, pickSeconds, rideSeconds } = promise?.terms ?? {
        queueSeconds: 0,
        pickSeconds: 0,
        rideSeconds: 0,
      };
      expect(promise?.minutes).toBe(Math.ceil((queueSeconds + pickSeconds + rideSeconds) / 60));
    }
    expect(open[1]?.minutes).toBeGreaterThan(open[0]?.minutes ?? 0);
  });

  test('says why nobody delivers [L3]', async () => {
    const view = await bodyOf(
      ResolveView,
      await call(`/api/v1/locations/resolve?lat=${FAR_AWAY.lat}&lng=${FAR_AWAY.lng}`),
    );
    expect(view).toEqual({ serviceable: false, reason: 'OUTSIDE_EVERY_ZONE', city: null, zones: [], stores: [] });
  });
});

describe('GET catalog', () => {
  test('shows what the nearest open store has, with live stock and its age [C6] [L5]', async () => {
    const response = await call(`/api/v1/catalog?${AT_DOOR}`);
    expect(Number(response.headers.get('x-stock-age-ms'))).toBeLessThanOrEqual(1_000);
    expect(Number(response.headers.get('x-stock-version'))).toBeGreaterThan(0);
    const page = await bodyOf(CatalogPage, response);
    expect(page).toMatchObject({
      storeId: near.storeId,
      open: true,
      currency: 'INR',
      catalogVersion: 3,
      nextCursor: null,
    });
    expect(page.products.map(({ sku, available }) => [sku, available])).toEqual([
      ['ASSAM', 5],
      // Never more than one line may take: how deep the shelf is beyond that stays the store's own business.
      ['DARJEELING', 99],
      ['GREEN', 0],
    ]);
    expect(page.products[0]).toMatchObject({
      price: { amount: 1_000, currency: 'INR' },
      mrp: { amount: 1_100 },
      unit: 'pack',
      size: '500 g',
    });
  });

  test('lists the categories with what is below them on the front page, and filters by them [C2]', async () => {
    const front = await bodyOf(CatalogPage, await call(`/api/v1/catalog?${AT_DOOR}`));
    expect(front.categories).toEqual([
      { id: 'drinks', parentId: null, name: 'Drinks', products: 3 },
      { id: 'tea', parentId: 'drinks', name: 'Tea', products: 3 },
    ]);
    const drinks = await bodyOf(CatalogPage, await call(`/api/v1/catalog?${AT_DOOR}&category=drinks`));
    expect(drinks.products).toHaveLength(3);
    expect(drinks.categories).toBeUndefined();
    const unknown = await bodyOf(CatalogPage, await call(`/api/v1/catalog?${AT_DOOR}&category=soap`));
    expect(unknown.products).toEqual([]);
  });

  test('walks through all products page by page [C9]', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await bodyOf(CatalogPage, await call(`/api/v1/catalog?${AT_DOOR}&limit=1${cursor}`));
      seen.push(...page.products.map(({ sku }) => sku));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['ASSAM', 'DARJEELING', 'GREEN']);
  });

  test('a page that has not changed is not sent again; one that has, is [C9]', async () => {
    const path = `/api/v1/stores/${far.storeId}/catalog`;
    const first = await call(path);
    const etag = first.headers.get('etag') ?? '';
    await first.text();
    const again = await call(path, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    must((await holdBasket(far, [line('ASSAM', 1)])).answer);
    // Within 1.1 s every copy has asked again, however slowly the store lets them.
    await scheduler.wait(1_100);
    const changed = await call(path, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect((await bodyOf(CatalogPage, changed)).products[0]?.available).toBe(8);
  });

  test('follows the store to its next catalog version [C9]', async () => {
    const path = `/api/v1/stores/${shop.storeId}/catalog`;
    expect((await bodyOf(CatalogPage, await call(path))).products[0]?.price.amount).toBe(1_000);
    const next = {
      storeId: shop.storeId,
      version: 4,
      currency: 'INR',
      categories: [],
      products: [product('OOLONG', 1_500)],
    };
    await edgeEnv.CATALOG.put(catalogKey(shop.storeId, 4), JSON.stringify(next));
    must(await shop.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Shop', catalogVersion: 4, cards: [] }));
    await scheduler.wait(1_100);
    const page = await bodyOf(CatalogPage, await call(path));
    expect(page).toMatchObject({ catalogVersion: 4, products: [{ sku: 'OOLONG', price: { amount: 1_500 } }] });
  });

  test.each([
    [`/api/v1/catalog?lat=${FAR_AWAY.lat}&lng=${FAR_AWAY.lng}`, 'NOT_SERVICEABLE'],
    [`/api/v1/catalog?${AT_DOOR}&cursor=AAAA`, 'INVALID_INPUT'],
    [`/api/v1/catalog?${AT_DOOR}&limit=0`, 'INVALID_INPUT'],
    [`/api/v1/stores/sto_${'Z'.repeat(26)}/catalog`, 'NOT_FOUND'],
    [`/api/v1/stores/sto_${'Z'.repeat(26)}/products/ASSAM`, 'NOT_FOUND'],
  ])('%s: %s [C9]', async (path, code) => {
    expect(await codeOf(await call(path))).toBe(code);
  });
});

describe('GET stores/:storeId/products/:sku', () => {
  test('shows one product with its description and what is left [C1] [C6]', async () => {
    const response = await call(`/api/v1/stores/${near.storeId}/products/ASSAM`);
    expect(response.headers.get('x-stock-version')).not.toBeNull();
    expect(await bodyOf(ProductDetail, response)).toMatchObject({
      sku: 'ASSAM',
      description: 'All about ASSAM.',
      available: 5,
      open: true,
    });
  });

  test('a SKU that the store does not sell is not there', async () => {
    expect(await codeOf(await call(`/api/v1/stores/${near.storeId}/products/COFFEE`))).toBe('NOT_FOUND');
  });
});
