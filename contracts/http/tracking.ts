import * as v from 'valibot';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { Count, OrderIdText, Timestamp, WireLatLng, WireMoney } from '../wire.ts';
import { SubstitutionView } from './substitutions.ts';

/** When the order will be at the door: half are there by `p50`, nine in ten by `p90`. */
export const EtaView = v.strictObject({ p50: Timestamp, p90: Timestamp });
export type EtaView = v.InferOutput<typeof EtaView>;

export const PAYMENT_STATUSES = [
  'PENDING',
  'AUTHORIZED',
  'CAPTURED',
  'PARTIALLY_REFUNDED',
  'FAILED',
  'VOIDED',
  'REFUNDED',
  'DUE_ON_DELIVERY',
] as const;

/**
 * Something weighs more than its ceiling, and what is reserved would pay for all of it. Answer before `expiresAt`, while it is ASKED; a no, or
 * none in time, and the shop bears the rest.
 */
const OverweightView = v.strictObject({
  status: v.picklist(['ASKED', 'APPROVED', 'DECLINED', 'TIMED_OUT']),
  /** What the order costs after a yes. */
  total: WireMoney,
  expiresAt: Timestamp,
});

/** How the payment stands, what the order costs as far as it is known, and what went back. */
export const MoneyView = v.strictObject({
  status: v.picklist(PAYMENT_STATUSES),
  total: WireMoney,
  refunded: WireMoney,
  overweight: v.optional(OverweightView),
});
export type MoneyView = v.InferOutput<typeof MoneyView>;

/** Where the order stands in the line of its store, when its turn may be, and when it is given up. It is not charged before its turn. */
export const QueueView = v.strictObject({ place: Count, estimatedTurnAt: Timestamp, until: Timestamp });
export type QueueView = v.InferOutput<typeof QueueView>;

export const TrackingView = v.strictObject({
  orderId: OrderIdText,
  status: v.picklist(ORDER_STATUSES),
  /** The number of the last piece of news that is in here: resume after it. */
  seq: Count,
  /** `null` once nobody is on the way any more. */
  eta: v.nullable(EtaView),
  store: v.nullable(WireLatLng),
  drop: WireLatLng,
  substitutions: v.array(SubstitutionView),
  money: MoneyView,
  /** While it waits in a line. */
  queue: v.optional(QueueView),
  /**
   * Where the courier was seen within the last minute, from pick-up to the door. Operators see it from the assignment on, to about
   * 100 m before pick-up.
   */
  courier: v.nullable(v.strictObject({ lat: v.number(), lng: v.number(), at: Timestamp })),
});
export type TrackingView = v.InferOutput<typeof TrackingView>;
