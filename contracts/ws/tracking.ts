import type { OrderStatus } from '../../domain/order/transitions.ts';
import type { TrackingView } from '../http/orders.ts';

/** The customer's socket: a snapshot, then one delta a step of the order, then positions of the courier while it rides. */
export type TrackingState = TrackingView;
export interface TrackingDelta {
  readonly status: OrderStatus;
  readonly at: string;
  readonly eta: string | null;
}
