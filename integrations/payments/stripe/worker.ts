import { WorkerEntrypoint } from 'cloudflare:workers';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { Authorize, PaymentAnswer, PaymentGateway, ProviderPayment, Settle } from '../port.ts';
import { providerUrl } from '../provider-url.ts';
import { stripeGateway } from './stripe-gateway.ts';
import type { StripeRpc } from './stripe-rpc.ts';

export interface StripeEnv {
  readonly ENVIRONMENT: string;
  readonly STRIPE_SECRET_KEY: string;
  readonly PAYMENT_RETURN_URL: string;
  /** A stand-in for Stripe. Refused in production. */
  readonly STRIPE_URL?: string;
}

/** The Worker that has Stripe's SDK, and nobody else: no route leads to it, only the binding. */
export default class StripeWorker extends WorkerEntrypoint<StripeEnv> implements StripeRpc {
  authorize(call: Authorize): Promise<PaymentAnswer> {
    return this.#gateway().authorize(call);
  }

  capture(call: Settle): Promise<PaymentAnswer> {
    return this.#gateway().capture(call);
  }

  void(call: Settle): Promise<PaymentAnswer> {
    return this.#gateway().void(call);
  }

  refund(call: Settle): Promise<PaymentAnswer> {
    return this.#gateway().refund(call);
  }

  find(orderId: OrderId, providerRef?: string): Promise<ProviderPayment | null> {
    return this.#gateway().find(orderId, providerRef);
  }

  #gateway(): PaymentGateway {
    const { ENVIRONMENT, STRIPE_SECRET_KEY, STRIPE_URL, PAYMENT_RETURN_URL } = this.env;
    return stripeGateway({
      secretKey: STRIPE_SECRET_KEY,
      baseUrl: providerUrl('stripe', STRIPE_URL, ENVIRONMENT),
      returnUrl: PAYMENT_RETURN_URL,
    });
  }
}
