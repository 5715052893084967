import type { CategoryView, ProductView } from '../contracts/http/catalog.ts';
import type { CatalogProduct, CatalogSnapshot } from '../contracts/snapshots.ts';
import { toWireMoney } from '../contracts/wire.ts';
import type { Sku, StoreId } from '../domain/shared/ids.ts';

export interface CatalogEntry {
  readonly product: CatalogProduct;
  /** The product as JSON up to its stock: only the number after it changes between two catalog versions. */
  readonly head: string;
}

/** One version of one store's catalog, parsed once: by SKU, and by category in the order it is shown. */
export class CatalogIndex {
  readonly storeId: StoreId;
  readonly version: number;
  readonly currency: string;
  /** The categories as JSON, for the front page. */
  readonly categoriesJson: string;
  readonly #bySku: ReadonlyMap<string, CatalogEntry>;
  readonly #all: readonly CatalogEntry[];
  readonly #byCategory: ReadonlyMap<string, readonly CatalogEntry[]>;

  constructor(snapshot: CatalogSnapshot) {
    const { storeId, version, currency, categories, products } = snapshot;
    this.storeId = storeId;
    this.version = version;
    this.currency = currency;
    this.#all = products
      .map((product) => ({ product, head: `${JSON.stringify(toView(product, currency)).slice(0, -1)},"available":` }))
      .toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)));
    this.#bySku = new Map(this.#all.map((entry) => [entry.product.sku, entry]));
    this.#byCategory = groupByCategory(this.#all, new Map(categories.map(({ id, parentId }) => [id, parentId])));
    const views: CategoryView[] = categories.map(({ id, parentId, name }) => ({
      id,
      parentId,
      name,
      products: this.#byCategory.get(id)?.length ?? 0,
    }));
    this.categoriesJson = JSON.stringify(views);
  }

  find(sku: Sku): CatalogEntry | undefined {
    return this.#bySku.get(sku);
  }

  /** Up to `limit` products after a key, by name; of one category and those below it, or of all. */
  page(category: string | undefined, after: EntryKey | null, limit: number): readonly CatalogEntry[] {
    const entries = category === undefined ? this.#all : (this.#byCategory.get(category) ?? []);
    const start = after === null ? 0 : firstAfter(entries, after);
    return entries.slice(start, start + limit);
  }
}

/** Where an entry stands: names are not unique, SKUs are. Holds from one catalog version to the next. */
export type EntryKey = readonly [name: string, sku: string];

export function keyOf({ product }: CatalogEntry): EntryKey {
  return [product.name, product.sku];
}

function compareKeys([name, sku]: EntryKey, [otherName, otherSku]: EntryKey): number {
  if (name !== otherName) return name < otherName ? -1 : 1;
  return sku < otherSku ? -1 : sku > otherSku ? 1 : 0;
}

/** The first position whose key is above `key`, by bisection. */
function firstAfter(entries: readonly CatalogEntry[], key: EntryKey): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && compareKeys(keyOf(entry), key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toView(product: CatalogProduct, currency: string): Omit<ProductView, 'available'> {
  const { sku, name, categoryId, unit, size, priceMinor, mrpMinor, imageUrl } = product;
  const [price, mrp] = [toWireMoney(priceMinor, currency), toWireMoney(mrpMinor, currency)];
  return { sku, name, categoryId, unit, size, price, mrp, imageUrl };
}

/** The deepest a category tree is followed: a cycle in bad data must not hang an isolate. */
const DEPTH_MAX = 16;

function groupByCategory(
  entries: readonly CatalogEntry[],
  parents: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, readonly CatalogEntry[]> {
  const groups = new Map<string, CatalogEntry[]>();
  for (const entry of entries) {
    let category: string | null = entry.product.categoryId;
    for (let depth = 0; category !== null && depth < DEPTH_MAX; depth += 1) {
      const group = groups.get(category);
      if (group === undefined) groups.set(category, [entry]);
      else group.push(entry);
      category = parents.get(category) ?? null;
    }
  }
  return groups;
}
