import * as v from 'valibot';
import { TRANSACTION_KINDS } from '../events/payments.ts';
import type { TransactionKind } from '../events/payments.ts';
import type { PaymentStatus } from '../../domain/order/money-stand.ts';
import { PAYMENT_METHODS, PROVIDERS } from '../../domain/order/payment-method.ts';
import {
  Count,
  CourierIdText,
  LINES_MAX,
  MinorAmount,
  OrderIdText,
  PaymentIdText,
  Quantity,
  SkuText,
  Timestamp,
  WireMoney,
} from '../wire.ts';
import { CursorText, LimitText } from './queries.ts';
import { PAYMENT_STATUSES } from './tracking.ts';

/** The four words that other systems know. */
export const PLAIN_STATUS = {
  PENDING: 'PENDING',
  AUTHORIZED: 'PENDING',
  DUE_ON_DELIVERY: 'PENDING',
  CAPTURED: 'SUCCESS',
  PARTIALLY_REFUNDED: 'SUCCESS',
  REFUNDED: 'REFUNDED',
  FAILED: 'FAILED',
  VOIDED: 'FAILED',
} as const satisfies Record<PaymentStatus, string>;
const PlainStatus = v.picklist(['PENDING', 'SUCCESS', 'FAILED', 'REFUNDED']);

/** Names one refund: the same id is the same refund, however often it is asked for. */
const RefundIdText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9:._-]{5,79}$/));

/** STUCK: the provider refused it more than once; it is asked for again, and operators see it. */
export const RefundView = v.strictObject({
  refundId: v.string(),
  amount: WireMoney,
  cause: v.picklist(['CANCELLED', 'OVERCHARGED', 'LINES', 'AMOUNT']),
  to: v.picklist(['source', 'wallet']),
  reason: v.string(),
  lines: v.array(v.strictObject({ sku: SkuText, quantity: Quantity, amount: WireMoney })),
  status: v.picklist(['PENDING', 'STUCK', 'DONE']),
  requestedAt: Timestamp,
  doneAt: v.nullable(Timestamp),
});
export type RefundView = v.InferOutput<typeof RefundView>;

export const PaymentView = v.strictObject({
  id: PaymentIdText,
  orderId: OrderIdText,
  method: v.picklist(PAYMENT_METHODS),
  gateway: v.picklist(PROVIDERS),
  /** The provider's own reference; null until it answered. */
  transactionId: v.nullable(v.string()),
  status: v.picklist(PAYMENT_STATUSES),
  plainStatus: PlainStatus,
  /** The most that is taken. */
  amount: WireMoney,
  captured: WireMoney,
  refunded: WireMoney,
  refunds: v.array(RefundView),
  /** Of cash: what the courier took and has not handed in. */
  cashInHand: WireMoney,
  /** Why it failed. */
  reason: v.nullable(v.string()),
  /** What was said of the money, oldest first; refunds and cash included. */
  history: v.array(v.strictObject({ seq: Count, at: Timestamp, type: v.string(), amount: v.nullable(WireMoney) })),
  /** For operators: each account's balance in minor units, debits above zero. They add up to zero. */
  ledger: v.optional(v.record(v.string(), v.pipe(v.number(), v.safeInteger()))),
});
export type PaymentView = v.InferOutput<typeof PaymentView>;

export const PayBody = v.strictObject({ orderId: OrderIdText });

const ReasonText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const RefundHead = { refundId: RefundIdText, to: v.optional(v.picklist(['source', 'wallet'])), reason: ReasonText };
/** An amount, or units of articles at what was paid for them. */
export const RefundBody = v.union([
  v.strictObject({
    ...RefundHead,
    amount: v.strictObject({ amount: v.pipe(MinorAmount, v.minValue(1)), currency: WireMoney.entries.currency }),
  }),
  v.strictObject({
    ...RefundHead,
    lines: v.pipe(
      v.array(v.strictObject({ sku: SkuText, quantity: Quantity })),
      v.minLength(1),
      v.maxLength(LINES_MAX),
    ),
  }),
]);
export type RefundBody = v.InferOutput<typeof RefundBody>;

