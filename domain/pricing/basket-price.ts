import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Sku } from '../shared/ids.ts';
import { DEFAULT_WEIGHT_TOLERANCE_PPM } from './catch-weight.ts';
import type { Weighed } from './catch-weight.ts';

/** What a store asks for one unit. */
export interface PriceTag {
  readonly name: string;
  readonly priceMinor: number;
  /** Sold by weight, and so much is what the price is for. Absent: sold by the unit. */
  readonly nominalGrams?: number;
}

export interface PricedLine {
  readonly sku: Sku;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly weighed?: Weighed;
}

export interface PricedBasket {
  readonly lines: readonly PricedLine[];
  readonly itemsMinor: number;
}

/** Prices a basket from one store's catalog: all of it, or the SKUs that the store does not sell. Nothing of the client's is believed. */
export function priceBasket(
  lines: readonly { readonly sku: Sku; readonly quantity: number }[],
  priceTagOf: (sku: Sku) => PriceTag | undefined,
  tolerancePpm = DEFAULT_WEIGHT_TOLERANCE_PPM,
): Result<PricedBasket, { readonly unknownSkus: readonly Sku[] }> {
  const priced: PricedLine[] = [];
  const unknownSkus: Sku[] = [];
  let itemsMinor = 0;
  for (const { sku, quantity } of lines) {
    const tag = priceTagOf(sku);
    if (tag === undefined) {
      unknownSkus.push(sku);
      continue;
    }
    const { name, priceMinor, nominalGrams } = tag;
    const weighed = nominalGrams === undefined ? {} : { weighed: { nominalGrams, tolerancePpm } };
    priced.push({ sku, name, quantity, unitPriceMinor: priceMinor, ...weighed });
    itemsMinor += quantity * priceMinor;
  }
  if (unknownSkus.length > 0) return err({ unknownSkus });
  return ok({ lines: priced, itemsMinor });
}
