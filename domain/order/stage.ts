import type { EtaStage } from '../promise/eta.ts';
import type { LatLng } from '../shared/geo.ts';
import { promisedAtMs, quoteOf } from './order.ts';
import type { OrderState } from './order.ts';
import type { OrderStatus } from './transitions.ts';

/** What an ETA needs to know of an order at a status, with the courier's last position if there is one. */
export function etaStage(state: OrderState, status: OrderStatus, position: LatLng | null): EtaStage {
  const { drop } = state.terms;
  const store = quoteOf(state).location;
  switch (status) {
    case 'PENDING':
    case 'CONFIRMED':
    case 'ASSIGNED_TO_STORE':
    case 'PICKING':
      return { at: 'in_store', promisedAtMs: promisedAtMs(state) };
    case 'PACKED':
    case 'ASSIGNED_TO_PARTNER':
      return { at: 'ready', store, drop };
    case 'PICKED_UP':
    case 'IN_TRANSIT':
      return { at: 'riding', from: position ?? store, drop };
    case 'DELIVERED':
    case 'CLOSED':
    case 'CANCELLED':
    case 'REFUNDED':
      return { at: 'over' };
  }
}

/** Whether nobody is on the way any more: delivered, or never to be. */
export function isOver(status: OrderStatus): boolean {
  return status === 'DELIVERED' || status === 'CLOSED' || status === 'CANCELLED' || status === 'REFUNDED';
}

/** Whether the customer may see where the courier is: from pick-up to the door. */
export function isCourierVisible(status: OrderStatus): boolean {
  return status === 'PICKED_UP' || status === 'IN_TRANSIT';
}
