import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Sku } from '../shared/ids.ts';

/** What a store asks for one unit. */
export interface PriceTag {
  readonly name: string;
  readonly priceMinor: number;
}

export interface PricedLine {
  readonly sku: Sku;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface PricedBasket {
  readonly lines: readonly PricedLine[];
  readonly itemsMinor: number;
}

/** Prices a basket from one store's catalog: all of it, or the SKUs that the store does not sell. Nothing of the client's is believed. */
export function priceBasket(
  lines: readonly { readonly sku: Sku; readonly quantity: number }[],
  priceTagOf: (sku: Sku) => PriceTag | undefined,
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
    priced.push({ sku, name: tag.name, quantity, unitPriceMinor: tag.priceMinor });
    itemsMinor += quantity * tag.priceMinor;
  }
  if (unknownSkus.length > 0) return err({ unknownSkus });
  return ok({ lines: priced, itemsMinor });
}
