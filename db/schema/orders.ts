import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, text } from 'drizzle-orm/pg-core';
import type { CallStep } from '../../domain/order/order.ts';
import { ORDER_STATUSES, type OrderStatus } from '../../domain/order/transitions.ts';
import { counter, currencyCode, isCurrency, isOneOf, minor, moment } from '../columns.ts';

/**
 * Read model of `orders.events.v1`. It has no foreign keys: the log decides what exists, in its own order.
 * The address is not here, because events carry no personal data; the order's object has it.
 */
export const orders = pgTable(
  'orders',
  {
    id: text('id').primaryKey(),
    /** For people: 12 base32 characters with a check character. */
    orderNumber: text('order_number').notNull().unique(),
    customerId: text('customer_id').notNull(),
    zoneId: text('zone_id').notNull(),
    /** Null until a store is assigned. */
    storeId: text('store_id'),
    courierId: text('courier_id'),
    status: text('status').$type<OrderStatus>().notNull(),
    currency: currencyCode().notNull(),
    itemsMinor: minor('items_minor').notNull(),
    deliveryFeeMinor: minor('delivery_fee_minor').notNull(),
    discountMinor: minor('discount_minor').notNull().default(0),
    smallCartFeeMinor: minor('small_cart_fee_minor').notNull().default(0),
    surgeFeeMinor: minor('surge_fee_minor').notNull().default(0),
    taxMinor: minor('tax_minor').notNull().default(0),
    /** Whether prices and fees contain the tax. */
    taxIncluded: boolean('tax_included').notNull().default(false),
    tipMinor: minor('tip_minor').notNull().default(0),
    totalMinor: minor('total_minor').notNull(),
    /** What is owed for what was packed; null before that. */
    finalMinor: minor('final_minor'),
    paymentMethod: text('payment_method').notNull(),
    promisedAt: moment('promised_at').notNull(),
    cancelReason: text('cancel_reason'),
    createdAt: moment('created_at').notNull(),
    confirmedAt: moment('confirmed_at'),
    assignedAt: moment('assigned_at'),
    pickingStartedAt: moment('picking_started_at'),
    packedAt: moment('packed_at'),
    courierAssignedAt: moment('courier_assigned_at'),
    pickedUpAt: moment('picked_up_at'),
    departedAt: moment('departed_at'),
    deliveredAt: moment('delivered_at'),
    closedAt: moment('closed_at'),
    cancelledAt: moment('cancelled_at'),
    refundedAt: moment('refunded_at'),
    /** The call of its saga that needs an operator, and since when; null when all goes its way. */
    stuckStep: text('stuck_step').$type<CallStep>(),
    stuckAt: moment('stuck_at'),
    promiseAtRiskAt: moment('promise_at_risk_at'),
    promiseBrokenAt: moment('promise_broken_at'),
    updatedAt: moment('updated_at').notNull(),
    /** Sequence of the last event seen. */
    version: counter('version').notNull(),
  },
  (table) => [
    index('orders_customer_id_created_at_index').on(table.customerId, table.createdAt.desc(), table.id.desc()),
    index('orders_status_created_at_index').on(table.status, table.createdAt.desc()),
    index('orders_store_id_created_at_index').on(table.storeId, table.createdAt.desc()),
    index('orders_courier_id_created_at_index').on(table.courierId, table.createdAt.desc()),
    index('orders_stuck_at_index')
      .on(table.stuckAt, table.id)
      .where(sql`${table.stuckAt} IS NOT NULL`),
    index('orders_created_at_index').on(table.createdAt.desc()),
    check('orders_order_number_check', sql`length(${table.orderNumber}) BETWEEN 1 AND 20`),
    check('orders_status_check', isOneOf(table.status, ORDER_STATUSES)),
    check('orders_currency_check', isCurrency(table.currency)),
    check(
      'orders_amounts_check',
      sql`${table.itemsMinor} >= 0 AND ${table.deliveryFeeMinor} >= 0 AND ${table.discountMinor} >= 0 AND ${table.smallCartFeeMinor} >= 0 AND ${table.surgeFeeMinor} >= 0 AND ${table.taxMinor} >= 0 AND ${table.tipMinor} >= 0 AND ${table.totalMinor} >= 0 AND ${table.finalMinor} >= 0`,
    ),
    check(
      'orders_total_minor_check',
      sql`${table.totalMinor} = ${table.itemsMinor} - ${table.discountMinor} + ${table.smallCartFeeMinor} + ${table.deliveryFeeMinor} + ${table.surgeFeeMinor} + ${table.tipMinor} + CASE WHEN ${table.taxIncluded} THEN 0 ELSE ${table.taxMinor} END`,
    ),
    check('orders_version_check', sql`${table.version} > 0`),
  ],
);
