import * as v from 'valibot';
import { CALL_STEPS } from '../../domain/order/order.ts';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { Count, OrderIdText, StoreIdText, Timestamp } from '../wire.ts';
import { CursorText, LimitText } from './queries.ts';
import { OrderView } from './orders.ts';

const Step = v.picklist(CALL_STEPS);

/** How far an order has come by itself, what it waits for, and what an operator may do about it. */
export const SagaView = v.strictObject({
  orderId: OrderIdText,
  number: v.string(),
  status: v.picklist(ORDER_STATUSES),
  /** Where it may go from here. */
  nextStatuses: v.array(v.picklist(ORDER_STATUSES)),
  /** The first step of its way that is not done; null at the end, and when it is taken back. */
  step: v.nullable(v.string()),
  /** The call whose answer is not on record. `retryAt` is null while the first answer may still come. */
  call: v.nullable(v.strictObject({ step: Step, failures: Count, retryAt: v.nullable(Timestamp) })),
  stuck: v.nullable(v.strictObject({ step: Step, since: Timestamp, failures: Count, error: v.string() })),
  stock: v.string(),
  payment: v.string(),
  courier: v.string(),
  /** Stores that did not get the order, in their order. */
  passedOver: v.array(v.strictObject({ storeId: StoreIdText, code: v.string() })),
  promise: v.strictObject({
    at: Timestamp,
    atRiskSince: v.nullable(Timestamp),
    brokenSince: v.nullable(Timestamp),
  }),
  may: v.strictObject({ continue: v.boolean(), compensate: v.boolean(), settle: v.boolean() }),
});
export type SagaView = v.InferOutput<typeof SagaView>;

/** `reference`: where the money that was moved by hand can be looked up, such as the provider's case. */
export const SettleByHandBody = v.strictObject({
  reference: v.pipe(v.string(), v.minLength(1), v.maxLength(100), v.regex(/^[\w .:/#-]+$/)),
});

export const HistoryQuery = v.strictObject({ at: v.optional(Timestamp) });

/** The order as it was known at a moment: whatever was written later is not in it. */
export const OrderPastView = v.strictObject({
  /** When its last fact up to then was written. */
  asOf: Timestamp,
  /** Facts of its log up to then. */
  facts: Count,
  /** SHA-256 of the state, hex: the same log gives the same one. */
  stateSha256: v.string(),
  order: OrderView,
});
export type OrderPastView = v.InferOutput<typeof OrderPastView>;

/** The log itself, without the codes, the token and the note at the door: replayed, it gives the state of the hash. */
export const OrderLogView = v.strictObject({
  orderId: OrderIdText,
  stateSha256: v.string(),
  log: v.array(
    v.strictObject({
      seq: Count,
      atMs: Count,
      by: v.strictObject({ kind: v.string(), id: v.string() }),
      event: v.looseObject({ type: v.string() }),
    }),
  ),
});
export type OrderLogView = v.InferOutput<typeof OrderLogView>;

export const StuckOrdersQuery = v.strictObject({ cursor: v.optional(CursorText), limit: v.optional(LimitText) });

/** Orders that wait for an operator, the longest waiting first. A copy: the order itself says what it still needs. */
export const StuckOrdersView = v.strictObject({
  orders: v.array(
    v.strictObject({
      id: OrderIdText,
      number: v.string(),
      status: v.picklist(ORDER_STATUSES),
      storeId: v.nullable(StoreIdText),
      step: Step,
      since: Timestamp,
    }),
  ),
  nextCursor: v.nullable(v.string()),
});
