import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

export interface BasketLine {
  readonly sku: Sku;
  /** Whole units, 1 or more. */
  readonly quantity: number;
}

export interface BasketLimits {
  readonly linesMax: number;
  /** Units of one SKU, its lines summed. */
  readonly quantityMax: number;
}

export type BasketError =
  | { readonly code: 'NO_LINES' }
  | { readonly code: 'TOO_MANY_LINES'; readonly lines: number; readonly linesMax: number }
  /** `quantity`: of the SKU up to and with the line that is wrong or one too many. */
  | { readonly code: 'BAD_QUANTITY'; readonly sku: Sku; readonly quantity: number; readonly quantityMax: number };

/**
 * The lines as one basket: a SKU on two lines counts once, summed, and SKUs are in order, so that two writings of one
 * basket are equal.
 */
export function toBasket(
  lines: readonly BasketLine[],
  limits: BasketLimits,
): Result<readonly BasketLine[], BasketError> {
  const { linesMax, quantityMax } = limits;
  if (lines.length === 0) return err({ code: 'NO_LINES' });
  if (lines.length > linesMax) return err({ code: 'TOO_MANY_LINES', lines: lines.length, linesMax });
  const units = new Map<Sku, number>();
  for (const { sku, quantity } of lines) {
    const sum = (units.get(sku) ?? 0) + quantity;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || sum > quantityMax) {
      return err({ code: 'BAD_QUANTITY', sku, quantity: sum, quantityMax });
    }
    units.set(sku, sum);
  }
  const merged = [...units].map(([sku, quantity]) => ({ sku, quantity }));
  return ok(merged.toSorted((a, b) => (a.sku < b.sku ? -1 : 1)));
}

/** Both must be baskets: merged and in order. */
export function sameBasket(a: readonly BasketLine[], b: readonly BasketLine[]): boolean {
  return a.length === b.length && a.every((line, i) => line.sku === b[i]?.sku && line.quantity === b[i]?.quantity);
}
