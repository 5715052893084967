import { payments } from '../schema/payments.ts';
import { paymentTransactions } from '../schema/payment-transactions.ts';
import { rowSelect, rowUpsert, type JsonRow } from '../statement.ts';

export type PaymentRow = JsonRow<typeof payments.$inferSelect>;

/** Payments by the id of their order. */
export const selectPaymentRows = rowSelect(payments, 'order_id');
/** Newer versions win. */
export const upsertPaymentRows = rowUpsert(payments, { key: ['order_id'], version: 'version' });

export type PaymentTransactionRow = JsonRow<typeof paymentTransactions.$inferSelect>;
/** Movements never change once written. */
export const insertPaymentTransactionRows = rowUpsert(paymentTransactions, { key: ['order_id', 'sequence'] });
