import { sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { counter, currencyCode, isCurrency, isOneOf, minor, moment } from '../columns.ts';

export const PAYMENT_STATUSES = [
  'REQUESTED',
  'AUTHORIZED',
  'DECLINED',
  'CAPTURED',
  'VOIDED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Read model of `payments.events.v1`: one row an order. Amounts only grow, the status says which one counts. */
export const payments = pgTable(
  'payments',
  {
    orderId: text('order_id').primaryKey(),
    /** Null where no event has named the customer yet. */
    customerId: text('customer_id'),
    method: text('method').notNull(),
    provider: text('provider').notNull(),
    /** The provider's own reference; null until it answered. */
    providerRef: text('provider_ref'),
    status: text('status').$type<PaymentStatus>().notNull(),
    currency: currencyCode().notNull(),
    requestedMinor: minor('requested_minor').notNull().default(0),
    authorizedMinor: minor('authorized_minor').notNull().default(0),
    capturedMinor: minor('captured_minor').notNull().default(0),
    refundedMinor: minor('refunded_minor').notNull().default(0),
    /** Cash that the courier has handed in. */
    settledMinor: minor('settled_minor').notNull().default(0),
    reason: text('reason'),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    /** Sequence of the last event seen. */
    version: counter('version').notNull(),
  },
  (table) => [
    index('payments_status_updated_at_index').on(table.status, table.updatedAt),
    index('payments_provider_provider_ref_index').on(table.provider, table.providerRef),
    check('payments_status_check', isOneOf(table.status, PAYMENT_STATUSES)),
    check('payments_currency_check', isCurrency(table.currency)),
    check(
      'payments_amounts_check',
      sql`${table.requestedMinor} >= 0 AND ${table.authorizedMinor} >= 0 AND ${table.capturedMinor} >= 0 AND ${table.refundedMinor} >= 0`,
    ),
    check('payments_settled_minor_check', sql`${table.settledMinor} BETWEEN 0 AND ${table.capturedMinor}`),
    check('payments_refunded_minor_check', sql`${table.refundedMinor} <= ${table.capturedMinor}`),
    check('payments_version_check', sql`${table.version} > 0`),
  ],
);
