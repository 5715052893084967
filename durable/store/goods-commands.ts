import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { AdjustStock, StockLeft } from '../../contracts/rpc/store-goods.ts';
import { applyMovement } from '../../domain/inventory/ledger.ts';
import type { Movement } from '../../domain/inventory/ledger.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { handOf } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { unknownSkus } from './store-refusals.ts';
import { because } from './stock-writer.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** Puts a level right by hand; never below what is left on the shelf. */
export function adjustStock(
  books: StoreBooks,
  command: AdjustStock,
  nowMs: number,
): Result<StockLeft, Refusal<'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK'>> {
  const { sku, quantity, reason, opId } = command;
  const accounts = books.stock.accounts([sku]);
  const account = accounts.get(sku);
  if (account === undefined) return err(unknownSkus([sku]));
  const movement: Movement = { kind: 'adjusted', sku, quantity };
  const after = applyMovement(account.level, movement);
  if (!after.ok) {
    return err(
      refuse('INSUFFICIENT_STOCK', 'Fewer units than that are free to be taken off; count the shelf instead.', {
        shortages: [{ sku, requested: -quantity, available: after.error.left }],
      }),
    );
  }
  books.stock.post(accounts, because([movement], { opId, reason }), handOf(command, nowMs));
  return ok({ sku, available: after.value.available });
}
