import * as v from 'valibot';
import { totalsOf } from '../../domain/pricing/totals.ts';
import type { QuotedTotals } from '../../domain/pricing/totals.ts';
import { toWireMoney, WireMoney } from '../wire.ts';

/** items - discount + smallCartFee + deliveryFee + surgeFee + tip, and the tax unless it is included, is the total. */
export const TotalsView = v.strictObject({
  items: WireMoney,
  discount: WireMoney,
  smallCartFee: WireMoney,
  deliveryFee: WireMoney,
  surgeFee: WireMoney,
  tax: WireMoney,
  /** Whether prices and fees contain the tax. */
  taxIncluded: v.boolean(),
  tip: WireMoney,
  total: WireMoney,
});
export type TotalsView = v.InferOutput<typeof TotalsView>;

export function toTotalsView(quote: QuotedTotals, currency: string): TotalsView {
  const totals = totalsOf(quote);
  return {
    items: toWireMoney(totals.itemsMinor, currency),
    discount: toWireMoney(totals.discountMinor, currency),
    smallCartFee: toWireMoney(totals.smallCartFeeMinor, currency),
    deliveryFee: toWireMoney(totals.deliveryFeeMinor, currency),
    surgeFee: toWireMoney(totals.surgeFeeMinor, currency),
    tax: toWireMoney(totals.taxMinor, currency),
    taxIncluded: totals.taxIncluded,
    tip: toWireMoney(totals.tipMinor, currency),
    total: toWireMoney(totals.totalMinor, currency),
  };
}
