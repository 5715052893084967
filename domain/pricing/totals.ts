import { allocate } from '../money/allocate.ts';

/**
 * What an order costs, minor units of one currency. A part that is absent is 0: logs from before it existed are without it.
 *
 * total = items - discount + small-cart fee + delivery fee + surge fee + tip, and the tax where the prices do not contain it.
 */
export interface QuotedTotals {
  /** The lines at their prices, before any discount. */
  readonly itemsMinor: number;
  /** What the basket offer takes off the items; on the lines it is allocated by largest remainder. */
  readonly discountMinor?: number | undefined;
  readonly smallCartFeeMinor?: number | undefined;
  readonly deliveryFeeMinor: number;
  readonly surgeFeeMinor?: number | undefined;
  /** On items less discount, and on the fees; never on the tip. */
  readonly taxMinor?: number | undefined;
  /** True where prices and fees contain the tax: then it is told and not added. */
  readonly taxIncluded?: boolean | undefined;
  readonly tipMinor?: number | undefined;
  readonly totalMinor: number;
}
export type Totals = { readonly [Part in keyof QuotedTotals]-?: NonNullable<QuotedTotals[Part]> };

/** Every part, also those that an old log is without. */
export function totalsOf(quote: QuotedTotals): Totals {
  return {
    itemsMinor: quote.itemsMinor,
    discountMinor: quote.discountMinor ?? 0,
    smallCartFeeMinor: quote.smallCartFeeMinor ?? 0,
    deliveryFeeMinor: quote.deliveryFeeMinor,
    surgeFeeMinor: quote.surgeFeeMinor ?? 0,
    taxMinor: quote.taxMinor ?? 0,
    taxIncluded: quote.taxIncluded ?? false,
    tipMinor: quote.tipMinor ?? 0,
    totalMinor: quote.totalMinor,
  };
}

/** The most that a quote may come to: its total, or what it comes to when all that is weighed is as heavy as may be. Minor units. */
export function ceilingOf(quote: { readonly totalMinor: number; readonly ceilingMinor?: number | undefined }): number {
  return quote.ceilingMinor ?? quote.totalMinor;
}

/** The parts with their total. */
export function addUp(parts: Omit<Totals, 'totalMinor'>): Totals {
  const { itemsMinor, discountMinor, smallCartFeeMinor, deliveryFeeMinor, surgeFeeMinor, taxMinor, tipMinor } = parts;
  const addedTaxMinor = parts.taxIncluded ? 0 : taxMinor;
  const totalMinor =
    itemsMinor - discountMinor + smallCartFeeMinor + deliveryFeeMinor + surgeFeeMinor + addedTaxMinor + tipMinor;
  return { ...parts, totalMinor };
}

/** A line of a quote as far as money goes. */
export interface ChargedLine {
  readonly quantity: number;
  readonly unitPriceMinor: number;
  /** Its part of the basket's discount; absent: none. */
  readonly discountMinor?: number;
  /** What it comes to by weight, before its discount. Absent: it is sold by the unit. */
  readonly weighedMinor?: number;
}
/** Before its discount. */
export function grossOf({ quantity, unitPriceMinor, weighedMinor }: ChargedLine): number {
  return weighedMinor ?? quantity * unitPriceMinor;
}
/** What one part of the total comes to: its price less its discount, the tax in or on it, and what is paid for it in all. */
export interface Share {
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly dueMinor: number;
}
export interface Shares {
  /** In the order of the lines. */
  readonly lines: readonly Share[];
  readonly smallCartFee: Share;
  readonly deliveryFee: Share;
  readonly surgeFee: Share;
  readonly tipMinor: number;
}

/**
 * The total by line and fee, the tax allocated by largest remainder. What is due for each, and the tip, add up to the total exactly, so
 * that giving back one line after the other gives back neither more nor less than was paid.
 */
export function shareOut(quote: QuotedTotals & { readonly lines: readonly ChargedLine[] }): Shares {
  const { smallCartFeeMinor, deliveryFeeMinor, surgeFeeMinor, taxMinor, taxIncluded, tipMinor } = totalsOf(quote);
  const fees = [smallCartFeeMinor, deliveryFeeMinor, surgeFeeMinor];
  const lines = quote.lines.map((line) => grossOf(line) - (line.discountMinor ?? 0));
  const nets = [...fees, ...lines];
  const taxes = allocate(taxMinor, nets);
  const shares = nets.map((netMinor, place) => {
    const tax = taxes[place] ?? 0;
    return { netMinor, taxMinor: tax, dueMinor: netMinor + (taxIncluded ? 0 : tax) };
  });
  const [smallCartFee = NOTHING, deliveryFee = NOTHING, surgeFee = NOTHING] = shares;
  return { smallCartFee, deliveryFee, surgeFee, lines: shares.slice(fees.length), tipMinor };
}

const NOTHING: Share = { netMinor: 0, taxMinor: 0, dueMinor: 0 };
