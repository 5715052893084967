import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { TRANSACTION_KINDS, type TransactionKind } from '../../contracts/events/payments.ts';
import { counter, currencyCode, isCurrency, isOneOf, minor, moment } from '../columns.ts';

/** Read model of `payments.events.v1`: one row an event, never changed. `sequence` is the event's. */
export const paymentTransactions = pgTable(
  'payment_transactions',
  {
    orderId: text('order_id').notNull(),
    sequence: counter('sequence').notNull(),
    /** Null in events from before they named the customer. */
    customerId: text('customer_id'),
    kind: text('kind').$type<TransactionKind>().notNull(),
    method: text('method').notNull(),
    provider: text('provider').notNull(),
    /** The provider's own reference; null until it answered. */
    providerRef: text('provider_ref'),
    amountMinor: minor('amount_minor').notNull(),
    currency: currencyCode().notNull(),
    /** Of a refund. */
    refundId: text('refund_id'),
    reason: text('reason'),
    at: moment('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.sequence] }),
    index('payment_transactions_customer_id_at_index').on(table.customerId, table.at.desc()),
    index('payment_transactions_at_index').on(table.at.desc()),
    check('payment_transactions_kind_check', isOneOf(table.kind, TRANSACTION_KINDS)),
    check('payment_transactions_amount_minor_check', sql`${table.amountMinor} >= 0`),
    check('payment_transactions_currency_check', isCurrency(table.currency)),
  ],
);
