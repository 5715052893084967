import { invariant } from '../shared/assert.ts';
import type { LotId, OrderId, Sku } from '../shared/ids.ts';
import type { StockLevel } from './stock-level.ts';

/** EXPIRED: past its sell-by. RECALLED: called back, whatever its date; a recall is never taken back. */
export type LotStatus = 'OPEN' | 'EXPIRED' | 'RECALLED';

/** One batch of a SKU, as printed on its case. */
export interface Lot {
  readonly sku: Sku;
  readonly lotId: LotId;
  /** `null`: the goods carry no date. */
  readonly bestBeforeMs: number | null;
  /** From then on no customer gets it: its best-before, less the life that a customer must still get. */
  readonly sellByMs: number | null;
  readonly status: LotStatus;
  /** Units that ever came in. */
  readonly received: number;
  /** Units in the store that nobody has picked: for sale, promised or set aside. */
  readonly onShelf: number;
  /** Those of them that `blocked` of the SKU's level counts. */
  readonly blocked: number;
}

/** What lies on the shelf of one SKU. Units of the level that no lot accounts for are of no known lot. */
export interface Shelf {
  readonly level: StockLevel;
  /** Every lot that has units there; others may be missing. */
  readonly lots: readonly Lot[];
}

/** Units of a lot that an order got. */
export interface OrderLot {
  readonly orderId: OrderId;
  readonly sku: Sku;
  readonly lotId: LotId;
  /** 0 once all of them came back. */
  readonly quantity: number;
}

/** Units of one lot, or of no known one. */
export interface LotUnits {
  readonly lotId?: LotId;
  /** 1 or more. */
  readonly quantity: number;
}

export function newLot(sku: Sku, lotId: LotId): Lot {
  return { sku, lotId, bestBeforeMs: null, sellByMs: null, status: 'OPEN', received: 0, onShelf: 0, blocked: 0 };
}

/** Units of a lot that `blocked` does not count. */
export function freeUnits({ onShelf, blocked }: Lot): number {
  return onShelf - blocked;
}

/** Units in the store that nobody has picked. */
export function shelfUnits({ available, blocked, held, allocated }: StockLevel): number {
  return available + blocked + held + allocated;
}

/** Units of closed lots that are not blocked yet because they were promised before: none of them may be promised again. */
export function owedUnits(lots: readonly Lot[]): number {
  return lots.reduce((units, lot) => units + (lot.status === 'OPEN' ? 0 : freeUnits(lot)), 0);
}

/** First expired, first out; what carries no date comes after what does. */
export function byExpiry(a: Lot, b: Lot): number {
  const order = (a.sellByMs ?? Infinity) - (b.sellByMs ?? Infinity);
  if (order !== 0 && !Number.isNaN(order)) return order;
  return a.lotId < b.lotId ? -1 : 1;
}

/** Units of no known lot, told apart by whether they are surely not among the blocked ones. */
function untracked({ level, lots }: Shelf): { readonly sellable: number; readonly doubtful: number } {
  const units = shelfUnits(level) - lots.reduce((sum, { onShelf }) => sum + onShelf, 0);
  invariant(units >= 0, `lots of ${lots[0]?.sku ?? 'a SKU'} have more units than its shelf`);
  const sellable = Math.max(0, units - blockedOfNoLot({ level, lots }));
  return { sellable, doubtful: units - sellable };
}

/** Blocked units that were blocked as the SKU's, not as a lot's. */
export function blockedOfNoLot({ level, lots }: Shelf): number {
  return level.blocked - lots.reduce((units, lot) => units + lot.blocked, 0);
}

/**
 * Which units a picker takes: first expired, first out over the open lots, then units of no known lot, whose age nobody
 * knows and which run no risk of passing a known date. `quantity` less what is answered is what the shelf does not have.
 */
export function lotsToPick(shelf: Shelf, quantity: number, nowMs: number): readonly LotUnits[] {
  const open = shelf.lots.filter((lot) => isSellable(lot, nowMs)).toSorted(byExpiry);
  return draw(quantity, [...open.map(fromFree), { units: untracked(shelf).sellable }]);
}

/** Units that a picker may take: those that can be promised, whoever they are promised to. */
export function pickableUnits(shelf: Shelf, nowMs: number): number {
  const open = shelf.lots.filter((lot) => isSellable(lot, nowMs));
  return open.reduce((units, lot) => units + freeUnits(lot), untracked(shelf).sellable);
}

