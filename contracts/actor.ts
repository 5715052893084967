import type { ChannelId, CourierId, OpId, StoreId, UserId, ZoneId } from '../domain/shared/ids.ts';

/** Who acts. An id is no capability: the object that is called decides what this actor may do there. */
export type Actor =
  | { readonly kind: 'customer'; readonly userId: UserId }
  | { readonly kind: 'staff'; readonly userId: UserId; readonly storeId: StoreId }
  | { readonly kind: 'courier'; readonly userId: UserId; readonly courierId: CourierId; readonly zoneId: ZoneId }
  | { readonly kind: 'operator'; readonly userId: UserId }
  /** Another seller of the store's goods, by its key: a marketplace, a kiosk. */
  | { readonly kind: 'channel'; readonly channelId: ChannelId }
  /** Another object of the platform, by its own id. Only `durable/` makes one. */
  | { readonly kind: 'object'; readonly object: ObjectName; readonly id: string };
/** Whoever calls from outside: a person by a session, an operator or another seller by a key. */
export type Caller = Exclude<Actor, { readonly kind: 'object' }>;
export type ObjectName = 'store' | 'order' | 'courier' | 'zone' | 'session' | 'customer';

/** The version of the RPC payloads; an object takes this one and the one before. */
export const RPC_VERSION = 1;

/** What every mutating call carries. The same opId and body get the same answer for 30 days. */
export interface Command {
  readonly v: number;
  readonly actor: Actor;
  readonly opId: OpId;
  /** W3C trace context, carried on into events. */
  readonly traceparent?: string;
}

/** Names an actor in histories and events: kind and id, nothing personal. */
export function actorId(actor: Actor): string {
  switch (actor.kind) {
    case 'courier':
      return actor.courierId;
    case 'object':
      return actor.id;
    case 'channel':
      return actor.channelId;
    case 'customer':
    case 'staff':
    case 'operator':
      return actor.userId;
  }
}
