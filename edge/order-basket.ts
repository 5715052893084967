import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { LINES_MAX, QUANTITY_MAX } from '../contracts/wire.ts';
import { toBasket } from '../domain/inventory/basket-lines.ts';
import type { BasketLine } from '../domain/inventory/basket-lines.ts';
import { asSku } from '../domain/shared/ids.ts';
import { err } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';

/** The lines of a body as one basket. */
export function readBasket(
  wanted: readonly { readonly sku: string; readonly quantity: number }[],
): Result<readonly BasketLine[], Refusal<'INVALID_INPUT'>> {
  const lines = wanted.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity }));
  const basket = toBasket(lines, { linesMax: LINES_MAX, quantityMax: QUANTITY_MAX });
  if (basket.ok) return basket;
  const { error } = basket;
  if (error.code !== 'BAD_QUANTITY') return err(refuse('INVALID_INPUT', 'Correct the lines.'));
  return err(refuse('INVALID_INPUT', `Order at most ${error.quantityMax} of a SKU.`, { sku: error.sku }));
}