export function isSellable({ status, sellByMs }: Lot, nowMs: number): boolean {
  return status === 'OPEN' && (sellByMs === null || sellByMs > nowMs);
}

/**
 * Whose units left the shelf. Picked goods are chosen as `lotsToPick` says; when only closed lots have any left, it was one
 * of theirs. What is lost was nobody's choice: first units of no known lot, so that no lot is thought smaller than it may
 * be, then what closed lots have unblocked, which nobody was to be given anyway.
 */
export function drawUnits(shelf: Shelf, quantity: number, how: 'PICKED' | 'LOST'): readonly LotUnits[] {
  const lots = shelf.lots.toSorted(byExpiry);
  const open = lots.filter(({ status }) => status === 'OPEN').map(fromFree);
  const closed = lots.filter(({ status }) => status !== 'OPEN').map(fromFree);
  const { sellable, doubtful } = untracked(shelf);
  const sources =
    how === 'PICKED' ? [...open, { units: sellable }, ...closed] : [{ units: sellable }, ...closed, ...open];
  return draw(quantity, [...sources, { units: doubtful }]);
}

/** Whose units left the blocked ones: first those blocked as the SKU's, then those of lots, closed ones before open ones. */
export function drawBlocked(
  shelf: Shelf,
  quantity: number,
): { readonly free: readonly LotUnits[]; readonly blocked: readonly LotUnits[] } {
  const lots = shelf.lots.toSorted(byExpiry);
  const { sellable, doubtful } = untracked(shelf);
  const ofNoLot = Math.min(quantity, blockedOfNoLot(shelf));
  const closedFirst = [
    ...lots.filter(({ status }) => status !== 'OPEN'),
    ...lots.filter(({ status }) => status === 'OPEN'),
  ];
  return {
    free: draw(ofNoLot, [{ units: doubtful }, { units: sellable }, ...closedFirst.map(fromFree)]),
    blocked: draw(
      quantity - ofNoLot,
      closedFirst.map(({ lotId, blocked }) => ({ lotId, units: blocked })),
    ),
  };
}

/** Where units may come from. */
interface Source {
  readonly lotId?: LotId;
  readonly units: number;
}
function fromFree(lot: Lot): Source {
  return { lotId: lot.lotId, units: freeUnits(lot) };
}

/** As much of `quantity` as the sources have, in their order. */
export function draw(quantity: number, sources: readonly Source[]): readonly LotUnits[] {
  const drawn: LotUnits[] = [];
  let left = quantity;
  for (const { lotId, units } of sources) {
    const taken = Math.min(left, units);
    if (taken <= 0) continue;
    left -= taken;
    const last = drawn.at(-1);
    if (last !== undefined && last.lotId === lotId)
      drawn[drawn.length - 1] = { ...last, quantity: last.quantity + taken };
    else drawn.push(lotId === undefined ? { quantity: taken } : { lotId, quantity: taken });
  }
  return drawn;
}

/** What of closed lots can be blocked now: as many of the units that are owed as are for sale. */
export function toBlock({ level, lots }: Shelf): readonly { readonly lot: Lot; readonly quantity: number }[] {
  const closed = lots.filter(({ status }) => status !== 'OPEN').toSorted(byExpiry);
  const drawn = new Map(draw(level.available, closed.map(fromFree)).map(({ lotId, quantity }) => [lotId, quantity]));
  return closed.flatMap((lot) => {
    const quantity = drawn.get(lot.lotId);
    return quantity === undefined ? [] : [{ lot, quantity }];
  });
}

/** What is wrong with a shelf whose movements were all followed: nothing, ever. For the auditor and for tests. */
export function shelfFault(shelf: Shelf): string | undefined {
  const { level, lots } = shelf;
  if (lots.some((lot) => lot.blocked < 0 || lot.blocked > lot.onShelf))
    return 'a lot has more units blocked than it has';
  if (lots.reduce((units, { onShelf }) => units + onShelf, 0) > shelfUnits(level))
    return 'lots have more units than the shelf';
  if (blockedOfNoLot(shelf) < 0) return 'lots have more units blocked than the SKU';
  return undefined;
}
