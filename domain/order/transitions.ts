import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

/** The legal edges of an order's life. Back edges carry a reason: reject, reassign, failed delivery. */
export const TRANSITIONS = {
  PENDING: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['ASSIGNED_TO_STORE', 'CANCELLED'],
  ASSIGNED_TO_STORE: ['PICKING', 'CONFIRMED', 'CANCELLED'],
  PICKING: ['PACKED', 'CANCELLED'],
  PACKED: ['ASSIGNED_TO_PARTNER', 'CANCELLED'],
  ASSIGNED_TO_PARTNER: ['PICKED_UP', 'PACKED', 'CANCELLED'],
  PICKED_UP: ['IN_TRANSIT'],
  IN_TRANSIT: ['DELIVERED', 'CANCELLED'],
  DELIVERED: ['CLOSED', 'REFUNDED'],
  CLOSED: ['REFUNDED'],
  CANCELLED: ['REFUNDED'],
  REFUNDED: [],
} as const satisfies Record<string, readonly string[]>;

export type OrderStatus = keyof typeof TRANSITIONS;

export const ORDER_STATUSES = [
  'PENDING',
  'CONFIRMED',
  'ASSIGNED_TO_STORE',
  'PICKING',
  'PACKED',
  'ASSIGNED_TO_PARTNER',
  'PICKED_UP',
  'IN_TRANSIT',
  'DELIVERED',
  'CLOSED',
  'CANCELLED',
  'REFUNDED',
] as const satisfies readonly OrderStatus[];

export interface IllegalTransition {
  readonly code: 'ILLEGAL_TRANSITION';
  readonly from: OrderStatus;
  readonly to: OrderStatus;
}

/** A typo in the table fails to compile here. */
export function validTransitions(from: OrderStatus): readonly OrderStatus[] {
  return TRANSITIONS[from];
}

export function canTransition(from: OrderStatus, to: OrderStatus): boolean {
  return validTransitions(from).includes(to);
}

/** The edge, or a refusal that names both ends. */
export function transition(from: OrderStatus, to: OrderStatus): Result<OrderStatus, IllegalTransition> {
  return canTransition(from, to) ? ok(to) : err({ code: 'ILLEGAL_TRANSITION', from, to });
}
