import type { PaymentAction, Provider } from '../../domain/order/payment-method.ts';
import type { OpId, OrderId } from '../../domain/shared/ids.ts';

/** Every call carries an opId: the same id and amount get the same answer, however often they are sent. */
interface PaymentCall {
  readonly opId: OpId;
  readonly orderId: OrderId;
  /** Minor units. */
  readonly amountMinor: number;
  readonly currency: string;
}
export interface Authorize extends PaymentCall {
  /** Names the means of payment at the provider; never a card number. */
  readonly token: string;
}
export interface Settle extends PaymentCall {
  readonly providerRef: string;
}

export type PaymentAnswer =
  | { readonly outcome: 'approved'; readonly providerRef: string; readonly amountMinor: number }
  | { readonly outcome: 'declined'; readonly reason: string }
  /** The provider will send word; asking is allowed too. */
  | { readonly outcome: 'pending'; readonly providerRef: string; readonly action?: PaymentAction };

/** The payment of an order as the provider's books have it. */
export interface ProviderPayment {
  readonly providerRef: string;
  readonly status: 'PENDING' | 'AUTHORIZED' | 'DECLINED' | 'CAPTURED' | 'VOIDED' | 'REFUNDED';
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
}

/**
 * A provider of payments, one payment an order. A method that throws has an unknown outcome: ask `find`, never guess.
 * An amount is authorized as a ceiling; the capture may be lower.
 */
export interface PaymentGateway {
  readonly provider: Provider;
  /** Nothing is reserved: the money changes hands at the door. */
  readonly onDelivery: boolean;
  /** False where a capture takes all that was authorized: the difference is refunded after it. */
  readonly partialCapture: boolean;
  authorize(call: Authorize): Promise<PaymentAnswer>;
  capture(call: Settle): Promise<PaymentAnswer>;
  /** Also meets an authorization that is still on its way: it is refused when it comes. */
  void(call: Settle): Promise<PaymentAnswer>;
  refund(call: Settle): Promise<PaymentAnswer>;
  /** `null` when the provider knows of no payment for this order. */
  find(orderId: OrderId): Promise<ProviderPayment | null>;
}
