import type { Incoming, Outgoing, TransferStep } from '../../../domain/inventory/transfer.ts';
import { lotThatCame } from '../../../domain/inventory/transfer-lots.ts';
import type { TransferLot } from '../../../domain/inventory/transfer-lots.ts';
import type { OpId } from '../../../domain/shared/ids.ts';
import { withholdClosed } from '../goods/lot-closing.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import type { StoreBooks } from '../store-books.ts';

/** Posts what a step of a transfer moves. What arrives or comes back too late to be sold is blocked in the same commit. */
export function moveGoods(
  books: StoreBooks,
  { transfer, movements }: TransferStep<Outgoing | Incoming>,
  opId: OpId,
  hand: Hand,
): void {
  const arrivals = movements.filter(({ kind }) => kind === 'transferred_in');
  const named = new Set(arrivals.map(({ sku, lotId }) => `${sku} ${lotId ?? ''}`));
  learnDates(
    books,
    transfer.lots.filter(({ sku, lotId }) => named.has(`${sku} ${lotId}`)),
  );
  books.stock.postTo(because(movements, { opId, reason: `transfer ${transfer.transferId}` }), hand);
  if (arrivals.length === 0) return;
  withholdClosed(
    books,
    arrivals.map(({ sku }) => sku),
    hand.atMs,
  );
}

/** The lots with the dates that the origin told, less the life that this store's customers must still get. */
function learnDates({ lots, margins }: StoreBooks, came: readonly TransferLot[]): void {
  if (came.length === 0) return;
  const known = new Map(lots.findAll(came).map((lot) => [`${lot.sku} ${lot.lotId}`, lot]));
  const marginsMs = margins.marginsMs(came.map(({ sku }) => sku));
  lots.save(came.map((lot) => lotThatCame(lot, known.get(`${lot.sku} ${lot.lotId}`), marginsMs.get(lot.sku) ?? 0)));
}
