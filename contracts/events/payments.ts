import * as v from 'valibot';
import { PAYMENT_METHODS, PROVIDERS } from '../../domain/order/payment-method.ts';
import { CurrencyText, MinorAmount } from '../wire.ts';
import { defineTopic } from './topic.ts';

const PaymentMoved = v.object({
  method: v.picklist(PAYMENT_METHODS),
  provider: v.picklist(PROVIDERS),
  /** The provider's own reference; absent until it answered. */
  providerRef: v.optional(v.string()),
  amountMinor: MinorAmount,
  currency: CurrencyText,
  reason: v.optional(v.string()),
});
export type PaymentMoved = v.InferOutput<typeof PaymentMoved>;

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
  },
});
