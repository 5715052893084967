import type { ListMovements, LotTrace, MovementPage, TraceLot } from '../../contracts/rpc/store-goods.ts';
import { traceOf } from './lot-commands.ts';
import type { StoreBooks } from './store-books.ts';

/** The history of a SKU, newest first, page by page. */
export function listMovements({ history }: StoreBooks, { sku, before, limit }: ListMovements): MovementPage {
  // One more than is told says whether there are more.
  const movements = history.before(sku, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const told = movements.slice(0, limit);
  return { movements: told, nextBefore: movements.length > told.length ? (told.at(-1)?.sequence ?? null) : null };
}

export function traceLot(books: StoreBooks, { sku, lotId, after }: TraceLot): LotTrace | null {
  const lot = books.lots.find(sku, lotId);
  return lot === undefined ? null : traceOf(books, lot, after ?? '');
}
