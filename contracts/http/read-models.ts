import * as v from 'valibot';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { Count, OrderIdText, StoreIdText, Timestamp } from '../wire.ts';
import { StockSums } from './admin.ts';

/** What the read models have of an order, to hold against the order itself. */
export const OrderReadModel = v.strictObject({
  id: OrderIdText,
  number: v.string(),
  status: v.picklist(ORDER_STATUSES),
  /** Sequence of the newest event in it. */
  version: Count,
  lines: Count,
  /** By the sequence of the event that told of the step. */
  history: v.array(v.strictObject({ seq: Count, status: v.picklist(ORDER_STATUSES), at: Timestamp })),
  /** Null until its first payment event arrived. */
  paymentStatus: v.nullable(v.string()),
});
export type OrderReadModel = v.InferOutput<typeof OrderReadModel>;

/** What the read models have of a store's ledger, to hold against its audit. */
export const StockReadModel = v.strictObject({
  storeId: StoreIdText,
  skus: Count,
  movements: Count,
  totals: StockSums,
});
export type StockReadModel = v.InferOutput<typeof StockReadModel>;
