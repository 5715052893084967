import * as v from 'valibot';
import { PAYMENT_METHODS, PROVIDERS } from '../../domain/order/payment-method.ts';
import { CurrencyText, MinorAmount, UserIdText } from '../wire.ts';
import { defineTopic } from './topic.ts';

const PaymentMoved = v.object({
  method: v.picklist(PAYMENT_METHODS),
  provider: v.picklist(PROVIDERS),
  /** The provider's own reference; absent until it answered. */
  providerRef: v.optional(v.string()),
  amountMinor: MinorAmount,
  currency: CurrencyText,
  reason: v.optional(v.string()),
  /** Absent in events from before they named the customer. */
  customerId: v.optional(UserIdText),
  /** Of `payment.refunded`: which refund, and where the money went. */
  refundId: v.optional(v.string()),
  refundTo: v.optional(v.picklist(['source', 'wallet'])),
});
export type PaymentMoved = v.InferOutput<typeof PaymentMoved>;

/** What can happen to the money of an order; the event's type is `payment.` and this. */
export const TRANSACTION_KINDS = [
  'requested',
  'authorized',
  'declined',
  'captured',
  'voided',
  'refunded',
  'settled',
] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

/** Subject: the order. Key: orderId. Written only by the order. */
export const PAYMENT_EVENTS = defineTopic({
  name: 'payments.events.v1',
  partitions: 12,
  retentionDays: null,
  schemas: {
    'payment.requested': PaymentMoved,
    'payment.authorized': PaymentMoved,
    'payment.declined': PaymentMoved,
    'payment.captured': PaymentMoved,
    'payment.voided': PaymentMoved,
    'payment.refunded': PaymentMoved,
    /** Cash: the courier has handed it in, and it was counted. */
    'payment.settled': PaymentMoved,
  },
});
