import type { CourierId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { mayCancel } from './cancellation.ts';
import { countPicked, finalChargeMinor } from './charge.ts';
import { quoteOf } from './order.ts';
import type { OrderEvent, OrderState, OrderTerms, PickedLine } from './order.ts';
import { transition } from './transitions.ts';
import type { IllegalTransition, OrderStatus } from './transitions.ts';

/** Wrong delivery codes until only an operator can go on. */
export const DELIVERY_CODE_TRIES = 5;

export type OrderCommand =
  | { readonly do: 'place'; readonly terms: OrderTerms }
  | { readonly do: 'cancel'; readonly as: 'customer' | 'operator'; readonly reason: string }
  | {
      readonly do: 'report_pick';
      readonly step: 'accepted' | 'claimed' | 'packed' | 'handed_over';
      readonly picked?: readonly PickedLine[] | undefined;
    }
  | { readonly do: 'report_courier'; readonly step: 'accepted' | 'departed'; readonly courierId: CourierId }
  | {
      readonly do: 'prove_delivery';
      readonly courierId: CourierId;
      readonly code: string;
      readonly collectedMinor?: number | undefined;
    }
  | { readonly do: 'note_payment' };

export type OrderError =
  | IllegalTransition
  | { readonly code: 'ORDER_NOT_CANCELLABLE'; readonly status: OrderStatus }
  | { readonly code: 'NOT_ASSIGNED' }
  | { readonly code: 'DELIVERY_CODE_WRONG'; readonly triesLeft: number }
  | { readonly code: 'DELIVERY_CODE_LOCKED'; readonly tries: number }
  | { readonly code: 'CASH_MISCOUNTED'; readonly dueMinor: number };

/** Facts to write and the answer to give. A refusal can leave a fact too: a wrong code counts. */
export interface Decision {
  readonly events: readonly OrderEvent[];
  readonly answer: Result<null, OrderError>;
}

export function decide(state: OrderState | null, command: OrderCommand): Decision {
  if (command.do === 'place') return done(state === null ? [{ type: 'order.placed', ...command.terms }] : []);
  if (state === null) return done([]);
  switch (command.do) {
    case 'cancel':
      return cancel(state, command.as, command.reason);
    case 'report_pick':
      return reportPick(state, command);
    case 'report_courier':
      return command.step === 'accepted'
        ? courierAccepted(state, command.courierId)
        : departed(state, command.courierId);
    case 'prove_delivery':
      return proveDelivery(state, command);
    case 'note_payment':
      // Forward only: a notice that comes late, twice or out of order finds nothing pending and changes nothing.
      return done(state.payment.at === 'PENDING' ? [{ type: 'payment.noted' }] : []);
  }
}

function cancel(state: OrderState, as: 'customer' | 'operator', reason: string): Decision {
  const { status } = state;
  if (!mayCancel(as, status)) return refused({ code: 'ORDER_NOT_CANCELLABLE', status });
  if (status === 'IN_TRANSIT') return done([{ type: 'order.cancelled', code: 'DELIVERY_FAILED', reason }]);
  return done([{ type: 'order.cancelled', code: as === 'customer' ? 'BY_CUSTOMER' : 'BY_OPERATOR', reason }]);
}

function reportPick(state: OrderState, report: OrderCommand & { readonly do: 'report_pick' }): Decision {
  if (state.status === 'PENDING' && state.call?.step === 'commit') {
    // The floor works on it, so the commit went through: its answer is late or was lost.
    const assigned: OrderState = { ...state, status: 'ASSIGNED_TO_STORE', call: null };
    const { events, answer } = reportPick(assigned, report);
    return { events: [...COMMITTED, ...events], answer };
  }
  switch (report.step) {
    case 'accepted':
      if (state.storeAccepted) return done([]);
      return state.status === 'ASSIGNED_TO_STORE'
        ? done([{ type: 'store.accepted' }])
        : refused({ code: 'ILLEGAL_TRANSITION', from: state.status, to: 'ASSIGNED_TO_STORE' });
    case 'claimed':
      return moved(state, 'PICKING', [{ type: 'order.picking_started' }]);
    case 'packed': {
      const quote = quoteOf(state);
      const picked = countPicked(quote, report.picked);
      if (state.status === 'PICKING' && picked.every(({ quantity }) => quantity === 0)) {
        return done([{ type: 'order.cancelled', code: 'NOTHING_PICKED', reason: 'Nothing of the order was there.' }]);
      }
      return moved(state, 'PACKED', [{ type: 'order.ready', picked, finalMinor: finalChargeMinor(quote, picked) }]);
    }
    case 'handed_over':
      return moved(state, 'PICKED_UP', [{ type: 'order.picked_up' }]);
  }
}

const COMMITTED: readonly OrderEvent[] = [
  { type: 'stock.allocated' },
  { type: 'order.confirmed' },
  { type: 'order.assigned_to_store' },
];

/** The courier's object has decided; the order takes the first one it still needs and sends any other home. */
function courierAccepted(state: OrderState, courierId: CourierId): Decision {
  const { courier } = state;
  if (courier.at === 'ACCEPTED' && courier.courierId === courierId) return done([]);
  return done([{ type: courier.at === 'REQUESTED' ? 'courier.accepted' : 'courier.turned_away', courierId }]);
}

function departed(state: OrderState, courierId: CourierId): Decision {
  if (!isAssigned(state, courierId)) return refused({ code: 'NOT_ASSIGNED' });
  return moved(state, 'IN_TRANSIT', [{ type: 'order.departed' }]);
}

function proveDelivery(state: OrderState, proof: OrderCommand & { readonly do: 'prove_delivery' }): Decision {
  if (!isAssigned(state, proof.courierId)) return refused({ code: 'NOT_ASSIGNED' });
  const legal = transition(state.status, 'DELIVERED');
  if (!legal.ok) return refused(legal.error);
  if (state.codeRefusals >= DELIVERY_CODE_TRIES) {
    return refused({ code: 'DELIVERY_CODE_LOCKED', tries: DELIVERY_CODE_TRIES });
  }
  if (proof.code !== state.terms.deliveryCode) {
    const triesLeft = DELIVERY_CODE_TRIES - state.codeRefusals - 1;
    return { events: [{ type: 'delivery_code.refused' }], answer: err({ code: 'DELIVERY_CODE_WRONG', triesLeft }) };
  }
  const dueMinor = cashDueMinor(state);
  const collectedMinor = proof.collectedMinor ?? 0;
  if (collectedMinor !== dueMinor) return refused({ code: 'CASH_MISCOUNTED', dueMinor });
  return done([{ type: 'order.delivered', collectedMinor }]);
}

/** Cash to take at the door, minor units; 0 when the order is paid another way. */
export function cashDueMinor(state: OrderState): number {
  const { payment, packed } = state;
  if (payment.at !== 'AUTHORIZED' || !payment.onDelivery) return 0;
  return packed?.finalMinor ?? quoteOf(state).totalMinor;
}

function isAssigned({ courier }: OrderState, courierId: CourierId): boolean {
  return courier.at === 'ACCEPTED' && courier.courierId === courierId;
}

function moved(state: OrderState, to: OrderStatus, events: readonly OrderEvent[]): Decision {
  const legal = transition(state.status, to);
  return legal.ok ? done(events) : refused(legal.error);
}

function done(events: readonly OrderEvent[]): Decision {
  return { events, answer: ok(null) };
}

function refused(error: OrderError): Decision {
  return { events: [], answer: err(error) };
}
