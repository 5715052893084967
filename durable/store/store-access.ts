import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { HoldStock } from '../../contracts/rpc/store.ts';
import type { FloorRole } from '../../domain/picking/claim.ts';
import type { OrderId, StoreId, UserId } from '../../domain/shared/ids.ts';

// Who may do what in a store. An id is no capability: each command is judged by its actor. `undefined` means yes.

type Denied = Refusal<'FORBIDDEN'> | undefined;

/** Reservations are an order's, for itself only; operators may act for any. */
export function denyReservation(actor: Actor, orderId: OrderId | null): Denied {
  if (actor.kind === 'operator') return undefined;
  const ownOrder = actor.kind === 'object' && actor.object === 'order' && (orderId === null || actor.id === orderId);
  return ownOrder ? undefined : refuse('FORBIDDEN', 'Only the order itself reserves and releases its stock.');
}

/** A basket: an order's own, or the cart of a customer or a channel. */
export function denyHold({ actor, kind, orderId, channel }: HoldStock): Denied {
  if (kind === 'order') return denyReservation(actor, orderId ?? null);
  if (actor.kind === 'channel' && channel !== undefined && channel !== actor.channelId) {
    return refuse('FORBIDDEN', 'A channel holds for itself only.');
  }
  if (actor.kind === 'customer' || actor.kind === 'channel' || actor.kind === 'operator') return undefined;
  return refuse('FORBIDDEN', 'Carts are held by customers, channels and operators.');
}

/** Goods in, catalogs and audits. */
export function denyOperation(actor: Actor): Denied {
  return actor.kind === 'operator' ? undefined : refuse('FORBIDDEN', 'Only operators do this.');
}

/** Goods on the floor: operators, and who works here. */
export function denyGoods(actor: Actor, storeId: StoreId): Denied {
  if (actor.kind === 'operator' || pickerOf(actor, storeId) !== undefined) return undefined;
  return refuse('FORBIDDEN', 'Only staff of this store and operators do this.');
}

/** The floor: the picker, when this actor is one of this store's staff. */
export function pickerOf(actor: Actor, storeId: StoreId): UserId | undefined {
  return actor.kind === 'staff' && actor.storeId === storeId ? actor.userId : undefined;
}

/** As what this actor works the floor: a picker, or the lead, who gives tasks to others; operators lead every floor. */
export function floorRoleOf(actor: Actor, storeId: StoreId): FloorRole | undefined {
  if (actor.kind === 'operator') return { lead: true };
  const pickerId = pickerOf(actor, storeId);
  return pickerId === undefined ? undefined : { pickerId };
}

/** The tablets' socket: who works here, and operators to watch. */
export function mayWatchFloor(actor: Actor, storeId: StoreId): boolean {
  return actor.kind === 'operator' || pickerOf(actor, storeId) !== undefined;
}
