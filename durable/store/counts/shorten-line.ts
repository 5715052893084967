import type { OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { StoreBooks } from '../store-books.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { showTask } from '../floor/task-announcements.ts';

/**
 * Takes units back from an order on the floor that the shelf does not have: the ledger's allocation goes, and the task's line is
 * done with so many fewer. The order learns what it got when the bags are packed, and is charged for no more.
 */
export function shortenLine(
  books: StoreBooks,
  { orderId, sku, quantity }: { readonly orderId: OrderId; readonly sku: Sku; readonly quantity: number },
  cause: Cause,
  hand: Hand,
): void {
  books.stock.postTo(because([{ kind: 'deallocated', sku, quantity }], { ...cause, orderId }), hand);
  books.queue.shorten(orderId, sku, quantity);
  const task = books.queue.find(orderId);
  if (task !== undefined) showTask(books, task);
}
