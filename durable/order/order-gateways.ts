import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { PlaceOrder } from '../../contracts/rpc/order.ts';
import type { OrderTerms } from '../../domain/order/order.ts';
import { providerOf, providersOf } from '../../domain/order/payment-method.ts';
import type { Provider } from '../../domain/order/payment-method.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { chooseGateway } from '../../integrations/payments/choose.ts';
import type { PaymentGateway } from '../../integrations/payments/port.ts';
import { ProviderBreakers } from '../../integrations/payments/provider-breakers.ts';
import { providerUrl } from '../../integrations/payments/provider-url.ts';
import type { ObjectEnv } from '../env.ts';
import { customerStub, sandboxPspStub } from '../stubs.ts';

/** Of this isolate, for all its orders. */
const breakers = new ProviderBreakers(() => Date.now());

/** The gateway of a provider that works here; `null` for one that does not. */
function gatewayOf(env: ObjectEnv, provider: Provider, customerId: UserId): PaymentGateway | null {
  const gateway = chooseGateway(provider, {
    environment: env.ENVIRONMENT,
    sandbox: (orderId) => sandboxPspStub(env, orderId),
    wallet: () => customerStub(env, customerId),
    stripe: env.STRIPE,
    razorpay: razorpayOf(env),
  });
  // The others are our own: when they are away, so are we.
  return gateway !== null && (provider === 'stripe' || provider === 'razorpay') ? breakers.guard(gateway) : gateway;
}

/** The gateway of the order's provider. Throws when it does not work here: then nothing is known of the payment. */
export function offeredGateway(env: ObjectEnv, terms: OrderTerms): PaymentGateway {
  const gateway = gatewayOf(env, providerOf(terms), terms.customerId);
  if (gateway === null) throw new Error(`payment through ${providerOf(terms)} is not offered here`);
  return gateway;
}

/** The providers of a new order: those that work here, one that answers first. From then on it stays with that one. */
export function providersAtPlacing(
  env: ObjectEnv,
  { payment: { method, providers }, customerId }: Pick<PlaceOrder, 'payment' | 'customerId'>,
): Result<readonly Provider[], Refusal<'UNAVAILABLE'>> {
  const offered = (providers ?? providersOf(method)).filter(
    (provider) => gatewayOf(env, provider, customerId) !== null,
  );
  if (offered.length === 0) return err(refuse('UNAVAILABLE', `Payment by ${method} is not offered here.`));
  const answering = breakers.order(offered);
  if (answering.length > 0) return ok(answering);
  return err(refuse('UNAVAILABLE', `Payment by ${method} does not work at the moment: pay another way.`));
}

function razorpayOf(env: ObjectEnv): { keyId: string; keySecret: string; baseUrl: string } | undefined {
  const { RAZORPAY_KEY_ID: keyId, RAZORPAY_KEY_SECRET: keySecret } = env;
  if (keyId === undefined || keySecret === undefined) return undefined;
  return { keyId, keySecret, baseUrl: providerUrl('razorpay', env.RAZORPAY_URL, env.ENVIRONMENT) };
}
