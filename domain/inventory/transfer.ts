import type { StoreId, TransferId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { sameBasket } from './basket-lines.ts';
import type { BasketLine } from './basket-lines.ts';
import type { MovementKind } from './ledger.ts';
import type { LotMovement } from './lot-effects.ts';
import { arrivedLots, linesByLot, missingLots } from './transfer-lots.ts';
import type { TransferLot } from './transfer-lots.ts';

// A transfer is two records, one in each store. The units leave the origin's ledger when they are sent and are then in transit:
// the destination alone decides how that ends, received or closed, exactly once, and the origin follows what it is told.

interface Sent {
  readonly transferId: TransferId;
  readonly toStoreId: StoreId;
  /** What was put on the van: a basket, merged and in order. */
  readonly lines: readonly BasketLine[];
  /** The lots that its units are of, where the origin knows them. */
  readonly lots: readonly TransferLot[];
}
/** A transfer at its origin. */
export type Outgoing = Sent &
  (
    | { readonly status: 'IN_TRANSIT' | 'CANCELLING' | 'CANCELLED' }
    /** `received`: what the destination found on the van; the rest was lost on the way. */
    | { readonly status: 'RECEIVED'; readonly received: readonly BasketLine[] }
  );
export type OutgoingStatus = Outgoing['status'];

interface Announced {
  readonly transferId: TransferId;
  readonly fromStoreId: StoreId;
  /** Empty when the origin called it off before it was announced. */
  readonly lines: readonly BasketLine[];
  readonly lots: readonly TransferLot[];
}
/** A transfer at its destination. */
export type Incoming = Announced &
  (
    | { readonly status: 'EXPECTED' | 'CLOSED' }
    | { readonly status: 'RECEIVED'; readonly received: readonly BasketLine[] }
  );
export type IncomingStatus = Incoming['status'];

/** How it ended at the destination. */
export type TransferEnd =
  | { readonly outcome: 'RECEIVED'; readonly received: readonly BasketLine[] }
  | { readonly outcome: 'CLOSED' };

/** The record as it is now and the movements that made it so; `changed` is false for a message that came again. */
export interface TransferStep<T> {
  readonly transfer: T;
  readonly changed: boolean;
  readonly movements: readonly LotMovement[];
}

export interface TransferIdReused {
  readonly code: 'TRANSFER_ID_REUSED';
}
export interface TransferAtStep {
  readonly code: 'TRANSFER_STATE';
  readonly status: OutgoingStatus | IncomingStatus;
}
export interface MoreThanSent {
  readonly code: 'MORE_THAN_SENT';
  readonly line: BasketLine;
  readonly sentUnits: number;
}

/** At the origin: the van is loaded. */
export function sendTransfer(
  existing: Outgoing | undefined,
  sent: Sent,
): Result<TransferStep<Outgoing>, TransferIdReused> {
  if (existing === undefined) {
    return ok(step({ ...sent, status: 'IN_TRANSIT' }, moveAll('transferred_out', sent)));
  }
  const same = existing.toStoreId === sent.toStoreId && sameBasket(existing.lines, sent.lines);
  return same ? ok(unchanged(existing)) : err({ code: 'TRANSFER_ID_REUSED' });
}

/** At the origin: the van is to come back. It asks; whether that is still possible is the destination's to say. */
export function cancelTransfer(existing: Outgoing): Result<TransferStep<Outgoing>, TransferAtStep> {
  switch (existing.status) {
    case 'IN_TRANSIT':
      return ok(step({ ...existing, status: 'CANCELLING' }));
    case 'CANCELLING':
    case 'CANCELLED':
      return ok(unchanged(existing));
    case 'RECEIVED':
      return err({ code: 'TRANSFER_STATE', status: existing.status });
  }
}

/** At the destination: a van is on its way. */
export function expectTransfer(existing: Incoming | undefined, announced: Announced): TransferStep<Incoming> {
  return existing === undefined ? step({ ...announced, status: 'EXPECTED' }) : unchanged(existing);
}

/** At the destination: what was on the van. A line that is not named came with nothing. */
export function receiveTransfer(
  existing: Incoming,
  received: readonly BasketLine[],
): Result<TransferStep<Incoming>, TransferAtStep | MoreThanSent> {
  if (existing.status === 'RECEIVED' && sameBasket(existing.received, received)) return ok(unchanged(existing));
  if (existing.status !== 'EXPECTED') return err({ code: 'TRANSFER_STATE', status: existing.status });
  const sent = unitsBySku(existing.lines);
  const over = received.find(({ sku, quantity }) => quantity > (sent.get(sku) ?? 0));
  if (over !== undefined) return err({ code: 'MORE_THAN_SENT', line: over, sentUnits: sent.get(over.sku) ?? 0 });
  const arrived = { lines: received, lots: arrivedLots(existing.lots, received) };
  return ok(step({ ...existing, status: 'RECEIVED', received }, moveAll('transferred_in', arrived)));
}

/** At the destination: the origin wants it back. One that was never announced is remembered, so that it stays closed. */
export function closeTransfer(
  existing: Incoming | undefined,
  named: Pick<Announced, 'transferId' | 'fromStoreId'>,
): TransferStep<Incoming> {
  if (existing === undefined) return step({ ...named, lines: [], lots: [], status: 'CLOSED' });
  return existing.status === 'EXPECTED' ? step({ ...existing, status: 'CLOSED' }) : unchanged(existing);
}

/** At the origin: how it ended. The first word is the last: a destination says one thing only. */
export function settleTransfer(existing: Outgoing, end: TransferEnd): TransferStep<Outgoing> {
  if (existing.status === 'RECEIVED' || existing.status === 'CANCELLED') return unchanged(existing);
  if (end.outcome === 'RECEIVED') return step({ ...existing, status: 'RECEIVED', received: end.received });
  return step({ ...existing, status: 'CANCELLED' }, moveAll('transferred_in', existing));
}

/** Units that left the origin and came neither to the destination nor back, by SKU: the loss, named. */
export function lostLines(transfer: Outgoing | Incoming): readonly BasketLine[] {
  if (transfer.status !== 'RECEIVED') return [];
  const received = unitsBySku(transfer.received);
  return transfer.lines
    .map(({ sku, quantity }) => ({ sku, quantity: quantity - (received.get(sku) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

/** Lots of which units were lost on the way, with how many. */
export function lostLots(transfer: Outgoing | Incoming): readonly TransferLot[] {
  return transfer.status === 'RECEIVED' ? missingLots(transfer.lots, transfer.received) : [];
}

export function unitsIn(lines: readonly BasketLine[]): number {
  return lines.reduce((units, { quantity }) => units + quantity, 0);
}

function unitsBySku(lines: readonly BasketLine[]): Map<string, number> {
  return new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
}

function moveAll(kind: MovementKind, { lines, lots }: Pick<Sent, 'lines' | 'lots'>): LotMovement[] {
  return linesByLot(lines, lots).map((units) => ({ kind, ...units }));
}

function step<T>(transfer: T, movements: readonly LotMovement[] = []): TransferStep<T> {
  return { transfer, changed: true, movements };
}

function unchanged<T>(transfer: T): TransferStep<T> {
  return { transfer, changed: false, movements: [] };
}
