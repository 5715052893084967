import { toTotalsView } from '../contracts/http/totals.ts';
import { changedNumbers } from '../contracts/http/quotes.ts';
import type { QuoteView, TipBody } from '../contracts/http/quotes.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { StoreCandidate } from '../contracts/rpc/order.ts';
import { toTimestamp, toWireMoney } from '../contracts/wire.ts';
import type { Ranking } from '../domain/assignment/store-strategy.ts';
import { sameBasket } from '../domain/inventory/basket-lines.ts';
import { changesSince, isWithin, QUOTE_TTL_MS } from '../domain/pricing/quote.ts';
import type { Quote } from '../domain/pricing/quote.ts';
import { totalsOf } from '../domain/pricing/totals.ts';
import { latePpmOf } from '../domain/promise/promise.ts';
import type { PromiseRules } from '../domain/promise/promise.ts';
import { invariant } from '../domain/shared/assert.ts';
import type { UserId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import type { QuoteTexts } from './auth/quote-text.ts';
import { findStoreOptions } from './store-options.ts';
import type { PricedStore, StoreOptionRefusal, StoreOptions, Wanted } from './store-options.ts';
import type { Storefront } from './storefront.ts';

/** Stores that the order may try one after the other within its time to answer. */
const CANDIDATES_MAX = 3;

/** Who asks for what, and by which clock and key the quote is made. */
export interface Asking {
  readonly storefront: Storefront;
  readonly texts: QuoteTexts;
  readonly customerId: UserId;
  readonly wanted: Omit<Wanted, 'tipMinor'>;
  readonly tip: TipBody | undefined;
  readonly nowMs: number;
}

export type QuoteRefusal = StoreOptionRefusal | Refusal<'INVALID_INPUT' | 'INSUFFICIENT_STOCK'>;

/** What the best store asks for the whole basket, signed. */
export async function makeQuote(asking: Asking): Promise<Result<QuoteView, QuoteRefusal>> {
  const options = await optionsFor(asking, asking.tip?.amount ?? 0);
  if (!options.ok) return options;
  const [best] = options.value.stores;
  return best.hasAll ? ok(signed(asking, best)) : err(outOfStock(best));
}

/** The stores that an order may go to, at what they ask now, best first. */
export interface Agreed {
  readonly candidates: readonly StoreCandidate[];
  readonly ranking: Ranking;
}
export type AgreeRefusal = QuoteRefusal | Refusal<'QUOTE_INVALID' | 'QUOTE_EXPIRED' | 'PRICE_CHANGED'>;

/** Without a quote every store that could serve the order; with one, those that keep to it. */
export async function agree(asking: Asking, text: string | undefined): Promise<Result<Agreed, AgreeRefusal>> {
  if (text === undefined) {
    const options = await optionsFor(asking, asking.tip?.amount ?? 0);
    if (!options.ok) return options;
    const { stores, ranking } = options.value;
    return ok({ candidates: stores.slice(0, CANDIDATES_MAX).map(({ offer }) => offer), ranking });
  }
  const quote = readQuote(asking, text);
  if (!quote.ok) return quote;
  const options = await optionsFor(asking, asking.tip?.amount ?? quote.value.totals.tipMinor);
  return options.ok ? keepTo(asking, quote.value, options.value) : options;
}

/** A quote for this customer, basket and door, that still stands. */
function readQuote(
  { texts, customerId, wanted, nowMs }: Asking,
  text: string,
): Result<Quote, Refusal<'QUOTE_INVALID' | 'QUOTE_EXPIRED'>> {
  const read = texts.read(text, nowMs);
  if (!read.ok && read.error === 'EXPIRED') return err(refuse('QUOTE_EXPIRED', 'Ask for a new quote.'));
  if (!read.ok) return err(refuse('QUOTE_INVALID', 'Send the quote as it was given.'));
  const quote = read.value;
  const { deliverTo, basket } = wanted;
  const wrong = [
    ...(quote.customerId === customerId ? [] : ['customer']),
    ...(quote.deliverTo.lat === deliverTo.lat && quote.deliverTo.lng === deliverTo.lng ? [] : ['deliverTo']),
    ...(sameBasket(quote.lines, basket) ? [] : ['lines']),
  ];
  if (wrong.length === 0) return ok(quote);
  return err(refuse('QUOTE_INVALID', 'Ask for a quote for this very order.', { differs: wrong }));
}

/**
 * The stores whose offers are as good as the quote, the quoted one first; at their prices of now where these are lower. The promise that was
 * quoted stands as long as it would not be broken too often. When no store keeps to the quote: what changed, and a new quote.
 */
async function keepTo(asking: Asking, quote: Quote, options: StoreOptions): Promise<Result<Agreed, AgreeRefusal>> {
  const { stores, ranking, promiseRules } = options;
  const now = stores.map((store) => withPromise(store, quote.promiseMs, promiseRules));
  const keeping = now.filter(({ hasAll, offer }) => hasAll && isWithin(quote, offer));
  if (keeping.length > 0) {
    const quotedFirst = keeping.toSorted((a, b) => Number(isQuoted(b, quote)) - Number(isQuoted(a, quote)));
    return ok({ candidates: quotedFirst.slice(0, CANDIDATES_MAX).map(({ offer }) => offer), ranking });
  }
  return changed(asking, quote, now);
}

/** The store's offer with an earlier promise that was made before, if that still holds as often as the rules say. */
function withPromise(store: PricedStore, promiseMs: number, { latePpmMax }: PromiseRules): PricedStore {
  const { offer, load, promised } = store;
  if (offer.promiseMs <= promiseMs) return store;
  const latePpm = latePpmOf(promiseMs, load, { lines: offer.lines.length, distanceM: offer.distanceM });
  if (latePpm > latePpmMax) return store;
  return { ...store, offer: { ...offer, promiseMs }, promised: { ...promised, promiseMs, latePpm } };
}

function isQuoted({ storeId }: PricedStore, quote: Quote): boolean {
  return storeId === quote.storeId;
}

/** What changed, with a new quote for what can be had: at one store, the whole basket or as much of it as there is. */
async function changed(
  asking: Asking,
  quote: Quote,
  stores: readonly PricedStore[],
): Promise<Result<never, AgreeRefusal>> {
  const whole = stores.find((store) => store.hasAll && isQuoted(store, quote)) ?? stores.find(({ hasAll }) => hasAll);
  if (whole !== undefined) return err(priceChanged(asking, quote, whole));
  const most = stores.find((store) => isQuoted(store, quote)) ?? stores[0];
  invariant(most !== undefined, 'there is a store that could not keep to the quote');
  const short = new Map(most.shortages.map(({ sku, available }) => [sku, available]));
  const basket = asking.wanted.basket
    .map(({ sku, quantity }) => ({ sku, quantity: short.get(sku) ?? quantity }))
    .filter(({ quantity }) => quantity > 0);
  if (basket.length === 0) return err(outOfStock(most));
  const smaller = { ...asking, wanted: { ...asking.wanted, basket } };
  const options = await optionsFor(smaller, most.offer.tipMinor ?? 0);
  if (!options.ok) return options;
  const found = options.value.stores.find(({ hasAll }) => hasAll);
  return err(found === undefined ? outOfStock(most) : priceChanged(asking, quote, found));
}

function priceChanged(asking: Asking, quote: Quote, store: PricedStore): Refusal<'PRICE_CHANGED'> {
  const numbers = changedNumbers(changesSince(quote, store.offer), signed(asking, store));
  return refuse(
    'PRICE_CHANGED',
    'Show what changed, and order again with the new quote if the customer agrees.',
    numbers,
  );
}

function outOfStock({ shortages }: PricedStore): Refusal<'INSUFFICIENT_STOCK'> {
  const numbers = shortages.map(({ sku, requested, available }) => ({ sku, requested, available }));
  return refuse('INSUFFICIENT_STOCK', 'Take fewer of these, or leave them out.', { shortages: numbers });
}

async function optionsFor(
  { storefront, wanted, tip }: Asking,
  tipMinor: number,
): Promise<Result<StoreOptions, QuoteRefusal>> {
  const options = await findStoreOptions(storefront, { ...wanted, tipMinor });
  if (!options.ok || tip === undefined) return options;
  const { currency } = options.value.city;
  return tip.currency === currency
    ? options
    : err(refuse('INVALID_INPUT', 'Tip in the city’s currency.', { currency }));
}

function signed({ texts, customerId, wanted, nowMs }: Asking, { offer, promised }: PricedStore): QuoteView {
  const { storeId, currency, promiseMs } = offer;
  const expiresAtMs = nowMs + QUOTE_TTL_MS;
  const { lat, lng } = wanted.deliverTo;
  const lines = offer.lines.map(({ sku, quantity, unitPriceMinor }) => ({ sku, quantity, unitPriceMinor }));
  const quote: Quote = {
    customerId,
    deliverTo: { lat, lng },
    storeId,
    currency,
    lines,
    totals: totalsOf(offer),
    ceilingMinor: offer.ceilingMinor,
    promiseMs,
    expiresAtMs,
  };
  const { p50Ms, p90Ms, latePpm, widened } = promised;
  return {
    quote: texts.write(quote),
    expiresAt: toTimestamp(expiresAtMs),
    store: { id: storeId, name: offer.storeName, distanceM: offer.distanceM },
    lines: offer.lines.map(({ sku, name, quantity, unitPriceMinor, discountMinor = 0, weighed }) => ({
      sku,
      name,
      quantity,
      unitPrice: toWireMoney(unitPriceMinor, currency),
      total: toWireMoney(unitPriceMinor * quantity, currency),
      discount: toWireMoney(discountMinor, currency),
      weighed: weighed === undefined ? null : { ...weighed },
    })),
    totals: toTotalsView(offer, currency),
    upTo: offer.ceilingMinor === undefined ? null : toWireMoney(offer.ceilingMinor, currency),
    surge: offer.surge ?? null,
    promise: { promisedMs: promiseMs, p50Ms, p90Ms, latePpm, widened },
  };
}
