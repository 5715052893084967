import { within } from '../../within.ts';
import type { GatewayTerms, PaymentGateway } from '../port.ts';

/** What the Worker around Stripe's SDK answers to, over a service binding. */
export type StripeRpc = Omit<PaymentGateway, keyof GatewayTerms>;

export const STRIPE_TERMS: GatewayTerms = {
  provider: 'stripe',
  onDelivery: false,
  partialCapture: true,
};

/** A little longer than the SDK's own patience, so that its answer is not lost to ours. */
const RPC_TIMEOUT_MS = 1400;

/** Stripe as the rest of the system sees it: the SDK is in another Worker, to keep this one small. */
export function boundStripe(worker: StripeRpc): PaymentGateway {
  return {
    ...STRIPE_TERMS,
    authorize: (call) => within(RPC_TIMEOUT_MS, 'stripe authorize', worker.authorize(call)),
    capture: (call) => within(RPC_TIMEOUT_MS, 'stripe capture', worker.capture(call)),
    void: (call) => within(RPC_TIMEOUT_MS, 'stripe void', worker.void(call)),
    refund: (call) => within(RPC_TIMEOUT_MS, 'stripe refund', worker.refund(call)),
    find: (orderId, providerRef) => within(RPC_TIMEOUT_MS, 'stripe find', worker.find(orderId, providerRef)),
  };
}
