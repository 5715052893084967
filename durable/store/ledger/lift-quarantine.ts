import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { LiftQuarantine, QuarantineLifted } from '../../../contracts/rpc/store-audit.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { withholdClosed } from '../goods/lot-closing.ts';
import type { StoreBooks } from '../store-books.ts';

/** Sells a SKU again, at the level that its movements add up to: the ledger is the truth, a level is its sum. */
export function liftQuarantine(
  books: StoreBooks,
  { sku, traceparent }: LiftQuarantine,
  nowMs: number,
): Result<QuarantineLifted, Refusal<'NOT_QUARANTINED' | 'STOCK_DISAGREES'>> {
  const { auditing, storeId, outbox } = books;
  if (!auditing.quarantined().includes(sku)) {
    return err(refuse('NOT_QUARANTINED', 'This SKU is on sale already.'));
  }
  if (!auditing.balances.addUp(Number.MAX_SAFE_INTEGER)) throw new Error('the ledger grew inside a transaction');
  const overdrawnUnits = auditing.overdrawnUnits(sku);
  if (overdrawnUnits > 0) {
    return err(
      refuse(
        'STOCK_DISAGREES',
        'More was promised than there ever was: release holds or cancel orders, then try again.',
        {
          what: 'level',
          gapUnits: overdrawnUnits,
        },
      ),
    );
  }
  auditing.restore(sku);
  const still = auditing.wrongParts().find((found) => found.sku === sku);
  if (still !== undefined) {
    auditing.quarantine([still], nowMs);
    const { what, gapUnits } = still;
    return err(
      refuse(
        'STOCK_DISAGREES',
        'Holds, tasks or lots still disagree with the ledger: put them right, then try again.',
        {
          what,
          gapUnits,
        },
      ),
    );
  }
  // Lots may have been closed meanwhile: of a shelf in doubt nothing is set aside.
  withholdClosed(books, [sku], nowMs);
  const type = 'stock.quarantine_lifted';
  const data = { sku };
  outbox.announce({ topic: STORE_EVENTS, type, subject: storeId, key: storeId, atMs: nowMs, traceparent, data });
  return ok({ sku, available: books.stock.accounts([sku]).get(sku)?.level.available ?? 0 });
}
