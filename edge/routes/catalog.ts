import { Hono } from 'hono';
import type { Context, TypedResponse } from 'hono';
import * as v from 'valibot';
import { CatalogPage, CatalogQuery, ProductDetail, StoreCatalogQuery } from '../../contracts/http/catalog.ts';
import { refuse } from '../../contracts/problem.ts';
import { SkuText, StoreIdText } from '../../contracts/wire.ts';
import { asSku, asStoreId } from '../../domain/shared/ids.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import { renderPage, unitsShown } from '../catalog-page.ts';
import type { PageQuery } from '../catalog-page.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { readPoint } from '../point.ts';
import { stockHeaders } from '../stock-headers.ts';
import { Storefront } from '../storefront.ts';
import { params, query } from '../validate.ts';

const HEADERS = { 'if-none-match': { required: false, description: 'The `etag` of the page you have.' } };
const NOT_MODIFIED = 'What you have is what there is.';

export const catalog = new Hono<AppEnv>()
  .get(
    '/catalog',
    endpoint({
      access: 'public',
      tag: 'Catalog',
      summary: 'What the nearest open store delivers to a point',
      answers: { 200: CatalogPage, 304: NOT_MODIFIED },
      refuses: ['INVALID_INPUT', 'NOT_SERVICEABLE', 'STORE_BUSY', 'UNAVAILABLE'],
      headers: HEADERS,
    }),
    query(CatalogQuery),
    async (c) => {
      const asked = c.req.valid('query');
      const storefront = new Storefront(c);
      const network = await storefront.network();
      if (!network.ok) return problem(c, network.error);
      const { stores, unserviceable } = network.value.reach(readPoint(asked));
      const nearest = stores.find(({ store }) => store.open);
      if (nearest === undefined) {
        const numbers = { reason: unserviceable };
        return problem(c, refuse('NOT_SERVICEABLE', 'Choose another delivery address.', numbers));
      }
      return showPage(c, storefront, nearest.store.id, asked);
    },
  )
  .get(
    '/stores/:storeId/catalog',
    endpoint({
      access: 'public',
      tag: 'Catalog',
      summary: 'What one store sells',
      answers: { 200: CatalogPage, 304: NOT_MODIFIED },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_BUSY', 'UNAVAILABLE'],
      headers: HEADERS,
    }),
    params(v.strictObject({ storeId: StoreIdText })),
    query(StoreCatalogQuery),
    async (c) => {
      const storefront = new Storefront(c);
      const store = await storefront.store(asStoreId(c.req.valid('param').storeId));
      if (!store.ok) return problem(c, store.error);
      return showPage(c, storefront, store.value.id, c.req.valid('query'));
    },
  )
  .get(
    '/stores/:storeId/products/:sku',
    endpoint({
      access: 'public',
      tag: 'Catalog',
      summary: 'One product of a store, with its price and what is left of it',
      answers: { 200: ProductDetail },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_BUSY', 'UNAVAILABLE'],
    }),
    params(v.strictObject({ storeId: StoreIdText, sku: SkuText })),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const storefront = new Storefront(c);
      const store = await storefront.store(asStoreId(storeId));
      if (!store.ok) return problem(c, store.error);
      const read = await storefront.stock(store.value.id);
      if (!read.ok) return problem(c, read.error);
      const { stock } = read.value;
      const index = await storefront.catalog(store.value.id, stock.catalogVersion, 'show');
      if (!index.ok) return problem(c, index.error);
      const product = index.value.find(asSku(sku))?.product;
      if (product === undefined) return problem(c, refuse('NOT_FOUND', 'The store does not sell this SKU.'));
      const { currency } = index.value;
      const { name, categoryId, unit, size, description, priceMinor, mrpMinor, imageUrl } = product;
      const view: ProductDetail = {
        sku,
        name,
        categoryId,
        unit,
        size,
        imageUrl,
        description,
        storeId,
        price: { amount: priceMinor, currency },
        mrp: { amount: mrpMinor, currency },
        available: unitsShown(stock, sku),
        open: store.value.open && stock.open,
      };
      return c.json(view, 200, stockHeaders(read.value));
    },
  );

const BAD_CURSOR = refuse('INVALID_INPUT', 'Take the cursor from `nextCursor` of the page before.');

/** The same bytes to everyone who asks for this page until the store's stock moves. */
async function showPage(c: Context<AppEnv>, storefront: Storefront, storeId: StoreId, asked: PageQuery) {
  const read = await storefront.stock(storeId);
  if (!read.ok) return problem(c, read.error);
  const index = await storefront.catalog(storeId, read.value.stock.catalogVersion, 'show');
  if (!index.ok) return problem(c, index.error);
  const page = renderPage(index.value, read.value.stock, asked);
  if (page === null) return problem(c, BAD_CURSOR);
  const headers = { ...stockHeaders(read.value), etag: page.etag, 'cache-control': 'private, no-cache' };
  if (c.req.header('if-none-match') === page.etag) return c.body(null, 304, headers);
  return renderedPage(c, page.body, headers);
}

/** Tells the typed client what the text is: `renderPage` writes a `CatalogPage`, which its test parses. */
function renderedPage(
  c: Context,
  text: string,
  headers: Record<string, string>,
): TypedResponse<CatalogPage, 200, 'json'> {
  const response: unknown = c.body(text, 200, { ...headers, 'content-type': 'application/json' });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text is JSON of that very shape
  return response as TypedResponse<CatalogPage, 200, 'json'>;
}
