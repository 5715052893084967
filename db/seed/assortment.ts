import type { Sku, StoreId } from '../../domain/shared/ids.ts';
import type { AssortmentInput } from '../queries/assortment.ts';
import { pick, pickFrom } from './deterministic.ts';
import { DEMO_STORES, type DemoStore } from './network.ts';
import { DEMO_PRODUCTS, type DemoProduct } from './products.ts';

/** One in this many SKUs is missing from a store: neighbours do not sell quite the same. */
const MISSING_ONE_IN = 15;
/** Goods are cheaper there: what one euro cent of the base price is in paise. */
const PAISE_PER_CENT = 60;
/** Indian prices are whole rupees. */
const PAISE_PER_RUPEE = 100;
const DISCOUNTS_PERCENT = [0, 0, 0, 5, 8, 10, 15, 20] as const;
const RACKS = 9;
const SHELVES_OF_RACK = 5;

/** What a store of the demo sells, in the order of its floor. */
export function demoAssortment(store: DemoStore): readonly AssortmentInput[] {
  return productsOf(store).map((product) => ({
    sku: product.sku,
    name: product.name,
    description: product.description,
    category: product.category,
    unit: product.unit,
    size: product.size,
    ...product.storage,
    brand: product.brand,
    gramsPerUnit: product.gramsPerUnit,
    ...priceOf(store, product),
    currency: store.city.currency,
    bin: binOf(store, product),
    barcodes: product.barcodes,
  }));
}

/**
 * What is in the store when it opens. It is not written to any table: the store's own ledger receives it, like every
 * delivery after it. Most SKUs have plenty, some are scarce, a few are sold out and not in the list.
 */
export function openingStock(storeId: StoreId): readonly { readonly sku: Sku; readonly quantity: number }[] {
  const store = DEMO_STORES.find(({ id }) => id === storeId);
  if (store === undefined) return [];
  return productsOf(store)
    .map(({ sku }) => ({ sku, quantity: openingQuantity(`${store.key} ${sku}`) }))
    .filter(({ quantity }) => quantity > 0);
}

function openingQuantity(key: string): number {
  const kind = pick(`stock kind ${key}`, 100);
  if (kind < 3) return 0;
  if (kind < 13) return 1 + pick(`scarce ${key}`, 5);
  return 20 + pick(`plenty ${key}`, 101);
}

function productsOf(store: DemoStore): readonly DemoProduct[] {
  return DEMO_PRODUCTS.filter(({ sku }) => pick(`missing ${store.key} ${sku}`, MISSING_ONE_IN) !== 0);
}

function priceOf(store: DemoStore, product: DemoProduct): { priceMinor: number; mrpMinor: number } {
  const inRupees = store.city.currency === 'INR';
  const step = inRupees ? PAISE_PER_RUPEE : 1;
  const base = product.euroCents * (inRupees ? PAISE_PER_CENT : 1);
  const mrpMinor = Math.ceil(base / step) * step;
  const discount = pickFrom(`discount ${store.key} ${product.sku}`, DISCOUNTS_PERCENT);
  return { mrpMinor, priceMinor: Math.ceil((mrpMinor * (100 - discount)) / 100 / step) * step };
}

/** Along the aisle, shelf after shelf, rack after rack; each store starts its aisles at another rack. */
function binOf(store: DemoStore, product: DemoProduct): string {
  const start = pick(`first rack ${store.key}`, RACKS);
  const rack = ((start + Math.floor(product.place / SHELVES_OF_RACK)) % RACKS) + 1;
  return `${product.aisle}-${rack}-${(product.place % SHELVES_OF_RACK) + 1}`;
}
