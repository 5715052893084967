import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { isSellable, pickableUnits, shelfFault, toBlock } from '../../../domain/inventory/lots.ts';
import type { Lot, LotStatus, Shelf } from '../../../domain/inventory/lots.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { raiseDiscrepancy } from '../counts/discrepancy-recovery.ts';
import { blockOf } from './lot-rows.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { stopSale } from '../ledger/quarantine.ts';
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

/**
 * Blocks what closed lots of these SKUs have for sale. Where more than the rest of the shelf was promised, someone gives way first.
 * A shelf that does not add up holds up no other: it is stopped, and whoever lifts that has its closed lots set aside.
 */
export function withhold(books: StoreBooks, skus: readonly Sku[], cause: Cause, hand: Hand): void {
  const shelves = trusted(books, soundShelves(books, skus, hand.atMs), hand.atMs);
  block(books, [...shelves.keys()], cause, hand);
  for (const [sku, shelf] of shelves) {
    if (shortfallOf(shelf, hand.atMs) > 0) giveWay(books, sku, cause, hand);
  }
}

/** The shelves of those of the SKUs whose lots agree with their level. */
function soundShelves(books: StoreBooks, skus: readonly Sku[], nowMs: number): ReadonlyMap<Sku, Shelf> {
  const stopped = new Set(books.auditing.quarantined());
  const shelves = [...shelvesOf(books, skus)].filter(([sku]) => !stopped.has(sku));
  const faulty = new Set(shelves.flatMap(([sku, shelf]) => (shelfFault(shelf) === undefined ? [] : [sku])));
  if (faulty.size > 0) {
    const found = books.auditing.wrongLots().filter(({ sku }) => faulty.has(sku));
    stopSale(books, found, nowMs);
  }
  return new Map(shelves.filter(([sku]) => !faulty.has(sku)));
}

/** Without those that promised too much and whose holds and tasks keep other units than their level says: none could give them up. */
function trusted(books: StoreBooks, shelves: ReadonlyMap<Sku, Shelf>, nowMs: number): ReadonlyMap<Sku, Shelf> {
  const short = new Set([...shelves].flatMap(([sku, shelf]) => (shortfallOf(shelf, nowMs) > 0 ? [sku] : [])));
  if (short.size === 0) return shelves;
  const found = books.auditing.wrongParts().filter(({ sku, what }) => what !== 'picked' && short.has(sku));
  stopSale(books, found, nowMs);
  const doubted = new Set(found.map(({ sku }) => sku));
  return new Map([...shelves].filter(([sku]) => !doubted.has(sku)));
}

/** The shelf is read anew: a basket that ended for another SKU may have freed units of this one. */
function giveWay(books: StoreBooks, sku: Sku, cause: Cause, hand: Hand): void {
  const shelf = shelvesOf(books, [sku]).get(sku);
  const shortfall = shelf === undefined ? 0 : shortfallOf(shelf, hand.atMs);
  if (shelf !== undefined && shortfall > 0) {
    const expected = promisedUnits(shelf);
    const found = { sku, source: 'LOT', expected, counted: expected - shortfall, shortfall } as const;
    raiseDiscrepancy(books, found, cause, hand);
  }
  block(books, [sku], cause, hand);
}

function promisedUnits({ level: { held, allocated } }: Shelf): number {
  return held + allocated;
}

/** Units that were promised and may not be sold any more. */
function shortfallOf(shelf: Shelf, nowMs: number): number {
  return Math.max(0, promisedUnits(shelf) - pickableUnits(shelf, nowMs));
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
