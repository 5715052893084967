import { actorId } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { HoldStock, PromoteHold } from '../../contracts/rpc/store.ts';
import type { Hold } from '../../domain/inventory/hold.ts';
import { APP_CHANNEL } from '../../domain/inventory/sellable.ts';
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
  if (actor.kind === 'operator') return undefined;
  const own = actor.kind === 'channel' ? actor.channelId : APP_CHANNEL;
  if ((actor.kind === 'customer' || actor.kind === 'channel') && (channel ?? own) === own) return undefined;
  return refuse('FORBIDDEN', 'Carts are held by customers of our own shop, and by channels for themselves.');
}

/** Renewing and releasing: whoever may have made the hold; whose it is, is looked at with it. */
export function denyHolder(actor: Actor): Denied {
  if (actor.kind === 'customer' || actor.kind === 'channel') return undefined;
  return denyReservation(actor, null);
}

/** An order has its own hold, a customer or a channel the cart that nobody has ordered yet; operators may act on any. */
export function ownsHold(actor: Actor, hold: Hold): boolean {
  if (actor.kind === 'operator') return true;
  if (actor.kind === 'object') return actor.object === 'order' && hold.orderId === actor.id;
  return hold.kind === 'cart' && seesHold(actor, hold);
}

/** Whoever asked for a hold sees what became of it, also once an order has it. */
export function seesHold(actor: Actor, hold: Hold): boolean {
  if (actor.kind === 'customer' || actor.kind === 'channel') return hold.owner === actorId(actor);
  return ownsHold(actor, hold);
}

/** An order takes over the cart of the owner that it knows, and may ask again. */
export function mayPromote({ actor, orderId, owner }: PromoteHold, hold: Hold): boolean {
  if (actor.kind === 'operator') return true;
  return hold.orderId === null ? owner !== undefined && hold.owner === owner : hold.orderId === orderId;
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

/** To be on shift. */
export function denyPicking(actor: Actor, storeId: StoreId): Denied {
  if (pickerOf(actor, storeId) !== undefined) return undefined;
  return refuse('FORBIDDEN', 'Only staff of this store is on shift here.');
}

/** The floor: the picker, when this actor is one of this store's staff. */
function pickerOf(actor: Actor, storeId: StoreId): UserId | undefined {
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
