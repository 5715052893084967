import { asOrderId, asPaymentId } from '../shared/ids.ts';
import type { OrderId, PaymentId } from '../shared/ids.ts';

// An order has one payment, and whoever knows one id knows the other: neither is a capability.

export function paymentIdOf(orderId: OrderId): PaymentId {
  return asPaymentId(orderId.replace('ord_', 'pay_'));
}

export function orderOfPayment(paymentId: PaymentId): OrderId {
  return asOrderId(paymentId.replace('pay_', 'ord_'));
}
