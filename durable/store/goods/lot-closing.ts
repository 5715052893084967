import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { isSellable, pickableUnits, toBlock } from '../../../domain/inventory/lots.ts';
import type { Lot, LotStatus, Shelf } from '../../../domain/inventory/lots.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { raiseDiscrepancy } from '../counts/discrepancy-recovery.ts';
import { blockOf } from './lot-rows.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';

// Inside the transaction of whoever calls.

/** Lots that one ring of the store's clock closes; the rest follow in the next. */
const LOTS_PER_DEADLINE = 500;

/** The store's own clock: closes lots past their sell-by. Safe to ask early, late and twice. */
export function closePastSellBy(books: StoreBooks, nowMs: number): void {
  expire(books, books.lots.pastSellBy(nowMs, LOTS_PER_DEADLINE), nowMs);
  books.lots.watchSellBy(nowMs);
}

/**
 * To be called before anything of these SKUs is promised: the store's clock may be late, and a unit of a closed lot that had been
 * promised may have come back since. When there is nothing to do it costs one look at an index.
 */
export function withholdClosed(books: StoreBooks, skus: readonly Sku[], nowMs: number): void {
  const lots = books.lots.toWithhold(skus, nowMs);
  if (lots.length > 0) expire(books, lots, nowMs);
}

function expire(books: StoreBooks, lots: readonly Lot[], nowMs: number): void {
  const hand = { actor: storeActor(books.storeId), atMs: nowMs };
  const past = lots.filter((lot) => lot.status === 'OPEN' && !isSellable(lot, nowMs));
  closeLots(books, past, 'EXPIRED');
  withhold(books, [...new Set(lots.map(({ sku }) => sku))], { opId: asOpId(`sell-by:${nowMs}`) }, hand);
  for (const { sku, lotId, onShelf } of past) {
    books.outbox.announce({
      topic: STORE_EVENTS,
      type: 'lot.expired',
      subject: books.storeId,
      key: books.storeId,
      atMs: nowMs,
      data: { sku, lotId, shelfUnits: onShelf },
    });
  }
}

/** Marks lots as not to be sold any more; `withhold` keeps their units back. */
export function closeLots({ lots }: StoreBooks, closed: readonly Lot[], status: Exclude<LotStatus, 'OPEN'>): void {
  lots.save(closed.map((lot) => ({ ...lot, status })));
}

/** Blocks what closed lots of these SKUs have for sale. Where more than the rest of the shelf was promised, someone gives way first. */
export function withhold(books: StoreBooks, skus: readonly Sku[], cause: Cause, hand: Hand): void {
  block(books, skus, cause, hand);
  for (const [sku, shelf] of shelvesOf(books, skus)) {
    const { held, allocated } = shelf.level;
    const promised = held + allocated;
    const sellable = pickableUnits(shelf, hand.atMs);
    if (promised <= sellable) continue;
    const found = {
      sku,
      source: 'LOT',
      expected: promised,
      counted: sellable,
      shortfall: promised - sellable,
    } as const;
    raiseDiscrepancy(books, found, cause, hand);
    block(books, [sku], cause, hand);
  }
}

function block(books: StoreBooks, skus: readonly Sku[], { opId }: Cause, hand: Hand): void {
  const entries = [...shelvesOf(books, skus).values()].flatMap((shelf) =>
    toBlock(shelf).map(({ lot, quantity }) => blockOf(lot, quantity, opId)),
  );
  books.stock.postTo(entries, hand);
}

/** What lies on the shelf of each of these SKUs. */
export function shelvesOf({ stock, lots }: StoreBooks, skus: readonly Sku[]): Map<Sku, Shelf> {
  const accounts = stock.accounts(skus);
  const bySku = Map.groupBy(lots.onShelf(skus), ({ sku }) => sku);
  return new Map(skus.map((sku) => [sku, { level: accounts.get(sku)?.level ?? NO_STOCK, lots: bySku.get(sku) ?? [] }]));
}
