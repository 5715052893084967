import type { OrderStatus } from './transitions.ts';

type Canceller = 'customer' | 'operator';

/**
 * Who may cancel at which status. A customer may until picking starts; an operator until pick-up, and after a delivery that
 * failed at the door.
 */
const MAY_CANCEL: { readonly [Status in OrderStatus]: readonly Canceller[] } = {
  PENDING: ['customer', 'operator'],
  CONFIRMED: ['customer', 'operator'],
  ASSIGNED_TO_STORE: ['customer', 'operator'],
  PICKING: ['operator'],
  PACKED: ['operator'],
  ASSIGNED_TO_PARTNER: ['operator'],
  PICKED_UP: [],
  IN_TRANSIT: ['operator'],
  DELIVERED: [],
  CLOSED: [],
  CANCELLED: [],
  REFUNDED: [],
};

export function mayCancel(kind: Canceller, status: OrderStatus): boolean {
  return MAY_CANCEL[status].includes(kind);
}
