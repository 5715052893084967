import type { SetStockThreshold, StockThreshold } from '../../../contracts/rpc/store-counts.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { lowAt } from './demand-rows.ts';
import type { WatchedSku } from './demand-rows.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';

/** Inside the transaction of its command. */
export function setThreshold(
  books: StoreBooks,
  command: SetStockThreshold,
  nowMs: number,
): Result<StockThreshold, Refusal<'UNKNOWN_SKU'>> {
  const { sku, lowAtUnits, safetyUnits } = command;
  if (!books.stock.accounts([sku]).has(sku)) return err(unknownSkus([sku]));
  books.demand.setThreshold(sku, { lowAtUnits, safetyUnits });
  books.watch.look(new Map([[sku, 0]]), handOf(command, nowMs));
  return ok(thresholdOf({ sku, lowAtUnits, safetyUnits }));
}

export function thresholdOf(watched: Pick<WatchedSku, 'sku' | 'lowAtUnits' | 'safetyUnits'>): StockThreshold {
  const { sku, lowAtUnits, safetyUnits } = watched;
  return { sku, lowAtUnits: lowAt(watched), own: lowAtUnits !== null, safetyUnits };
}
