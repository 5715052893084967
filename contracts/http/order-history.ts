import * as v from 'valibot';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { Count, OrderIdText, SkuText, StoreIdText, Timestamp, UserIdText, WireMoney } from '../wire.ts';
import { CursorText, LimitText } from './queries.ts';

/** A day of UTC: `2026-01-31`. */
const DayText = v.pipe(v.string(), v.isoDate());

/** All that is said must hold. */
export const OrderListQuery = v.strictObject({
  cursor: v.optional(CursorText),
  limit: v.optional(LimitText),
  status: v.optional(v.picklist(ORDER_STATUSES)),
  /** Placed on this day or later, and on that one or earlier. */
  from: v.optional(DayText),
  to: v.optional(DayText),
  /** As people say it, in any case, with dashes or without. */
  number: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(40))),
  /** An article that was ordered. */
  sku: v.optional(SkuText),
  /** For operators. */
  storeId: v.optional(StoreIdText),
  customerId: v.optional(UserIdText),
});
export type OrderListQuery = v.InferOutput<typeof OrderListQuery>;

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
  /** When that happened which this row tells of last. The order itself is at `/orders/{id}`. */
  asOf: Timestamp,
});

export const OrderListView = v.strictObject({
  /** Newest first. */
  orders: v.array(OrderSummaryView),
  nextCursor: v.nullable(v.string()),
  /** When the copy last took something in; null when it never did. What was placed since may be missing. */
  asOf: v.nullable(Timestamp),
  /** How long ago that was, milliseconds. */
  ageMs: v.nullable(Count),
});
export type OrderListView = v.InferOutput<typeof OrderListView>;
