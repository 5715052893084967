import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { afterNotFound, riskOf } from '../../../domain/inventory/count-risk.ts';
import { doubtedUnits } from '../../../domain/inventory/cycle-count.ts';
import type { OrderId, Sku } from '../../../domain/shared/ids.ts';
import { openCount } from './count-commands.ts';
import type { StoreBooks } from '../store-books.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';

export interface NotFoundReport {
  readonly sku: Sku;
  readonly cause: Cause;
  readonly hand: Hand;
  readonly orderId: OrderId | null;
  /** Units that the same command has moved from the order's allocation into `blocked` by `shorted`: they are in doubt as well. */
  readonly shortedUnits?: number;
}
export interface NotFoundOutcome {
  /** Units that were for sale and are not any more. */
  readonly blockedUnits: number;
  /** The count that will clear it up. */
  readonly countId: number;
}

/**
 * Someone stood before the shelf and it was not there. What else the ledger has for sale of it is sold to nobody until it is
 * counted, and the shelf goes to the top of the counts. Once for each operation, whoever repeats it.
 */
export function reportNotFound(
  books: StoreBooks,
  { sku, cause, hand, orderId, shortedUnits = 0 }: NotFoundReport,
): NotFoundOutcome {
  const { shelves, stock } = books;
  const { atMs } = hand;
  if (!shelves.addScan({ opId: cause.opId, sku, orderId, atMs })) {
    return { blockedUnits: 0, countId: openCount(books, sku, { reason: 'NOT_FOUND', risk: 0, atMs }).countId };
  }
  const blockedUnits = doubtedUnits(stock.accounts([sku]).get(sku)?.level.available ?? 0);
  if (blockedUnits > 0) {
    const entries = because([{ kind: 'blocked', sku, quantity: blockedUnits }], { ...cause, reason: 'IN_DOUBT' });
    stock.postTo(entries, hand);
  }
  if (blockedUnits + shortedUnits > 0) shelves.doubt(sku, blockedUnits + shortedUnits);
  const history = afterNotFound(shelves.history(sku), atMs);
  shelves.save(sku, history);
  const { score } = riskOf(history, { valueMinor: 0, usualValueMinor: 1, nowMs: atMs });
  const { countId } = openCount(books, sku, { reason: 'NOT_FOUND', risk: score, atMs });
  books.outbox.announce({
    topic: STORE_EVENTS,
    type: 'stock.not_found',
    subject: books.storeId,
    key: books.storeId,
    atMs,
    traceparent: hand.traceparent,
    data: { sku, blockedUnits: blockedUnits + shortedUnits, ...(orderId !== null && { orderId }) },
  });
  return { blockedUnits, countId };
}
