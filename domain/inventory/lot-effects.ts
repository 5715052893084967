import type { LotId, OrderId } from '../shared/ids.ts';
import type { Movement, MovementKind } from './ledger.ts';
import { byExpiry, draw, drawBlocked, drawUnits } from './lots.ts';
import type { Lot, LotUnits, OrderLot, Shelf } from './lots.ts';

/** A movement, with the lot where whoever made it knows which, and the order that its units are for. */
export type LotMovement = Movement & { readonly lotId?: LotId; readonly orderId?: OrderId };

/** Units by which a lot changes. */
export interface LotChange {
  readonly lotId: LotId;
  readonly received?: number;
  readonly onShelf?: number;
  readonly blocked?: number;
}

/** What a movement is to the lots: whose units it moves, and how these lots change. */
export interface LotEffect {
  /** Adds up to the movement's units. */
  readonly parts: readonly LotUnits[];
  readonly changes: readonly LotChange[];
}

/** Kinds that neither take units from the shelf nor put any on it: who they are kept for changes, not where they lie. */
const INDIFFERENT: ReadonlySet<MovementKind> = new Set([
  'held',
  'promoted',
  'released',
  'expired',
  'allocated',
  'deallocated',
  'shorted',
  'packed',
  'sold',
]);

/** Whether a movement can matter to lots at all. */
export function concernsLots({ kind }: Pick<Movement, 'kind'>): boolean {
  return !INDIFFERENT.has(kind);
}

/** The shelf is as it was before the movement. `got`: what the movement's order got of each lot so far. */
export function effectOf(shelf: Shelf, movement: LotMovement, got: readonly OrderLot[]): LotEffect {
  const { kind, lotId } = movement;
  const quantity = Math.abs(movement.quantity);
  const told = lotId === undefined ? undefined : [{ lotId, quantity }];
  switch (kind) {
    case 'received':
    case 'transferred_in':
      return arrived(movement, quantity);
    case 'adjusted':
    case 'counted':
      if (movement.quantity > 0) return put(told ?? [{ quantity }]);
      return gone(told ?? drawUnits(shelf, quantity, 'LOST'));
    case 'written_off':
      return gone(told ?? drawUnits(shelf, quantity, 'LOST'));
    case 'picked':
    case 'transferred_out':
      return gone(told ?? drawUnits(shelf, quantity, 'PICKED'));
    case 'restocked':
      return put(told ?? returned(shelf, quantity, got));
    case 'discarded':
      return discarded(shelf, movement);
    case 'blocked':
      return { parts: told ?? [{ quantity }], changes: lotId === undefined ? [] : [{ lotId, blocked: quantity }] };
    case 'unblocked':
      return unblocked(told ?? drawBlocked(shelf, quantity).blocked, quantity);
    // Who has the units changes, not where they lie.
    case 'held':
    case 'promoted':
    case 'released':
    case 'expired':
    case 'allocated':
    case 'deallocated':
    case 'shorted':
    case 'packed':
    case 'sold':
      return { parts: [{ quantity }], changes: [] };
  }
}

function arrived({ lotId }: LotMovement, quantity: number): LotEffect {
  if (lotId === undefined) return { parts: [{ quantity }], changes: [] };
  return { parts: [{ lotId, quantity }], changes: [{ lotId, received: quantity, onShelf: quantity }] };
}

function gone(parts: readonly LotUnits[]): LotEffect {
  return { parts, changes: ofLots(parts).map(({ lotId, quantity }) => ({ lotId, onShelf: -quantity })) };
}

function put(parts: readonly LotUnits[]): LotEffect {
  return { parts, changes: ofLots(parts).map(({ lotId, quantity }) => ({ lotId, onShelf: quantity })) };
}

/** Back to the lots that the order got, the first to expire first; what was of no known lot stays so. */
function returned({ lots }: Shelf, quantity: number, got: readonly OrderLot[]): readonly LotUnits[] {
  const sources = lots.toSorted(byExpiry).map(({ lotId }) => ({
    lotId,
    units: got.find((orderLot) => orderLot.lotId === lotId)?.quantity ?? 0,
  }));
  return draw(quantity, [...sources, { units: quantity }]);
}

/** What was blocked as the SKU's changes no lot. */
function unblocked(ofTheirs: readonly LotUnits[], quantity: number): LotEffect {
  const theirs = ofLots(ofTheirs);
  const left = quantity - theirs.reduce((units, part) => units + part.quantity, 0);
  return {
    parts: left > 0 ? [{ quantity: left }, ...theirs] : theirs,
    changes: theirs.map((part) => ({ lotId: part.lotId, blocked: -part.quantity })),
  };
}

function discarded(shelf: Shelf, { lotId, quantity }: LotMovement): LotEffect {
  if (lotId !== undefined) {
    const blocked = Math.min(quantity, lotOf(shelf, lotId)?.blocked ?? 0);
    return { parts: [{ lotId, quantity }], changes: [{ lotId, onShelf: -quantity, blocked: -blocked }] };
  }
  const { free, blocked } = drawBlocked(shelf, quantity);
  const changes = ofLots(blocked).map((part) => ({
    lotId: part.lotId,
    onShelf: -part.quantity,
    blocked: -part.quantity,
  }));
  return { parts: [...free, ...blocked], changes: [...gone(free).changes, ...changes] };
}

function lotOf({ lots }: Shelf, lotId: LotId): Lot | undefined {
  return lots.find((lot) => lot.lotId === lotId);
}

function ofLots(parts: readonly LotUnits[]): { readonly lotId: LotId; readonly quantity: number }[] {
  return parts.flatMap(({ lotId, quantity }) => (lotId === undefined ? [] : [{ lotId, quantity }]));
}
