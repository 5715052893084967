import type { CourierId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Decision } from './decide.ts';
import type { OrderEvent, OrderState } from './order.ts';
import type { OrderStatus } from './transitions.ts';

/** Why a courier is taken off an order; closed, so that nothing personal is in it. */
export const REASSIGN_REASONS = ['NO_SHOW', 'BREAKDOWN', 'ACCIDENT', 'TOO_LATE', 'OTHER'] as const;
export type ReassignReason = (typeof REASSIGN_REASONS)[number];

/** No courier is on it, or the bags are out of the store. */
export interface NotReassignable {
  readonly code: 'NOT_REASSIGNABLE';
  readonly status: OrderStatus;
}

interface Reassignment {
  readonly reason: ReassignReason;
  /** What the next courier shows at the store: the one who is taken off knows the last one. */
  readonly handoverCode: string;
}

/** An operator takes the courier off. Until pick-up: bags on the road come back to nobody by a message. */
export function reassign(state: OrderState, { reason, handoverCode }: Reassignment): Decision<NotReassignable> {
  const { courier, status } = state;
  if (courier.at !== 'ACCEPTED' || !isInStore(status)) return refused({ code: 'NOT_REASSIGNABLE', status });
  const unassigned: OrderEvent = { type: 'courier.unassigned', courierId: courier.courierId, reason, handoverCode };
  const back: readonly OrderEvent[] = status === 'ASSIGNED_TO_PARTNER' ? [{ type: 'order.unassigned', reason }] : [];
  return { events: [unassigned, ...back], answer: ok(null) };
}

/** The courier gives the job back. */
export function giveBack(
  state: OrderState,
  courierId: CourierId,
  reassignment: Reassignment,
): Decision<NotReassignable> {
  const { courier, status } = state;
  if (courier.at === 'ACCEPTED' && courier.courierId === courierId) return reassign(state, reassignment);
  return refused({ code: 'NOT_REASSIGNABLE', status });
}

function isInStore(status: OrderStatus): boolean {
  return status === 'PICKING' || status === 'PACKED' || status === 'ASSIGNED_TO_PARTNER';
}

function refused<E>(error: E): Decision<E> {
  return { events: [], answer: err(error) };
}
