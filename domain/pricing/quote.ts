import type { LatLng } from '../shared/geo.ts';
import type { Sku, StoreId, UserId } from '../shared/ids.ts';
import { ceilingOf, totalsOf } from './totals.ts';
import type { QuotedTotals, Totals } from './totals.ts';

/** How long what was quoted is held to: long enough to read and pay, short enough that stock and load are still much the same. */
export const QUOTE_TTL_MS = 300_000;

/** A basket line as it was quoted. */
export interface QuotedLine {
  readonly sku: Sku;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

/** What one customer was told one basket costs at one door, and when it would be there. An order made on it costs at most that. */
export interface Quote {
  readonly customerId: UserId;
  readonly deliverTo: LatLng;
  readonly storeId: StoreId;
  readonly currency: string;
  /** A basket: merged, and in order of SKU. */
  readonly lines: readonly QuotedLine[];
  readonly totals: Totals;
  /** The most that it may come to by weight. Absent: the total. */
  readonly ceilingMinor?: number | undefined;
  readonly promiseMs: number;
  readonly expiresAtMs: number;
}

/** What a store offers now, to be laid beside a quote. */
export interface OfferNow extends QuotedTotals {
  readonly storeId: StoreId;
  readonly currency: string;
  readonly lines: readonly QuotedLine[];
  readonly ceilingMinor?: number;
  readonly promiseMs: number;
}

const AMOUNTS = {
  discount: 'discountMinor',
  smallCartFee: 'smallCartFeeMinor',
  deliveryFee: 'deliveryFeeMinor',
  surgeFee: 'surgeFeeMinor',
  tax: 'taxMinor',
  tip: 'tipMinor',
  total: 'totalMinor',
} as const satisfies Record<string, keyof Totals>;

/** One thing that is not as it was quoted. Amounts are minor units, the promise is ms, a quantity of 0 is a line that is gone. */
export type QuoteChange =
  | { readonly what: 'store'; readonly quoted: StoreId; readonly now: StoreId }
  | { readonly what: 'price' | 'quantity'; readonly sku: Sku; readonly quoted: number; readonly now: number }
  | { readonly what: keyof typeof AMOUNTS | 'ceiling' | 'promise'; readonly quoted: number; readonly now: number };

/** Everything that is not as it was quoted, also what is better now. */
export function changesSince(quote: Quote, offer: OfferNow): readonly QuoteChange[] {
  const changes: QuoteChange[] = [];
  if (offer.storeId !== quote.storeId) changes.push({ what: 'store', quoted: quote.storeId, now: offer.storeId });
  const linesNow = new Map(offer.lines.map((line) => [line.sku, line]));
  for (const { sku, quantity, unitPriceMinor } of quote.lines) {
    const line = linesNow.get(sku);
    const left = line?.quantity ?? 0;
    if (left !== quantity) changes.push({ what: 'quantity', sku, quoted: quantity, now: left });
    if (line !== undefined && line.unitPriceMinor !== unitPriceMinor)
      changes.push({ what: 'price', sku, quoted: unitPriceMinor, now: line.unitPriceMinor });
  }
  const totals = totalsOf(offer);
  for (const what of AMOUNT_NAMES) {
    const [quoted, now] = [quote.totals[AMOUNTS[what]], totals[AMOUNTS[what]]];
    if (quoted !== now) changes.push({ what, quoted, now });
  }
  const [quotedMinor, nowMinor] = [quotedCeilingMinor(quote), ceilingOf(offer)];
  const isWeighed = quote.ceilingMinor !== undefined || offer.ceilingMinor !== undefined;
  if (isWeighed && quotedMinor !== nowMinor) changes.push({ what: 'ceiling', quoted: quotedMinor, now: nowMinor });
  if (offer.promiseMs !== quote.promiseMs)
    changes.push({ what: 'promise', quoted: quote.promiseMs, now: offer.promiseMs });
  return changes;
}

const AMOUNT_NAMES = Object.keys(AMOUNTS).filter((name): name is keyof typeof AMOUNTS => name in AMOUNTS);

function quotedCeilingMinor({ ceilingMinor, totals }: Quote): number {
  return ceilingMinor ?? totals.totalMinor;
}

/** Whether an offer is as good as what was quoted or better: then it needs no new consent. */
export function isWithin(quote: Quote, offer: OfferNow): boolean {
  return (
    offer.currency === quote.currency &&
    totalsOf(offer).totalMinor <= quote.totals.totalMinor &&
    ceilingOf(offer) <= quotedCeilingMinor(quote) &&
    offer.promiseMs <= quote.promiseMs
  );
}
