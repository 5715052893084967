import type { PlaceOrderBody } from '../contracts/http/orders.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { StoreCandidate } from '../contracts/rpc/order.ts';
import { storePaused } from '../contracts/rpc/store-capacity.ts';
import type { StoreEntry } from '../contracts/snapshots.ts';
import { LINES_MAX, QUANTITY_MAX } from '../contracts/wire.ts';
import { rankStores, SOONEST } from '../domain/assignment/store-strategy.ts';
import { toBasket } from '../domain/inventory/basket-lines.ts';
import type { BasketLine } from '../domain/inventory/basket-lines.ts';
import { priceBasket } from '../domain/pricing/basket-price.ts';
import { quotePromise } from '../domain/promise/promise-time.ts';
import { asSku } from '../domain/shared/ids.ts';
import type { Sku } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import type { Storefront } from './storefront.ts';

/** Stores that are asked and priced; nearer ones first. */
const CONSIDERED_MAX = 5;
/** Stores that the order may try one after the other within its time to answer. */
const OPTIONS_MAX = 3;

export type StoreOptionRefusal = Refusal<
  'INVALID_INPUT' | 'NOT_SERVICEABLE' | 'UNKNOWN_SKU' | 'STORE_CLOSED' | 'STORE_BUSY' | 'PRICE_CHANGED' | 'UNAVAILABLE'
>;

/**
 * The stores that could serve this order, best first, each with its own prices. The stock seen here is a copy and only
 * orders the list: the store itself holds the basket or names what is short.
 */
export async function findStoreOptions(
  storefront: Storefront,
  order: PlaceOrderBody,
): Promise<Result<readonly StoreCandidate[], StoreOptionRefusal>> {
  const basket = readBasket(order);
  if (!basket.ok) return basket;
  const network = await storefront.network();
  if (!network.ok) return network;
  const { stores, unserviceable } = network.value.reach(order.deliverTo);
  const open = stores.filter(({ store }) => store.open).slice(0, CONSIDERED_MAX);
  if (open.length === 0) {
    return err(refuse('NOT_SERVICEABLE', 'Choose another delivery address.', { reason: unserviceable }));
  }
  const asked = await Promise.all(
    open.map(({ store, distanceM }) => priceAt(storefront, store, distanceM, basket.value)),
  );
  const priced = asked.flatMap((option) => (option.ok ? [option.value] : []));
  if (priced.length === 0) return err(mostTelling(asked.flatMap((option) => (option.ok ? [] : [option.error]))));
  const ranked = rankStores(priced, SOONEST);
  const agreed = ranked.filter(({ option }) => isAgreed(option, order));
  if (agreed.length === 0) return err(priceChanged(ranked.map(({ option }) => option)));
  return ok(agreed.slice(0, OPTIONS_MAX).map(({ option }) => option));
}

function readBasket(order: PlaceOrderBody): Result<readonly BasketLine[], Refusal<'INVALID_INPUT'>> {
  const lines = order.lines.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity }));
  const basket = toBasket(lines, { linesMax: LINES_MAX, quantityMax: QUANTITY_MAX });
  if (basket.ok) return basket;
  const { error } = basket;
  if (error.code !== 'BAD_QUANTITY') return err(refuse('INVALID_INPUT', 'Correct the lines.'));
  return err(refuse('INVALID_INPUT', `Order at most ${error.quantityMax} of a SKU.`, { sku: error.sku }));
}

type StoreRefusal = Refusal<'UNKNOWN_SKU' | 'STORE_CLOSED' | 'STORE_BUSY' | 'UNAVAILABLE'>;

async function priceAt(storefront: Storefront, store: StoreEntry, distanceM: number, basket: readonly BasketLine[]) {
  const read = await storefront.stock(store.id);
  if (!read.ok) return read;
  const { stock } = read.value;
  const { load } = stock;
  if (load.retryAfterMs !== null) return refused(storePaused(load.retryAfterMs));
  if (!stock.open) return refused(refuse('STORE_CLOSED', 'The stores that deliver here take no orders now.'));
  const catalog = await storefront.catalog(store.id, stock.catalogVersion, 'price');
  if (!catalog.ok) return catalog;
  const priced = priceBasket(basket, (sku) => catalog.value.find(sku)?.product, store.deliveryFeeMinor);
  if (!priced.ok) return refused(unknownSkus(priced.error.unknownSkus));
  const option: StoreCandidate = {
    storeId: store.id,
    storeName: store.name,
    zoneId: store.zoneId,
    location: store.location,
    distanceM,
    currency: catalog.value.currency,
    ...priced.value,
    promiseMs: quotePromise(load, basket.length, distanceM).totalMs,
  };
  const hasAll = basket.every(({ sku, quantity }) => (stock.available.get(sku) ?? 0) >= quantity);
  const floor = { readyP90Ms: load.readyP90Ms, throttled: load.serviceState === 'throttled' };
  return ok({ storeId: store.id, distanceM, hasAll, ...floor, option });
}

function refused(refusal: StoreRefusal): Result<never, StoreRefusal> {
  return err(refusal);
}

function unknownSkus(skus: readonly Sku[]): Refusal<'UNKNOWN_SKU'> {
  return refuse('UNKNOWN_SKU', 'Take these SKUs out of the basket.', { skus });
}

/** What the customer can do something about goes first; the nearest store's reason stands for those like it. */
function mostTelling(refusals: readonly StoreRefusal[]): StoreRefusal {
  const order = ['UNKNOWN_SKU', 'STORE_CLOSED', 'STORE_BUSY', 'UNAVAILABLE'] as const;
  const found = order.flatMap((code) => refusals.find((refusal) => refusal.code === code) ?? []);
  return found[0] ?? refuse('STORE_BUSY', 'No store answered. Try again shortly.');
}

function isAgreed({ currency, totalMinor }: StoreCandidate, { maxTotal }: PlaceOrderBody): boolean {
  return maxTotal === undefined || (maxTotal.currency === currency && totalMinor <= maxTotal.amount);
}

function priceChanged(options: readonly StoreCandidate[]): Refusal<'PRICE_CHANGED'> {
  const totals = options.map(({ storeId, totalMinor, currency }) => ({ storeId, amount: totalMinor, currency }));
  return refuse('PRICE_CHANGED', 'Show the new total and ask the customer again.', { totals });
}
