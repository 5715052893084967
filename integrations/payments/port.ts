import type { PaymentAction, Provider } from '../../domain/order/payment-method.ts';
import type { OpId, OrderId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';

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
  /** While PENDING: what the customer must do. */
  readonly action?: PaymentAction;
}

/** What a provider can do, so that the order knows what to expect of it. */
export interface GatewayTerms {
  readonly provider: Provider;
  /** Nothing is reserved: the money changes hands at the door. */
  readonly onDelivery: boolean;
  /** It can take less than it reserved. One that cannot takes all of it, answers so, and the rest is refunded. */
  readonly partialCapture: boolean;
}

/**
 * A provider of payments, one payment an order. A method that throws has an unknown outcome: ask `find`, never guess.
 * An amount is authorized as a ceiling; the capture may be lower. A payment may be refunded in parts, each under its own opId.
 */
export interface PaymentGateway extends GatewayTerms {
  authorize(call: Authorize): Promise<PaymentAnswer>;
  /** `amountMinor` is what is owed; the answer says what was taken. */
  capture(call: Settle): Promise<PaymentAnswer>;
  /** Also meets an authorization that is still on its way: it is refused when it comes. */
  void(call: Settle): Promise<PaymentAnswer>;
  refund(call: Settle): Promise<PaymentAnswer>;
  /** `null` when the provider knows of no payment for this order. With the provider's reference it is found at once. */
  find(orderId: OrderId, providerRef?: string): Promise<ProviderPayment | null>;
}

/** What a provider's webhook says: that something happened to the payment of an order. What it was, the provider is asked. */
export interface PaymentNotice {
  /** The provider's id of the event: the same however often it is sent. */
  readonly providerEventId: string;
  /** `null` for an event that is about no order of ours. */
  readonly orderId: OrderId | null;
}
/** MALFORMED is signed, but nothing we know; the others are not the provider's, or not any more. */
export interface NoticeError {
  readonly code: 'SIGNATURE_MISSING' | 'SIGNATURE_WRONG' | 'SIGNATURE_OLD' | 'NOTICE_MALFORMED';
}
/** A webhook as it came. */
export interface SignedNotice {
  /** The exact text that was signed: never parsed and written again. */
  readonly body: string;
  readonly header: (name: string) => string | null;
}
/** Checks the signature before anything is parsed; any of the secrets will do, for the days when one is being replaced. */
export type NoticeReader = (
  notice: SignedNotice,
  secrets: readonly string[],
  nowMs: number,
) => Result<PaymentNotice, NoticeError>;
