import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { Disagreement } from './audit-rows.ts';
import type { StoreBooks } from '../store-books.ts';

/** Stops the sale of SKUs that do not agree with the ledger, says so, and asks for a count. Those that are stopped already stay so. */
export function stopSale(books: StoreBooks, found: readonly Disagreement[], nowMs: number): void {
  const { auditing, storeId, outbox, counts } = books;
  for (const { sku, what, gapUnits } of auditing.quarantine(found, nowMs)) {
    outbox.announce({
      topic: STORE_EVENTS,
      type: 'stock.quarantined',
      subject: storeId,
      key: storeId,
      atMs: nowMs,
      data: { sku, what, gapUnits },
    });
    counts.open([{ sku, risk: 1 }], { reason: 'REQUESTED', atMs: nowMs });
  }
}
