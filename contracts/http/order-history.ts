import * as v from 'valibot';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { OrderIdText, StoreIdText, Timestamp, WireMoney } from '../wire.ts';
import { CursorText, LimitText } from './queries.ts';

export const OrderListQuery = v.strictObject({ cursor: v.optional(CursorText), limit: v.optional(LimitText) });

/** A row of a customer's history: a copy, as old as the log's lag. The order itself has the present. */
export const OrderSummaryView = v.strictObject({
  id: OrderIdText,
  number: v.string(),
  status: v.picklist(ORDER_STATUSES),
  storeId: v.nullable(StoreIdText),
  placedAt: Timestamp,
  promisedAt: Timestamp,
  total: WireMoney,
  /** What was owed in the end; null before packing. */
  final: v.nullable(WireMoney),
});

export const OrderListView = v.strictObject({
  /** Newest first. */
  orders: v.array(OrderSummaryView),
  nextCursor: v.nullable(v.string()),
});
export type OrderListView = v.InferOutput<typeof OrderListView>;
