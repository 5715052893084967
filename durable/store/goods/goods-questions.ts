import type { ListMovements, LotTrace, MovementPage, TraceLot } from '../../../contracts/rpc/store-goods.ts';
import type { AskStock, StockFurther, StockThen } from '../../../contracts/rpc/store-stock.ts';
import { traceOf } from './lot-commands.ts';
import type { StoreBooks } from '../store-books.ts';

/** The history of a SKU, newest first, page by page. */
export function listMovements({ history }: StoreBooks, { sku, before, limit }: ListMovements): MovementPage {
  return history.page(sku, { before: before ?? Number.MAX_SAFE_INTEGER, limit });
}

/** The stock of a SKU: as the store has it, or as it was at a past moment. */
export function askStock(
  { stock, past }: StoreBooks,
  { sku, asOfMs, from }: AskStock,
  nowMs: number,
): StockThen | StockFurther | null {
  const account = stock.accounts([sku]).get(sku);
  if (account === undefined) return null;
  if (asOfMs !== undefined) return past.asOf(sku, { asOfMs, nowMs, from });
  const { sequence, level } = account;
  return { sku, basis: 'MOMENT', asOfMs: nowMs, sequence, level };
}

export function traceLot(books: StoreBooks, { sku, lotId, after }: TraceLot): LotTrace | null {
  const lot = books.lots.find(sku, lotId);
  return lot === undefined ? null : traceOf(books, lot, after ?? '');
}
