import * as v from 'valibot';
import { Count, CurrencyText, SkuText, StoreIdText, WireMoney } from '../wire.ts';
import { CursorText, LatText, LimitText, LngText } from './queries.ts';

const CategoryIdText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));

const pageEntries = {
  /** Only this category and those below it. */
  category: v.optional(CategoryIdText),
  cursor: v.optional(CursorText),
  limit: v.optional(LimitText),
};
export const CatalogQuery = v.strictObject({ lat: LatText, lng: LngText, ...pageEntries });
export const StoreCatalogQuery = v.strictObject(pageEntries);

export const ProductView = v.strictObject({
  sku: SkuText,
  name: v.string(),
  categoryId: v.string(),
  /** What one unit is: piece, pack, kg. */
  unit: v.string(),
  /** As printed on the pack. */
  size: v.string(),
  price: WireMoney,
  /** Maximum retail price as printed on the pack. */
  mrp: WireMoney,
  imageUrl: v.nullable(v.string()),
  /** Units that can be ordered now, at most what one line may carry; 0 when sold out. */
  available: Count,
});
export type ProductView = v.InferOutput<typeof ProductView>;

/** One product on its own page. */
export const ProductDetail = v.strictObject({
  ...ProductView.entries,
  description: v.string(),
  storeId: StoreIdText,
  open: v.boolean(),
});
export type ProductDetail = v.InferOutput<typeof ProductDetail>;

export const CategoryView = v.strictObject({
  id: v.string(),
  parentId: v.nullable(v.string()),
  name: v.string(),
  /** In this category and those below it. */
  products: Count,
});
export type CategoryView = v.InferOutput<typeof CategoryView>;

/**
 * One page of what a store sells, by name. How old the stock is, and its version, are in the headers `x-stock-age-ms` and
 * `x-stock-version`; `x-stock-stale: 1` says that the store was too busy to be asked just now.
 */
export const CatalogPage = v.strictObject({
  storeId: StoreIdText,
  open: v.boolean(),
  currency: CurrencyText,
  catalogVersion: Count,
  /** On the front page only: the one with neither category nor cursor. */
  categories: v.optional(v.array(CategoryView)),
  products: v.array(ProductView),
  nextCursor: v.nullable(v.string()),
});
export type CatalogPage = v.InferOutput<typeof CatalogPage>;
