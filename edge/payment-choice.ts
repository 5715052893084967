import type { PaymentChoiceBody } from '../contracts/http/orders.ts';
import type { PaymentChoice } from '../contracts/rpc/order.ts';

/** What a customer chose to pay by, as the order takes it. */
export function paymentChoice(body: PaymentChoiceBody): PaymentChoice {
  switch (body.method) {
    case 'card':
    case 'sandbox':
      return { method: body.method, token: body.token };
    case 'upi':
      return body.vpa === undefined ? { method: 'upi' } : { method: 'upi', token: body.vpa };
    case 'wallet':
    case 'cod':
      return { method: body.method };
  }
}
