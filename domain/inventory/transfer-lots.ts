import type { LotId, Sku } from '../shared/ids.ts';
import type { BasketLine } from './basket-lines.ts';
import { draw, drawUnits, newLot } from './lots.ts';
import type { Lot, LotUnits, Shelf } from './lots.ts';

/** Units of one lot on a van, with the date that the origin knows of it. */
export interface TransferLot {
  readonly sku: Sku;
  readonly lotId: LotId;
  /** `null`: the goods carry no date. */
  readonly bestBeforeMs: number | null;
  /** 1 or more. */
  readonly quantity: number;
}

/** Which lots are loaded: as a picker takes them, first expired, first out. Units of no known lot are in none of them. */
export function loadedLots(lines: readonly BasketLine[], shelves: ReadonlyMap<Sku, Shelf>): readonly TransferLot[] {
  return lines.flatMap(({ sku, quantity }) => {
    const shelf = shelves.get(sku);
    if (shelf === undefined) return [];
    return drawUnits(shelf, quantity, 'PICKED').flatMap((part) => {
      const lot = shelf.lots.find(({ lotId }) => lotId === part.lotId);
      return lot === undefined
        ? []
        : [{ sku, lotId: lot.lotId, bestBeforeMs: lot.bestBeforeMs, quantity: part.quantity }];
    });
  });
}

/**
 * Which of the lots that were sent arrived, when a receipt says so many units of each SKU. What is missing is taken to be of no
 * known lot first, then of the lots that last longest, those without a date before all others: so what is on the shelf is never
 * thought fresher than it may be, and no lot that arrived is thought smaller.
 */
export function arrivedLots(sent: readonly TransferLot[], received: readonly BasketLine[]): readonly TransferLot[] {
  const bySku = Map.groupBy(sent, ({ sku }) => sku);
  return received.flatMap(({ sku, quantity }) => {
    const lots = (bySku.get(sku) ?? []).toSorted(byBestBefore);
    const came = draw(
      quantity,
      lots.map((lot) => ({ lotId: lot.lotId, units: lot.quantity })),
    );
    return lots.flatMap((lot) => withUnits(lot, unitsOf(came, lot)));
  });
}

/** Lots that were sent and of which units did not arrive, with how many: by the rule of `arrivedLots`. */
export function missingLots(sent: readonly TransferLot[], received: readonly BasketLine[]): readonly TransferLot[] {
  const arrived = arrivedLots(sent, received);
  return sent.flatMap((lot) => {
    const came = arrived.find(({ sku, lotId }) => sku === lot.sku && lotId === lot.lotId)?.quantity ?? 0;
    return withUnits(lot, lot.quantity - came);
  });
}

/** The lines told apart by lot; the units of a line beyond its lots' come last, and are of no known one. */
export function linesByLot(
  lines: readonly BasketLine[],
  lots: readonly TransferLot[],
): readonly (BasketLine & { readonly lotId?: LotId })[] {
  const bySku = Map.groupBy(lots, ({ sku }) => sku);
  return lines.flatMap(({ sku, quantity }) => {
    const named = (bySku.get(sku) ?? []).map((lot) => ({ sku, lotId: lot.lotId, quantity: lot.quantity }));
    const rest = quantity - named.reduce((units, lot) => units + lot.quantity, 0);
    return rest > 0 ? [...named, { sku, quantity: rest }] : named;
  });
}

/**
 * The lot at the store that gets it; `known` is what that store had of it before. Where two stores were told two dates of one lot,
 * the earlier one stands: nobody gets it later than either says.
 */
export function lotThatCame(came: TransferLot, known: Lot | undefined, marginMs: number): Lot {
  const { sku, lotId, bestBeforeMs } = came;
  const lot = known ?? newLot(sku, lotId);
  if (bestBeforeMs === null || (lot.bestBeforeMs !== null && lot.bestBeforeMs <= bestBeforeMs)) return lot;
  return { ...lot, bestBeforeMs, sellByMs: bestBeforeMs - marginMs };
}

function byBestBefore(a: TransferLot, b: TransferLot): number {
  const order = (a.bestBeforeMs ?? Infinity) - (b.bestBeforeMs ?? Infinity);
  if (order !== 0 && !Number.isNaN(order)) return order;
  return a.lotId < b.lotId ? -1 : 1;
}

function unitsOf(parts: readonly LotUnits[], { lotId }: TransferLot): number {
  return parts.find((part) => part.lotId === lotId)?.quantity ?? 0;
}

function withUnits(lot: TransferLot, quantity: number): readonly TransferLot[] {
  return quantity > 0 ? [{ ...lot, quantity }] : [];
}
