import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { ORDER_STATUSES, type OrderStatus } from '../../domain/order/transitions.ts';
import { counter, isOneOf, moment } from '../columns.ts';

/** Read model: every step of an order's life, who took it and why. */
export const orderStatusHistory = pgTable(
  'order_status_history',
  {
    orderId: text('order_id').notNull(),
    /** Sequence of the event that told of the step. */
    sequence: counter('sequence').notNull(),
    /** Null for the first step. */
    fromStatus: text('from_status').$type<OrderStatus>(),
    status: text('status').$type<OrderStatus>().notNull(),
    changedAt: moment('changed_at').notNull(),
    changedByKind: text('changed_by_kind').notNull(),
    changedById: text('changed_by_id').notNull(),
    reason: text('reason'),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.sequence] }),
    index('order_status_history_status_changed_at_index').on(table.status, table.changedAt),
    check('order_status_history_from_status_check', isOneOf(table.fromStatus, ORDER_STATUSES)),
    check('order_status_history_status_check', isOneOf(table.status, ORDER_STATUSES)),
  ],
);
