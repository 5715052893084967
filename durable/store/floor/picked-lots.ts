import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { isSellable, pickableUnits } from '../../../domain/inventory/lots.ts';
import type { TaskStep } from '../../../domain/picking/pick-task.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { shelvesOf } from '../goods/lot-closing.ts';
import type { StoreBooks } from '../store-books.ts';

/** A scan takes nothing when closed lots are all that the shelf has left: whoever promised it did not know, or could not help it. */
export function ofSellableLots(
  books: StoreBooks,
  step: TaskStep,
  nowMs: number,
): Result<TaskStep, { readonly refusal: Refusal<'LOT_EXPIRED'> }> {
  const picked = step.movements.filter(({ kind }) => kind === 'picked');
  const shelves = shelvesOf(
    books,
    picked.map(({ sku }) => sku),
  );
  for (const { sku, quantity } of picked) {
    const shelf = shelves.get(sku);
    if (shelf === undefined || shelf.lots.length === 0) continue;
    const left = pickableUnits(shelf, nowMs);
    if (left >= quantity) continue;
    const words = 'What is left of this is past its date or called back: report it as expired.';
    return err({ refusal: refuse('LOT_EXPIRED', words, { sku, left }) });
  }
  return ok(step);
}

/** Whether units of a lot that may not be sold lie on this shelf. */
export function hasClosedLot(books: StoreBooks, sku: Sku, nowMs: number): boolean {
  const lots = shelvesOf(books, [sku]).get(sku)?.lots ?? [];
  return lots.some((lot) => lot.onShelf > 0 && !isSellable(lot, nowMs));
}
