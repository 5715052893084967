import type { ListMovements, LotTrace, MovementPage, TraceLot } from '../../../contracts/rpc/store-goods.ts';
import { traceOf } from './lot-commands.ts';
import type { StoreBooks } from '../store-books.ts';

/** The history of a SKU, newest first, page by page. */
export function listMovements({ history }: StoreBooks, { sku, before, limit }: ListMovements): MovementPage {
  return history.page(sku, { before: before ?? Number.MAX_SAFE_INTEGER, limit });
}

export function traceLot(books: StoreBooks, { sku, lotId, after }: TraceLot): LotTrace | null {
  const lot = books.lots.find(sku, lotId);
  return lot === undefined ? null : traceOf(books, lot, after ?? '');
}
