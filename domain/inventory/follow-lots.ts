import { invariant } from '../shared/assert.ts';
import type { Sku } from '../shared/ids.ts';
import { applyMovement } from './ledger.ts';
import type { Account } from './ledger.ts';
import { effectOf } from './lot-effects.ts';
import type { LotChange, LotMovement } from './lot-effects.ts';
import { freeUnits, newLot } from './lots.ts';
import type { Lot, LotUnits, OrderLot, Shelf } from './lots.ts';
import { NO_STOCK } from './stock-level.ts';

/** What is known of the SKUs that move: every lot with units on the shelf, named, or got by one of the orders; and what they got. */
export interface KnownLots {
  readonly lots: readonly Lot[];
  readonly orderLots: readonly OrderLot[];
}

export interface LotStep<M extends LotMovement> {
  /** The movements, split where their units are of several lots. */
  readonly movements: readonly M[];
  /** Lots, and orders' lots, that are other than before. */
  readonly lots: readonly Lot[];
  readonly orderLots: readonly OrderLot[];
  /** Units that came to lots which are closed: `lots` has them as blocked already, and so must the ledger after the movements. */
  readonly toBlock: readonly { readonly lot: Lot; readonly quantity: number }[];
}

/** A shelf, and what orders got from it. */
interface TrackedShelf extends Shelf {
  readonly orderLots: readonly OrderLot[];
}

/**
 * The lots follow the ledger: each movement is told apart by lot, and every lot knows afterwards how many units it still has
 * on the shelf. A movement that the ledger refuses changes no lot: posting it says so.
 */
export function followLots<M extends LotMovement>(
  accounts: ReadonlyMap<Sku, Account>,
  known: KnownLots,
  movements: readonly M[],
): LotStep<M> {
  const before = shelvesOf(accounts, known, movements);
  const after = new Map(before);
  const told = movements.flatMap((movement) => {
    const shelf = after.get(movement.sku);
    invariant(shelf !== undefined, `${movement.sku} has no shelf`);
    const { parts, ...next } = follow(shelf, movement);
    after.set(movement.sku, next);
    return split(movement, parts);
  });
  const toBlock = [...after].flatMap(([sku, shelf]) => arrivedClosed(before.get(sku)?.lots ?? [], shelf));
  for (const { lot, quantity } of toBlock) {
    const shelf = after.get(lot.sku);
    if (shelf !== undefined) {
      after.set(lot.sku, { ...shelf, lots: changeLot(shelf.lots, lot.sku, { lotId: lot.lotId, blocked: quantity }) });
    }
  }
  const unchanged = new Set<Lot | OrderLot>([...known.lots, ...known.orderLots]);
  const shelves = [...after.values()];
  return {
    movements: told,
    lots: shelves.flatMap(({ lots }) => lots.filter((lot) => !unchanged.has(lot))),
    orderLots: shelves.flatMap(({ orderLots }) => orderLots.filter((orderLot) => !unchanged.has(orderLot))),
    toBlock,
  };
}

function arrivedClosed(before: readonly Lot[], { level, lots }: Shelf): LotStep<LotMovement>['toBlock'] {
  let { available } = level;
  return lots.flatMap((lot) => {
    const gained = lot.onShelf - (before.find(({ lotId }) => lotId === lot.lotId)?.onShelf ?? 0);
    const quantity = Math.min(available, gained, freeUnits(lot));
    if (lot.status === 'OPEN' || quantity <= 0) return [];
    available -= quantity;
    return [{ lot, quantity }];
  });
}

function shelvesOf(
  accounts: ReadonlyMap<Sku, Account>,
  known: KnownLots,
  movements: readonly LotMovement[],
): Map<Sku, TrackedShelf> {
  const lots = Map.groupBy(known.lots, ({ sku }) => sku);
  const orderLots = Map.groupBy(known.orderLots, ({ sku }) => sku);
  return new Map(
    movements.map(({ sku }) => [
      sku,
      {
        level: accounts.get(sku)?.level ?? NO_STOCK,
        lots: lots.get(sku) ?? [],
        orderLots: orderLots.get(sku) ?? [],
      },
    ]),
  );
}

function follow(shelf: TrackedShelf, movement: LotMovement): TrackedShelf & { readonly parts: readonly LotUnits[] } {
  const { sku, orderId } = movement;
  const level = applyMovement(shelf.level, movement);
  if (!level.ok) return { ...shelf, parts: [] };
  const got = shelf.orderLots.filter((orderLot) => orderLot.orderId === orderId);
  const { parts, changes } = effectOf(shelf, movement, got);
  return {
    level: level.value,
    lots: changes.reduce((lots, change) => changeLot(lots, sku, change), shelf.lots),
    orderLots: parts.reduce((orderLots, part) => changeOrderLot(orderLots, movement, part), shelf.orderLots),
    parts,
  };
}

function changeLot(lots: readonly Lot[], sku: Sku, change: LotChange): readonly Lot[] {
  const { lotId, received = 0, onShelf = 0, blocked = 0 } = change;
  const lot = lots.find((known) => known.lotId === lotId) ?? newLot(sku, lotId);
  const changed = {
    ...lot,
    received: lot.received + received,
    onShelf: lot.onShelf + onShelf,
    blocked: lot.blocked + blocked,
  };
  invariant(changed.blocked >= 0 && changed.blocked <= changed.onShelf, `lot ${lotId} of ${sku} has no such units`);
  return [...lots.filter((known) => known.lotId !== lotId), changed];
}

/** What an order picked it got, what came back it has no more. */
function changeOrderLot(
  orderLots: readonly OrderLot[],
  { kind, sku, orderId }: LotMovement,
  { lotId, quantity }: LotUnits,
): readonly OrderLot[] {
  if (lotId === undefined || orderId === undefined || (kind !== 'picked' && kind !== 'restocked')) return orderLots;
  const known = orderLots.find((orderLot) => orderLot.orderId === orderId && orderLot.lotId === lotId);
  const units = (known?.quantity ?? 0) + (kind === 'picked' ? quantity : -quantity);
  invariant(units >= 0, `order ${orderId} gives back more of lot ${lotId} of ${sku} than it got`);
  return [...orderLots.filter((orderLot) => orderLot !== known), { orderId, sku, lotId, quantity: units }];
}

/** One movement a lot, in the order of the parts; a correction's units stay below zero. */
function split<M extends LotMovement>(movement: M, parts: readonly LotUnits[]): M[] {
  const sign = Math.sign(movement.quantity);
  if (parts.length === 0 || (parts.length === 1 && parts[0]?.lotId === movement.lotId)) return [movement];
  return parts.map(({ lotId, quantity }) => ({
    ...movement,
    quantity: sign * quantity,
    ...(lotId !== undefined && { lotId }),
  }));
}
