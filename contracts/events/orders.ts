import * as v from 'valibot';
import { PAYMENT_METHODS } from '../../domain/order/payment-method.ts';
import { CALL_STEPS } from '../../domain/order/order.ts';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import {
  Count,
  CourierIdText,
  CurrencyText,
  MinorAmount,
  Quantity,
  SkuText,
  StoreIdText,
  SubstitutionIdText,
  Timestamp,
  UserIdText,
  ZoneIdText,
} from '../wire.ts';
import { defineTopic } from './topic.ts';

const Status = v.picklist(ORDER_STATUSES);
const ActorRef = v.object({ kind: v.string(), id: v.string() });

export const OrderPlaced = v.object({
  orderNumber: v.string(),
  customerId: UserIdText,
  zoneId: ZoneIdText,
  currency: CurrencyText,
  lines: v.array(
    v.object({
      lineNo: Count,
      sku: SkuText,
      name: v.string(),
      quantity: Quantity,
      unitPriceMinor: MinorAmount,
      discountMinor: v.optional(MinorAmount),
    }),
  ),
  itemsMinor: MinorAmount,
  deliveryFeeMinor: MinorAmount,
  // Absent in events from before they existed, and then 0.
  discountMinor: v.optional(MinorAmount),
  smallCartFeeMinor: v.optional(MinorAmount),
  surgeFeeMinor: v.optional(MinorAmount),
  taxMinor: v.optional(MinorAmount),
  taxIncluded: v.optional(v.boolean()),
  tipMinor: v.optional(MinorAmount),
  totalMinor: MinorAmount,
  paymentMethod: v.picklist(PAYMENT_METHODS),
  promisedAt: Timestamp,
});
export type OrderPlaced = v.InferOutput<typeof OrderPlaced>;

/** One step of an order's life. */
export const OrderStatusChanged = v.object({
  from: Status,
  to: Status,
  actor: ActorRef,
  reason: v.optional(v.string()),
  storeId: v.optional(StoreIdText),
  courierId: v.optional(CourierIdText),
  /** What the customer owes after this step, minor units; known from PACKED on. */
  finalMinor: v.optional(MinorAmount),
});
export type OrderStatusChanged = v.InferOutput<typeof OrderStatusChanged>;

/** The store asks for another article instead of a missing one. `unitPriceMinor` is what the customer would pay. */
const SubstitutionProposed = v.object({
  substitutionId: SubstitutionIdText,
  storeId: v.optional(StoreIdText),
  sku: SkuText,
  substituteSku: SkuText,
  quantity: Quantity,
  unitPriceMinor: MinorAmount,
  expiresAt: Timestamp,
});
/** `SUBSTITUTE`: it comes; `REFUND`: the missing article is not charged. */
const SubstitutionSettled = v.object({
  substitutionId: SubstitutionIdText,
  sku: SkuText,
  substituteSku: SkuText,
  quantity: Quantity,
  settlement: v.picklist(['SUBSTITUTE', 'REFUND']),
  /** Who decided, where somebody did: the customer, what the customer had said with the order, or a rule. */
  decidedBy: v.optional(v.picklist(['CUSTOMER', 'PREFERENCE', 'RULE'])),
  reason: v.optional(v.picklist(['LAPSED', 'GONE', 'ORDER_CANCELLED'])),
});
/** It waits in the line of a store that takes no orders for now, and nothing is charged until it has left it. */
const OrderQueued = v.object({ storeId: StoreIdText, place: Count, estimatedTurnAt: Timestamp });
/** A call of the order that fails again and again: an operator has to look. */
const SagaStuck = v.object({
  step: v.picklist(CALL_STEPS),
  failures: Count,
  storeId: v.optional(StoreIdText),
});
const SagaUnstuck = v.object({ step: v.picklist(CALL_STEPS) });
/** The promise cannot be kept any more unless somebody hurries (`waitingFor` is what has not happened yet), or it is broken. */
const PromiseAtRisk = v.object({ promisedAt: Timestamp, waitingFor: Status, storeId: v.optional(StoreIdText) });
const PromiseBroken = v.object({ promisedAt: Timestamp, storeId: v.optional(StoreIdText) });
export type SubstitutionSettled = v.InferOutput<typeof SubstitutionSettled>;

/** The event type that says an order has reached a status; back at CONFIRMED it is `order.rerouted`: its store sent it back. */
export const STATUS_EVENT = {
  PENDING: 'order.placed',
  CONFIRMED: 'order.confirmed',
  ASSIGNED_TO_STORE: 'order.assigned_to_store',
  PICKING: 'order.picking_started',
  PACKED: 'order.ready',
  ASSIGNED_TO_PARTNER: 'order.courier_assigned',
  PICKED_UP: 'order.picked_up',
  IN_TRANSIT: 'order.departed',
  DELIVERED: 'order.delivered',
  CLOSED: 'order.closed',
  CANCELLED: 'order.cancelled',
  REFUNDED: 'order.refunded',
} as const satisfies Record<OrderStatus, string>;

/** Subject: the order. Key: orderId. */
export const ORDER_EVENTS = defineTopic({
  name: 'orders.events.v1',
  partitions: 12,
  retentionDays: null,
  schemas: {
    'order.placed': OrderPlaced,
    'order.queued': OrderQueued,
    'order.confirmed': OrderStatusChanged,
    'order.assigned_to_store': OrderStatusChanged,
    'order.rerouted': OrderStatusChanged,
    'order.picking_started': OrderStatusChanged,
    'order.ready': OrderStatusChanged,
    'order.courier_assigned': OrderStatusChanged,
    'order.unassigned': OrderStatusChanged,
    'order.picked_up': OrderStatusChanged,
    'order.departed': OrderStatusChanged,
    'order.delivered': OrderStatusChanged,
    'order.closed': OrderStatusChanged,
    'order.cancelled': OrderStatusChanged,
    'order.refunded': OrderStatusChanged,
    'order.substitution_proposed': SubstitutionProposed,
    'order.substitution_approved': SubstitutionSettled,
    'order.substitution_declined': SubstitutionSettled,
    'order.substitution_expired': SubstitutionSettled,
    'order.substitution_withdrawn': SubstitutionSettled,
    'order.stuck': SagaStuck,
    'order.unstuck': SagaUnstuck,
    'order.promise_at_risk': PromiseAtRisk,
    'order.promise_broken': PromiseBroken,
  },
});
