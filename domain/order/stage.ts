import { coarse, isCurrent } from '../dispatch/position.ts';
import type { Fix } from '../dispatch/position.ts';
import type { EtaStage } from '../promise/eta.ts';
import type { LatLng } from '../shared/geo.ts';
import { placedAtMs, promisedAtMs, promisedFromMs, quoteOf } from './order.ts';
import type { OrderState } from './order.ts';
import type { OrderStatus } from './transitions.ts';

/** What an ETA needs to know of an order at a status, with the courier's last position if there is one. */
export function etaStage(state: OrderState, status: OrderStatus, position: LatLng | null): EtaStage {
  const { drop } = state.terms;
  const { location: store, lines } = quoteOf(state);
  switch (status) {
    case 'PENDING':
    case 'CONFIRMED':
    case 'ASSIGNED_TO_STORE': {
      const times = { placedAtMs: promisedFromMs(state), promisedAtMs: promisedAtMs(state) };
      return { at: 'queued', ...times, lines: lines.length, store, drop };
    }
    case 'PICKING':
      return { at: 'picking', startedAtMs: lastReachedMs(state, 'PICKING'), lines: lines.length, store, drop };
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

function lastReachedMs(state: OrderState, status: OrderStatus): number {
  return state.steps.findLast((step) => step.status === status)?.atMs ?? placedAtMs(state);
}

/** Whether nobody is on the way any more: delivered, or never to be. */
export function isOver(status: OrderStatus): boolean {
  return status === 'DELIVERED' || status === 'CLOSED' || status === 'CANCELLED' || status === 'REFUNDED';
}

/** From pick-up to the door the customer sees where the courier is. */
function isCarried(status: OrderStatus): boolean {
  return status === 'PICKED_UP' || status === 'IN_TRANSIT';
}

/**
 * Where the courier is, as far as a watcher may know: a position that is not current is none; before pick-up it is for operators
 * alone, and coarse; after the door there is none.
 */
export function sightOf(status: OrderStatus, last: Fix | null, isOperator: boolean, nowMs: number): Fix | null {
  if (last === null || !isCurrent(last, nowMs)) return null;
  if (isCarried(status)) return last;
  return isOperator && !isOver(status) ? coarse(last) : null;
}
