import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { freeUnits, isSellable, lotsToPick } from '../../domain/inventory/lots.ts';
import type { TaskStep } from '../../domain/picking/pick-task.ts';
import { asLotId, LOT_ID_PATTERN } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { shelvesOf } from './lot-closing.ts';
import type { StoreBooks } from './store-books.ts';

/**
 * Whether what a scan takes may go to a customer: not from a lot that is closed, nor when closed lots are all that the shelf has
 * left. `scannedLot` is the number that the barcode carries, where it carries one: then the units are known to be of that lot.
 */
export function ofSellableLots(
  books: StoreBooks,
  step: TaskStep,
  scannedLot: string | null,
  nowMs: number,
): Result<TaskStep, Refusal<'LOT_EXPIRED' | 'LOT_CLOSED'>> {
  const picked = step.movements.filter(({ kind }) => kind === 'picked');
  const shelves = shelvesOf(
    books,
    picked.map(({ sku }) => sku),
  );
  const movements = [];
  for (const movement of step.movements) {
    const { kind, sku, quantity } = movement;
    const shelf = kind === 'picked' ? shelves.get(sku) : undefined;
    if (shelf === undefined || shelf.lots.length === 0) {
      movements.push(movement);
      continue;
    }
    const lotId = scannedLot !== null && LOT_ID_PATTERN.test(scannedLot) ? asLotId(scannedLot) : undefined;
    const lot = lotId === undefined ? undefined : books.lots.find(sku, lotId);
    if (lot !== undefined && !isSellable(lot, nowMs)) return err(closed(lot.status === 'RECALLED', sku));
    if (lot !== undefined && freeUnits(lot) >= quantity) {
      movements.push({ ...movement, lotId: lot.lotId });
      continue;
    }
    const left = lotsToPick(shelf, quantity, nowMs).reduce((units, part) => units + part.quantity, 0);
    if (left < quantity) {
      return err(
        refuse('LOT_EXPIRED', 'What is left of this is past its date or called back: report it as expired.', {
          sku,
          left,
        }),
      );
    }
    movements.push(movement);
  }
  return ok({ ...step, movements });
}

function closed(recalled: boolean, sku: string): Refusal<'LOT_EXPIRED' | 'LOT_CLOSED'> {
  return recalled
    ? refuse('LOT_CLOSED', 'This lot was called back: put it aside and take another.', { sku })
    : refuse('LOT_EXPIRED', 'Past its date: take another, and report this one as expired.', { sku });
}
