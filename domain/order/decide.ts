import type { CourierId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { mayCancel } from './cancellation.ts';
import { chargeFor, countPicked } from './charge.ts';
import { hasReached, quoteOf } from './order.ts';
import type { OrderEvent, OrderState, PickedLine } from './order.ts';
import { overweightQuestion } from './overweight.ts';
import { countSubstituted } from './substitution.ts';
import { transition } from './transitions.ts';
import type { IllegalTransition, OrderStatus } from './transitions.ts';

/** Wrong delivery codes until only an operator can go on. */
export const DELIVERY_CODE_TRIES = 5;

export interface NotCancellable {
  readonly code: 'ORDER_NOT_CANCELLABLE';
  readonly status: OrderStatus;
}
export interface NotAssigned {
  readonly code: 'NOT_ASSIGNED';
}
/** Facts to write and the answer to give. A refusal can leave a fact too: a wrong code counts. */
export interface Decision<E> {
  readonly events: readonly OrderEvent[];
  readonly answer: Result<null, E>;
}

export function cancel(
  state: OrderState,
  { as, reason }: { readonly as: 'customer' | 'operator'; readonly reason: string },
): Decision<NotCancellable> {
  const { status } = state;
  if (!mayCancel(as, status)) return refused({ code: 'ORDER_NOT_CANCELLABLE', status });
  if (status === 'IN_TRANSIT') return done([{ type: 'order.cancelled', code: 'DELIVERY_FAILED', reason }]);
  return done([{ type: 'order.cancelled', code: as === 'customer' ? 'BY_CUSTOMER' : 'BY_OPERATOR', reason }]);
}

export interface PickReport {
  readonly step: 'accepted' | 'rejected' | 'claimed' | 'packed' | 'handed_over';
  /** With `rejected`: why. */
  readonly reason?: string | undefined;
  /** With `packed`; everything that was ordered when absent. */
  readonly picked?: readonly PickedLine[] | undefined;
  /** With `packed`: of the bags; with `handed_over`: as scanned. None from a store that uses none. */
  readonly seals?: readonly string[] | undefined;
}

/** The store's floor moved the order on. */
export function reportPick(state: OrderState, report: PickReport, nowMs: number): Decision<IllegalTransition> {
  const { status, call } = state;
  if ((status === 'PENDING' || status === 'CONFIRMED') && call?.step === 'commit') {
    // The floor works on it, so the commit went through: its answer is late or was lost.
    const assigned: OrderState = { ...state, status: 'ASSIGNED_TO_STORE', call: null };
    const { events, answer } = reportPick(assigned, report, nowMs);
    return { events: [...COMMITTED[status], ...events], answer };
  }
  switch (report.step) {
    case 'accepted':
      if (state.storeAccepted) return done([]);
      return state.status === 'ASSIGNED_TO_STORE'
        ? done([{ type: 'store.accepted' }])
        : refused({ code: 'ILLEGAL_TRANSITION', from: state.status, to: 'ASSIGNED_TO_STORE' });
    case 'rejected':
      // Whoever cancelled it was faster; the store has let go of it either way.
      if (state.status === 'CANCELLED' || state.status === 'REFUNDED') return done([]);
      // Forward to CONFIRMED is the order's own step; back to it is from the store alone.
      return state.status === 'ASSIGNED_TO_STORE'
        ? done([{ type: 'order.rerouted', reason: report.reason ?? 'OTHER' }])
        : refused({ code: 'ILLEGAL_TRANSITION', from: state.status, to: 'CONFIRMED' });
    case 'claimed':
      return moved(state, 'PICKING', [{ type: 'order.picking_started' }]);
    case 'packed': {
      // The way back from a courier to PACKED is the order's own: what is in the bags is said once.
      if (state.packed !== null) return refused({ code: 'ILLEGAL_TRANSITION', from: state.status, to: 'PACKED' });
      const quote = quoteOf(state);
      const picked = countPicked(quote, report.picked);
      const substituted = countSubstituted(state, quote, picked, report.picked);
      const isEmpty = substituted.length === 0 && picked.every(({ quantity }) => quantity === 0);
      if (state.status === 'PICKING' && isEmpty) {
        return done([{ type: 'order.cancelled', code: 'NOTHING_PICKED', reason: 'Nothing of the order was there.' }]);
      }
      const bags = { picked, substitutions: state.substitutions, substituted };
      const charge = chargeFor(quote, picked, bags);
      const asking = overweightQuestion(state, quote, bags, nowMs);
      const instead = substituted.length === 0 ? {} : { substituted };
      return moved(state, 'PACKED', [
        {
          type: 'order.ready',
          picked,
          ...instead,
          finalMinor: charge.totalMinor,
          charge,
          ...asking,
          ...sealsOf(report),
        },
      ]);
    }
    case 'handed_over':
      return moved(state, 'PICKED_UP', [{ type: 'order.picked_up', ...sealsOf(report) }]);
  }
}

function sealsOf({ seals = [] }: PickReport): { readonly seals?: readonly string[] } {
  return seals.length === 0 ? {} : { seals };
}

/** Of an order that another store sent back, the confirmation stands. */
const COMMITTED: { readonly [From in 'PENDING' | 'CONFIRMED']: readonly OrderEvent[] } = {
  PENDING: [{ type: 'stock.allocated' }, { type: 'order.confirmed' }, { type: 'order.assigned_to_store' }],
  CONFIRMED: [{ type: 'stock.allocated' }, { type: 'order.assigned_to_store' }],
};

/** The courier's object has decided; the order takes the first one it still needs and sends any other home. */
export function courierAccepted({ courier }: OrderState, courierId: CourierId): Decision<never> {
  if (courier.at === 'ACCEPTED' && courier.courierId === courierId) return done([]);
  return done([{ type: courier.at === 'REQUESTED' ? 'courier.accepted' : 'courier.turned_away', courierId }]);
}

export function courierDeparted(state: OrderState, courierId: CourierId): Decision<IllegalTransition | NotAssigned> {
  if (!isAssigned(state, courierId)) return refused({ code: 'NOT_ASSIGNED' });
  if (hasReached(state, 'IN_TRANSIT')) return done([]);
  return moved(state, 'IN_TRANSIT', [{ type: 'order.departed' }]);
}

/** A provider's notice. Forward only: one that comes late, twice or out of order finds nothing pending and changes nothing. */
export function notePayment({ payment }: OrderState): Decision<never> {
  return done(payment.at === 'PENDING' ? [{ type: 'payment.noted' }] : []);
}

/** Cash to take at the door, minor units; 0 when the order is paid another way. */
export function cashDueMinor(state: OrderState): number {
  const { payment, packed } = state;
  if (payment.at !== 'AUTHORIZED' || !payment.onDelivery) return 0;
  return packed?.finalMinor ?? quoteOf(state).totalMinor;
}

export function isAssigned({ courier }: OrderState, courierId: CourierId): boolean {
  return courier.at === 'ACCEPTED' && courier.courierId === courierId;
}

function moved(state: OrderState, to: OrderStatus, events: readonly OrderEvent[]): Decision<IllegalTransition> {
  const legal = transition(state.status, to);
  return legal.ok ? done(events) : refused(legal.error);
}

function done(events: readonly OrderEvent[]): Decision<never> {
  return { events, answer: ok(null) };
}

function refused<E>(error: E): Decision<E> {
  return { events: [], answer: err(error) };
}
