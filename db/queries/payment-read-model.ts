import { payments } from '../schema/payments.ts';
import { rowSelect, rowUpsert, type JsonRow } from '../statement.ts';

export type PaymentRow = JsonRow<typeof payments.$inferSelect>;

/** Payments by the id of their order. */
export const selectPaymentRows = rowSelect(payments, 'order_id');
/** Newer versions win. */
export const upsertPaymentRows = rowUpsert(payments, { key: ['order_id'], version: 'version' });
