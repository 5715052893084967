import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { DiscrepancySource } from '../../../contracts/rpc/store-counts.ts';
import { coverShortfall } from '../../../domain/inventory/discrepancy.ts';
import type { Recovery } from '../../../domain/inventory/discrepancy.ts';
import { releaseHold } from '../../../domain/inventory/hold.ts';
import type { HoldId, Sku } from '../../../domain/shared/ids.ts';
import { writeHoldStep } from '../holds/hold-writes.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { shortenLine } from './shorten-line.ts';

/** Fewer units than were promised. */
export interface DiscrepancyFound {
  readonly sku: Sku;
  readonly source: DiscrepancySource;
  /** Units that should be on the shelf, and those that are. */
  readonly expected: number;
  readonly counted: number;
  /** Units that were promised, held or allocated, and are not there: what must be given up. 1 or more. */
  readonly shortfall: number;
}

/**
 * Gives up what cannot be kept, by the rule of `coverShortfall`, and tells of it. Afterwards `freedUnits` more are in `available`,
 * so that the caller can post what the shelf has lost: a count its variance, an expired lot its block. Inside the transaction of
 * the command that found out.
 */
export function raiseDiscrepancy(books: StoreBooks, found: DiscrepancyFound, cause: Cause, hand: Hand): Recovery {
  const { sku } = found;
  const recovery = coverShortfall(
    found.shortfall,
    books.discrepancies.heldUnits(sku),
    books.discrepancies.allocatedUnits(sku),
  );
  const shortfall: Cause = { ...cause, reason: 'SHORTFALL' };
  for (const holdId of recovery.endedHolds) endHold(books, holdId, shortfall, hand);
  for (const line of recovery.shortenedLines) shortenLine(books, { sku, ...line }, shortfall, hand);
  const counts = { endedHolds: recovery.endedHolds.length, shortenedLines: recovery.shortenedLines.length };
  books.discrepancies.add({ ...found, ...counts, atMs: hand.atMs }, cause.opId);
  books.outbox.announce({
    topic: STORE_EVENTS,
    type: 'stock.discrepancy_found',
    subject: books.storeId,
    key: books.storeId,
    atMs: hand.atMs,
    traceparent: hand.traceparent,
    data: { ...found, ...counts },
  });
  return recovery;
}

/** Ends a hold as its owner's release would: whoever commits it later is told that it is gone. */
function endHold(books: StoreBooks, holdId: HoldId, cause: Cause, hand: Hand): void {
  const existing = books.holds.find(holdId);
  if (existing !== undefined) writeHoldStep(books, releaseHold(existing, existing), cause, hand);
}
