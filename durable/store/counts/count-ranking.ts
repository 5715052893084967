import type { ShelfRisk } from '../../../contracts/rpc/store-counts.ts';
import { riskOf } from '../../../domain/inventory/count-risk.ts';
import type { StoreBooks } from '../store-books.ts';

/** Every shelf without an open count, the most worth counting first. Reads all of them: for planning, not for the floor. */
export function rankShelves({ shelves }: StoreBooks, nowMs: number): ShelfRisk[] {
  const all = shelves.uncounted();
  const usualValueMinor = all.reduce((sum, { valueMinor }) => sum + valueMinor, 0) / Math.max(1, all.length);
  return all
    .map(({ sku, history, valueMinor }) => ({ sku, ...riskOf(history, { valueMinor, usualValueMinor, nowMs }) }))
    .toSorted((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1));
}
