import { Stripe } from 'stripe';
import type { PaymentAction } from '../../../domain/order/payment-method.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { Authorize, PaymentAnswer, PaymentGateway, ProviderPayment, Settle } from '../port.ts';
import { STRIPE_TERMS } from './stripe-rpc.ts';

export interface StripeConfig {
  readonly secretKey: string;
  readonly baseUrl: string;
  /** Where the bank's page sends the customer back to. */
  readonly returnUrl: string;
}

/** A customer waits 1.5 s for the outcome so far: a call that takes longer is asked about instead. */
const CALL_TIMEOUT_MS = 1200;
/** Search is up to a minute behind, in incidents more: https://docs.stripe.com/search#data-freshness. The list is not. */
const SEARCH_LAG_S = 300;
const LIST_PAGES_MAX = 10;
const LIST_PAGE = 100;

type Intent = Stripe.PaymentIntent;

/**
 * Cards through Stripe's PaymentIntents, captured by hand: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method. The
 * token is a PaymentMethod that Stripe's own fields made in the customer's browser. Retries are the order's, under the same keys.
 */
export function stripeGateway({ secretKey, baseUrl, returnUrl }: StripeConfig): PaymentGateway {
  const { hostname, port, protocol } = new URL(baseUrl);
  const client = new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    protocol: protocol === 'http:' ? 'http' : 'https',
    maxNetworkRetries: 0,
    timeout: CALL_TIMEOUT_MS,
    telemetry: false,
  });
  return {
    ...STRIPE_TERMS,
    authorize: (call) => authorize(client, call, returnUrl),
    capture: (call) => capture(client, call),
    void: (call) => letGo(client, call),
    refund: (call) => refund(client, call),
    find: async (orderId, providerRef) => {
      const intent = await findIntent(client, orderId, providerRef);
      return intent === null ? null : viewOf(client, intent);
    },
  };
}

/** One authorization an order, under one key: whoever uses it first has it. */
function authorizationKey(orderId: OrderId): string {
  return `${orderId}:pay`;
}

async function authorize(client: Stripe, call: Authorize, returnUrl: string): Promise<PaymentAnswer> {
  try {
    const intent = await client.paymentIntents.create(
      {
        ...named(call),
        payment_method: call.token,
        allowed_payment_method_types: ['card'],
        capture_method: 'manual',
        confirm: true,
        return_url: returnUrl,
      },
      { idempotencyKey: authorizationKey(call.orderId) },
    );
    return answerOf(intent);
  } catch (cause) {
    return refusalOf(cause);
  }
}

function named({ orderId, amountMinor, currency }: Authorize | Settle): {
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Record<string, string>;
} {
  return { amount: amountMinor, currency: currency.toLowerCase(), metadata: { order_id: orderId } };
}

/** What is not captured of the amount is released: https://docs.stripe.com/api/payment_intents/capture */
async function capture(client: Stripe, { opId, orderId, amountMinor, providerRef }: Settle): Promise<PaymentAnswer> {
  const intentId = await refOf(client, orderId, providerRef);
  if (intentId === null) return { outcome: 'declined', reason: 'nothing to capture' };
  try {
    const options = { idempotencyKey: opId };
    const intent = await client.paymentIntents.capture(intentId, { amount_to_capture: amountMinor }, options);
    return approved(intent, intent.amount_received);
  } catch (cause) {
    const intent = await stateBehind(client, cause, intentId);
    return intent.status === 'succeeded' ? approved(intent, intent.amount_received) : refusalOf(cause);
  }
}

async function letGo(client: Stripe, call: Settle): Promise<PaymentAnswer> {
  const intentId = (await refOf(client, call.orderId, call.providerRef)) ?? (await takeItsPlace(client, call));
  try {
    return approved(await client.paymentIntents.cancel(intentId, {}, { idempotencyKey: call.opId }), 0);
  } catch (cause) {
    const intent = await stateBehind(client, cause, intentId);
    if (intent.status === 'canceled') return approved(intent, 0);
    return intent.status === 'succeeded' ? { outcome: 'declined', reason: 'captured: refund it' } : refusalOf(cause);
  }
}

/**
 * An authorization that nobody has seen may still be on its way. An empty intent takes its key, so that it is refused when it comes;
 * when it was faster this very call is refused, and the intent that it made is found the next time.
 */
async function takeItsPlace(client: Stripe, call: Settle): Promise<string> {
  const options = { idempotencyKey: authorizationKey(call.orderId) };
  const empty = await client.paymentIntents.create({ ...named(call), allowed_payment_method_types: ['card'] }, options);
  return empty.id;
}

async function refund(client: Stripe, { opId, orderId, amountMinor, providerRef }: Settle): Promise<PaymentAnswer> {
  const intentId = await refOf(client, orderId, providerRef);
  if (intentId === null) return { outcome: 'declined', reason: 'nothing to refund' };
  try {
    const { amount } = await client.refunds.create(
      { payment_intent: intentId, amount: amountMinor, metadata: { order_id: orderId, op_id: opId } },
      { idempotencyKey: opId },
    );
    return { outcome: 'approved', providerRef: intentId, amountMinor: amount };
  } catch (cause) {
    return refusalOf(cause);
  }
}