/** Orders of one settlement: a courier's whole day. */
const SETTLED_ORDERS_MAX = 50;
export const CashSettlementBody = v.strictObject({
  courierId: CourierIdText,
  orders: v.pipe(
    v.array(v.strictObject({ orderId: OrderIdText, amount: WireMoney })),
    v.minLength(1),
    v.maxLength(SETTLED_ORDERS_MAX),
  ),
});
export const CashSettlementView = v.strictObject({
  orders: v.array(
    v.strictObject({
      orderId: OrderIdText,
      settled: v.boolean(),
      /** Why not, with the numbers that explain it. */
      code: v.nullable(v.string()),
      detail: v.nullable(v.string()),
    }),
  ),
});
export type CashSettlementView = v.InferOutput<typeof CashSettlementView>;

/** What happened to the money of an order, once. */
export const TransactionView = v.strictObject({
  paymentId: PaymentIdText,
  orderId: OrderIdText,
  /** Its place among the order's. */
  seq: Count,
  kind: v.picklist(TRANSACTION_KINDS),
  status: PlainStatus,
  amount: WireMoney,
  method: v.string(),
  gateway: v.string(),
  transactionId: v.nullable(v.string()),
  refundId: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  at: Timestamp,
});
export type TransactionView = v.InferOutput<typeof TransactionView>;

export const TransactionsQuery = v.strictObject({
  orderId: v.optional(OrderIdText),
  status: v.optional(PlainStatus),
  gateway: v.optional(v.picklist(PROVIDERS)),
  /** A day in UTC, such as `2026-01-31`. */
  day: v.optional(v.pipe(v.string(), v.isoDate())),
  cursor: v.optional(CursorText),
  limit: v.optional(LimitText),
});
export type TransactionsQuery = v.InferOutput<typeof TransactionsQuery>;

export const TransactionsView = v.strictObject({
  /** Newest first. */
  transactions: v.array(TransactionView),
  nextCursor: v.nullable(v.string()),
  /** When the copy was written last; null when it is empty, or when the order itself answered. */
  asOf: v.nullable(Timestamp),
});
export type TransactionsView = v.InferOutput<typeof TransactionsView>;

/** What each kind of movement is in the four words. */
export const STATUS_OF_KIND = {
  requested: 'PENDING',
  authorized: 'PENDING',
  declined: 'FAILED',
  voided: 'FAILED',
  captured: 'SUCCESS',
  settled: 'SUCCESS',
  refunded: 'REFUNDED',
} as const satisfies Record<TransactionKind, v.InferOutput<typeof PlainStatus>>;

/** Orders of one sweep: each is a call to its provider. */
export const SWEPT_ORDERS_MAX = 50;
/** These orders, or those whose payment was asked for on a day (UTC), page by page. */
export const SweepBody = v.union([
  v.strictObject({ orderIds: v.pipe(v.array(OrderIdText), v.minLength(1), v.maxLength(SWEPT_ORDERS_MAX)) }),
  v.strictObject({ day: v.pipe(v.string(), v.isoDate()), cursor: v.optional(CursorText) }),
]);
export type SweepBody = v.InferOutput<typeof SweepBody>;
export const SweepView = v.strictObject({
  orders: v.array(
    v.strictObject({
      orderId: OrderIdText,
      /** UNKNOWN: there is no such order, or the provider did not answer. */
      outcome: v.picklist(['AGREED', 'BUSY', 'REPAIRED', 'DIFFERS', 'UNKNOWN']),
    }),
  ),
  /** Send it with the same day to go on; null at the end. */
  nextCursor: v.nullable(v.string()),
});
export type SweepView = v.InferOutput<typeof SweepView>;
