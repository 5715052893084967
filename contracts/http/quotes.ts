import * as v from 'valibot';
import type { QuoteChange } from '../../domain/pricing/quote.ts';
import type { Json } from '../problem.ts';
import {
  CartVersion,
  Count,
  CurrencyText,
  LINES_MAX,
  Quantity,
  SkuText,
  StoreIdText,
  Timestamp,
  WireLatLng,
  WireMoney,
} from '../wire.ts';
import { TotalsView } from './totals.ts';

/** In the minor units of any currency: far above what anybody gives, and far below a slip of the finger. */
const TIP_MAX = 100_000;
export const TipBody = v.strictObject({
  amount: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(TIP_MAX)),
  currency: CurrencyText,
});
export type TipBody = v.InferOutput<typeof TipBody>;

/** Sold by weight: the price is for the nominal weight of one unit, and what is picked is charged by its own, up to the tolerance. */
export const WeighedTerms = v.strictObject({
  nominalGrams: Count,
  /** Parts per million. */
  tolerancePpm: Count,
});

/** A hundred lines take about 8,000 characters. */
export const QuoteText = v.pipe(v.string(), v.minLength(1), v.maxLength(16_000));

export const QuoteBody = v.strictObject({
  deliverTo: WireLatLng,
  /** These, or the cart: one of both. A SKU may be on several lines; they count once, summed. */
  lines: v.optional(
    v.pipe(v.array(v.strictObject({ sku: SkuText, quantity: Quantity })), v.minLength(1), v.maxLength(LINES_MAX)),
  ),
  cartVersion: v.optional(CartVersion),
  tip: v.optional(TipBody),
  /** Also of a store that is too busy for now, for an order that may wait. */
  mayWait: v.optional(v.literal(true)),
});
export type QuoteBody = v.InferOutput<typeof QuoteBody>;

export const QuoteView = v.strictObject({
  /** Goes into `POST orders` as it is; for this customer, basket and door only. */
  quote: QuoteText,
  expiresAt: Timestamp,
  store: v.strictObject({ id: StoreIdText, name: v.string(), distanceM: Count }),
  lines: v.array(
    v.strictObject({
      sku: SkuText,
      name: v.string(),
      quantity: Quantity,
      unitPrice: WireMoney,
      /** Before its part of the discount. */
      total: WireMoney,
      discount: WireMoney,
      /** Null: sold by the unit. */
      weighed: v.nullable(WeighedTerms),
    }),
  ),
  totals: TotalsView,
  /** Where something is weighed, the total is an estimate: the order costs at most this, and so much is reserved. Null: the total. */
  upTo: v.nullable(WireMoney),
  /** Why there is a surge fee: the store's ready time, and from which one on the fee is asked. Null without one. */
  surge: v.nullable(v.strictObject({ readyP90Ms: Count, fromReadyP90Ms: Count })),
  /** From placing the order to the door. */
  promise: v.strictObject({
    promisedMs: Count,
    p50Ms: Count,
    p90Ms: Count,
    /** How often a promise like this one is broken, parts per million. */
    latePpm: Count,
    /** Later than usual, because the stores are busy. */
    widened: v.boolean(),
  }),
});
export type QuoteView = v.InferOutput<typeof QuoteView>;

/** The numbers of PRICE_CHANGED: everything that is not as it was quoted, and a new quote to be accepted in its place. */
export function changedNumbers(changes: readonly QuoteChange[], quote: QuoteView): { readonly [name: string]: Json } {
  return { changes, quote };
}