async function refOf(client: Stripe, orderId: OrderId, providerRef: string): Promise<string | null> {
  if (providerRef !== '') return providerRef;
  return (await findIntent(client, orderId, undefined))?.id ?? null;
}

/** By its id; else by the order's, in the search for what is older than its lag and in the list for what is not. */
async function findIntent(client: Stripe, orderId: OrderId, providerRef: string | undefined): Promise<Intent | null> {
  if (providerRef !== undefined && providerRef !== '') return client.paymentIntents.retrieve(providerRef);
  const found = await client.paymentIntents.search({ query: `metadata['order_id']:'${orderId}'`, limit: 1 });
  if (found.data[0] !== undefined) return found.data[0];
  const since = Math.floor(Date.now() / 1000) - SEARCH_LAG_S;
  let after: string | undefined;
  for (let pages = 0; pages < LIST_PAGES_MAX; pages += 1) {
    const cursor = after === undefined ? {} : { starting_after: after };
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await client.paymentIntents.list({ created: { gte: since }, limit: LIST_PAGE, ...cursor });
    const intent = page.data.find(({ metadata }) => metadata['order_id'] === orderId);
    if (intent !== undefined) return intent;
    if (!page.has_more) return null;
    after = page.data.at(-1)?.id;
  }
  throw new Error(`stripe has more than ${LIST_PAGES_MAX * LIST_PAGE} payments of the last minutes: ask again`);
}

async function viewOf(client: Stripe, intent: Intent): Promise<ProviderPayment> {
  const currency = intent.currency.toUpperCase();
  const none = { providerRef: intent.id, currency, authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0 };
  switch (intent.status) {
    case 'requires_capture':
      return { ...none, status: 'AUTHORIZED', authorizedMinor: intent.amount_capturable };
    case 'succeeded': {
      const { data } = await client.refunds.list({ payment_intent: intent.id, limit: 100 });
      const made = data.filter(({ status }) => status !== 'failed' && status !== 'canceled');
      const refundedMinor = made.reduce((sum, { amount }) => sum + amount, 0);
      const capturedMinor = intent.amount_received;
      const status = refundedMinor >= capturedMinor ? 'REFUNDED' : 'CAPTURED';
      return { ...none, status, authorizedMinor: intent.amount, capturedMinor, refundedMinor };
    }
    case 'canceled':
      return { ...none, status: 'VOIDED' };
    case 'requires_payment_method':
      return { ...none, status: 'DECLINED' };
    case 'processing':
    case 'requires_action':
    case 'requires_confirmation': {
      const action = actionOf(intent);
      return { ...none, status: 'PENDING', ...(action !== undefined && { action }) };
    }
    default:
      throw unheardOf(intent);
  }
}

function answerOf(intent: Intent): PaymentAnswer {
  switch (intent.status) {
    case 'requires_capture':
      return approved(intent, intent.amount_capturable);
    case 'succeeded':
      return approved(intent, intent.amount_received);
    case 'canceled':
    case 'requires_payment_method':
      return { outcome: 'declined', reason: intent.last_payment_error?.code ?? intent.status };
    case 'processing':
    case 'requires_action':
    case 'requires_confirmation': {
      const action = actionOf(intent);
      return { outcome: 'pending', providerRef: intent.id, ...(action !== undefined && { action }) };
    }
    default:
      throw unheardOf(intent);
  }
}

/** A status that Stripe did not have when this was written says nothing about the money. */
function unheardOf({ id, status }: Intent): Error {
  return new Error(`stripe has ${id} at ${status}`);
}

function actionOf({ next_action: next }: Intent): PaymentAction | undefined {
  const url = next?.redirect_to_url?.url;
  return typeof url === 'string' ? { kind: 'REDIRECT', url } : undefined;
}

function approved({ id }: Intent, amountMinor: number): PaymentAnswer {
  return { outcome: 'approved', providerRef: id, amountMinor };
}

/** An intent that is not where the call wanted it may be there already. Throws what it was given when that is not the question. */
async function stateBehind(client: Stripe, cause: unknown, intentId: string): Promise<Intent> {
  const isOutOfState =
    cause instanceof Stripe.errors.StripeInvalidRequestError && cause.code === 'payment_intent_unexpected_state';
  if (!isOutOfState) throw cause;
  return client.paymentIntents.retrieve(intentId);
}

/** Stripe understood and said no. A key that was used for something else is our fault and no answer about the payment. */
function refusalOf(cause: unknown): PaymentAnswer {
  const { StripeCardError, StripeInvalidRequestError } = Stripe.errors;
  if (cause instanceof StripeCardError) {
    return { outcome: 'declined', reason: cause.decline_code ?? cause.code ?? 'card_declined' };
  }
  if (cause instanceof StripeInvalidRequestError) return { outcome: 'declined', reason: cause.code ?? cause.type };
  throw cause;
}
