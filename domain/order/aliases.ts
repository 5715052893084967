import type { OrderStatus } from './transitions.ts';

/** The names that other systems use for the same status. */
export interface StatusAliases {
  /** As a fulfilment system says it: eight words, lower case. */
  readonly fulfilment: FulfilmentStatus;
  /** As a delivery marketplace says it: the store's acceptance and the courier's steps are words of their own. */
  readonly marketplace: MarketplaceStatus;
}
export type FulfilmentStatus =
  | 'pending'
  | 'confirmed'
  | 'assigned'
  | 'preparing'
  | 'ready_for_pickup'
  | 'out_for_delivery'
  | 'delivered'
  | 'cancelled';
export type MarketplaceStatus =
  | 'PENDING'
  | 'ACCEPTED'
  | 'PREPARING'
  | 'READY'
  | 'ASSIGNED'
  | 'PICKED'
  | 'OUT_FOR_DELIVERY'
  | 'DELIVERED'
  | 'COMPLETE'
  | 'CANCELLED';

const ALIASES = {
  PENDING: { fulfilment: 'pending', marketplace: 'PENDING' },
  CONFIRMED: { fulfilment: 'confirmed', marketplace: 'PENDING' },
  ASSIGNED_TO_STORE: { fulfilment: 'assigned', marketplace: 'PENDING' },
  PICKING: { fulfilment: 'preparing', marketplace: 'PREPARING' },
  PACKED: { fulfilment: 'ready_for_pickup', marketplace: 'READY' },
  ASSIGNED_TO_PARTNER: { fulfilment: 'ready_for_pickup', marketplace: 'ASSIGNED' },
  PICKED_UP: { fulfilment: 'out_for_delivery', marketplace: 'PICKED' },
  IN_TRANSIT: { fulfilment: 'out_for_delivery', marketplace: 'OUT_FOR_DELIVERY' },
  DELIVERED: { fulfilment: 'delivered', marketplace: 'DELIVERED' },
  CLOSED: { fulfilment: 'delivered', marketplace: 'COMPLETE' },
  CANCELLED: { fulfilment: 'cancelled', marketplace: 'CANCELLED' },
  // The payment's own status says that the money went back.
  REFUNDED: { fulfilment: 'cancelled', marketplace: 'CANCELLED' },
} as const satisfies Record<OrderStatus, StatusAliases>;

/** `storeAccepted`: the store said yes. A marketplace calls that ACCEPTED, before any picking. */
export function statusAliases(status: OrderStatus, storeAccepted: boolean): StatusAliases {
  if (status === 'ASSIGNED_TO_STORE' && storeAccepted) return { ...ALIASES[status], marketplace: 'ACCEPTED' };
  return ALIASES[status];
}
