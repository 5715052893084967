import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { StoreCandidate } from '../contracts/rpc/order.ts';
import type { StoreLoad } from '../contracts/rpc/store.ts';
import { storePaused } from '../contracts/rpc/store-capacity.ts';
import type { CityEntry, StoreEntry } from '../contracts/snapshots.ts';
import {
  DEFAULT_ASSIGNMENT_RULES,
  explainRanking,
  rankStores,
  strategyOf,
} from '../domain/assignment/store-strategy.ts';
import type { Ranking, StoreOption } from '../domain/assignment/store-strategy.ts';
import type { BasketLine } from '../domain/inventory/basket-lines.ts';
import { weightCeiling } from '../domain/order/charge.ts';
import type { Shortage } from '../domain/order/order.ts';
import { PPM } from '../domain/money/share.ts';
import { priceBasket } from '../domain/pricing/basket-price.ts';
import { chargeBasket } from '../domain/pricing/charges.ts';
import { DEFAULT_PROMISE_RULES, promise } from '../domain/promise/promise.ts';
import type { NoPromise, Promised, PromiseRules } from '../domain/promise/promise.ts';
import type { LatLng } from '../domain/shared/geo.ts';
import type { Sku, StoreId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import type { Storefront } from './storefront.ts';

/** Stores that are asked and priced; nearer ones first. */
const CONSIDERED_MAX = 5;

export type StoreOptionRefusal = Refusal<
  'NOT_SERVICEABLE' | 'UNKNOWN_SKU' | 'STORE_CLOSED' | 'STORE_BUSY' | 'PROMISE_NOT_POSSIBLE' | 'UNAVAILABLE'
>;

/** What is to be brought where. */
export interface Wanted {
  readonly deliverTo: LatLng;
  readonly basket: readonly BasketLine[];
  readonly tipMinor: number;
  /** Whether the order waits when every store is too busy: then one that is paused is no less a choice. */
  readonly mayWait?: boolean;
  /** What one store keeps for this very basket: it is there, though nobody else can have it. */
  readonly kept?: KeptUnits | null;
}
export interface KeptUnits {
  readonly storeId: StoreId;
  readonly lines: readonly BasketLine[];
}

/** One store's offer for the whole basket, and what it rests on. */
export interface PricedStore extends StoreOption {
  readonly offer: StoreCandidate;
  readonly promised: Promised;
  readonly load: StoreLoad;
  /** It takes no orders for now. */
  readonly isPaused: boolean;
  /** SKUs of which it had too few a moment ago. */
  readonly shortages: readonly Shortage[];
}
export interface StoreOptions {
  readonly city: CityEntry;
  readonly promiseRules: PromiseRules;
  /** Best first, at least one. A store is asked for the whole basket or for nothing: no basket is ever split. */
  readonly stores: readonly [PricedStore, ...PricedStore[]];
  readonly ranking: Ranking;
}

/**
 * The stores that could serve this order, best first, each with its own prices, charges and promise. The stock seen here is a copy and
 * only orders the list: the store itself holds the basket or names what is short.
 */
export async function findStoreOptions(
  storefront: Storefront,
  wanted: Wanted,
): Promise<Result<StoreOptions, StoreOptionRefusal>> {
  const network = await storefront.network();
  if (!network.ok) return network;
  const { city, stores, unserviceable } = network.value.reach(wanted.deliverTo);
  const open = stores.filter(({ store }) => store.open);
  if (open.length === 0 || city === null) {
    return err(refuse('NOT_SERVICEABLE', 'Choose another delivery address.', { reason: unserviceable }));
  }
  const trusted = open.filter(({ store }) => storefront.isTrusted(store.id)).slice(0, CONSIDERED_MAX);
  const asked = await Promise.all(
    trusted.map(({ store, distanceM }) => priceAt(storefront, city, { store, distanceM }, wanted)),
  );
  const priced = thoseInQuestion(asked.flatMap((option) => (option.ok ? [option.value] : [])));
  const strategy = strategyOf(city.fulfilment?.assignment ?? DEFAULT_ASSIGNMENT_RULES);
  const ranked = rankStores(priced, strategy);
  const [best, ...others] = ranked.map(({ option }) => option);
  if (best === undefined) return err(mostTelling(asked.flatMap((option) => (option.ok ? [] : [option.error]))));
  const promiseRules = promiseRulesOf(city);
  return ok({ city, promiseRules, stores: [best, ...others], ranking: explainRanking(strategy, ranked) });
}

/** Nobody waits who can be served: paused stores count when no other one has the whole basket. */
function thoseInQuestion(priced: readonly PricedStore[]): readonly PricedStore[] {
  const open = priced.filter(({ isPaused }) => !isPaused);
  return open.some(({ hasAll }) => hasAll) ? open : priced;
}

function promiseRulesOf(city: CityEntry): PromiseRules {
  return city.fulfilment?.promise ?? DEFAULT_PROMISE_RULES;
}

type StoreRefusal = Exclude<StoreOptionRefusal, { readonly code: 'NOT_SERVICEABLE' }>;

async function priceAt(
  storefront: Storefront,
  city: CityEntry,
  { store, distanceM }: { readonly store: StoreEntry; readonly distanceM: number },
  { basket, tipMinor, kept, mayWait = false }: Wanted,
): Promise<Result<PricedStore, StoreRefusal>> {
  const read = await storefront.stock(store.id);
  if (!read.ok) return read;
  const { stock } = read.value;
  const { load } = stock;
  const isPaused = load.retryAfterMs !== null;
  if (isPaused && !mayWait) return err(storePaused(load.retryAfterMs));
  if (!stock.open && !isPaused) return err(refuse('STORE_CLOSED', 'The stores that deliver here take no orders now.'));
  const catalog = await storefront.catalog(store.id, stock.catalogVersion, 'price');
  if (!catalog.ok) return catalog;
  const rules = store.charges ?? city.charges ?? {};
  const priced = priceBasket(basket, (sku) => catalog.value.find(sku)?.product, rules.weightTolerancePpm);
  if (!priced.ok) return err(unknownSkus(priced.error.unknownSkus));
  const { readyP90Ms } = load;
  const lines = basket.length;
  const promised = promise(load, { lines, distanceM }, city.slaMs, promiseRulesOf(city));
  if (!promised.ok) return err(tooLate(promised.error));
  const charged = chargeBasket(priced.value, rules, {
    flatDeliveryFeeMinor: store.deliveryFeeMinor,
    distanceM,
    readyP90Ms,
    tipMinor,
  });
  const offer: StoreCandidate = {
    storeId: store.id,
    storeName: store.name,
    zoneId: store.zoneId,
    location: store.location,
    distanceM,
    currency: catalog.value.currency,
    ...charged,
    ...weightCeiling(charged),
    promiseMs: promised.value.promiseMs,
  };
  const there = basket.map(({ sku, quantity }) => ({
    sku,
    requested: quantity,
    available: (stock.available.get(sku) ?? 0) + keptUnits(kept, store.id, sku),
  }));
  const shortages = there.filter(({ requested, available }) => available < requested);
  const drains = there.map(({ requested, available }) => Math.round((requested * PPM) / Math.max(1, available)));
  return ok({
    storeId: store.id,
    distanceM,
    hasAll: shortages.length === 0,
    readyP90Ms,
    drainPpm: Math.max(...drains),
    throttled: promised.value.throttled,
    offer,
    promised: promised.value,
    load,
    isPaused,
    shortages,
  });
}

function unknownSkus(skus: readonly Sku[]): Refusal<'UNKNOWN_SKU'> {
  return refuse('UNKNOWN_SKU', 'Take these SKUs out of the basket.', { skus });
}

function tooLate({ slaMs, lateAtSlaPpm, latePpmMax, p90Ms }: NoPromise): Refusal<'PROMISE_NOT_POSSIBLE'> {
  const numbers = { slaMs, lateAtSlaPpm, latePpmMax, p90Ms };
  return refuse('PROMISE_NOT_POSSIBLE', 'Order fewer articles, or try again when the stores are less busy.', numbers);
}

/** What the customer can do something about goes first; the nearest store's reason stands for those like it. */
function mostTelling(refusals: readonly StoreRefusal[]): StoreRefusal {
  const order = ['UNKNOWN_SKU', 'PROMISE_NOT_POSSIBLE', 'STORE_CLOSED', 'STORE_BUSY', 'UNAVAILABLE'] as const;
  const found = order.flatMap((code) => refusals.find((refusal) => refusal.code === code) ?? []);
  return found[0] ?? refuse('STORE_BUSY', 'No store answered. Try again shortly.');
}

function keptUnits(kept: Wanted['kept'], storeId: StoreId, sku: Sku): number {
  return kept?.storeId === storeId ? (kept.lines.find((line) => line.sku === sku)?.quantity ?? 0) : 0;
}
