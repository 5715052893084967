import { Hono } from 'hono';
import * as v from 'valibot';
import { AvailabilityQuery, AvailabilityView } from '../../contracts/http/holds.ts';
import { StoreIdText } from '../../contracts/wire.ts';
import { asStoreId } from '../../domain/shared/ids.ts';
import { unitsShown } from '../catalog-page.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { stockHeaders } from '../stock-headers.ts';
import { Storefront } from '../storefront.ts';
import { params, query } from '../validate.ts';

export const availability = new Hono<AppEnv>().get(
  '/stores/:storeId/availability',
  endpoint({
    access: 'public',
    tag: 'Catalog',
    summary: 'What a store has of some SKUs, or of a whole basket',
    description:
      '`skus` is a list such as `TEA,MILK:2`: with the units wanted after a colon, 1 when left out. From the copy that this place keeps of the store’s stock; the headers say how old it is. Only a hold is a promise.',
    answers: { 200: AvailabilityView },
    refuses: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_BUSY', 'UNAVAILABLE'],
  }),
  params(v.strictObject({ storeId: StoreIdText })),
  query(AvailabilityQuery),
  async (c) => {
    const storefront = new Storefront(c);
    const store = await storefront.store(asStoreId(c.req.valid('param').storeId));
    if (!store.ok) return problem(c, store.error);
    const read = await storefront.stock(store.value.id);
    if (!read.ok) return problem(c, read.error);
    const { stock } = read.value;
    const items: AvailabilityView['items'] = [];
    const shortages: AvailabilityView['shortages'] = [];
    for (const [sku, requested] of readWanted(c.req.valid('query').skus)) {
      const available = unitsShown(stock, sku);
      items.push({ sku, available });
      if (available < requested) shortages.push({ sku, requested, available });
    }
    const open = store.value.open && stock.open;
    return c.json({ storeId: store.value.id, open, items, shortages }, 200, stockHeaders(read.value));
  },
);

/** Units by SKU of a list that its schema has checked; a SKU named twice is wanted twice. */
function readWanted(list: string): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>();
  for (const item of list.split(',')) {
    const [sku = '', units = '1'] = item.split(':');
    wanted.set(sku, (wanted.get(sku) ?? 0) + Number(units));
  }
  return wanted;
}
