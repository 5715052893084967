import type { FakeBooks, FakePayment } from './books.ts';
import { refundedMinor } from './books.ts';
import type { FakeNotices } from './notices.ts';
import type { FakeReply, FakeRequest } from './reply.ts';
import { KeyedAnswers } from './reply.ts';

/** Stripe's own test payment methods, as far as they are played: https://docs.stripe.com/testing */
const DECLINED = 'pm_card_chargeDeclined';
const ASKS_CUSTOMER = 'pm_card_authenticationRequired';
const APPROVED = 'pm_card_visa';

/** The used part of Stripe's API: https://docs.stripe.com/api/payment_intents and /refunds */
export class StripeFace {
  readonly #books: FakeBooks;
  readonly #notices: FakeNotices;
  readonly #key: string;
  readonly #keyed = new KeyedAnswers();

  constructor(books: FakeBooks, notices: FakeNotices, key: string) {
    this.#books = books;
    this.#notices = notices;
    this.#key = key;
  }

  answer(request: FakeRequest): FakeReply {
    if (request.header('authorization') !== `Bearer ${this.#key}`)
      return problem(401, 'invalid_request_error', 'api_key');
    const { pathname, searchParams } = new URL(request.path, 'http://stripe');
    const form = new URLSearchParams(request.body);
    const [, , resource, id, verb] = pathname.split('/');
    if (request.method === 'GET') return this.#read(resource, id, searchParams);
    const conflict = problem(400, 'idempotency_error', 'idempotency_key_reused');
    return this.#keyed.once(request.header('idempotency-key'), `${pathname} ${request.body}`, conflict, () => {
      if (resource === 'refunds') return this.#refund(form);
      if (resource !== 'payment_intents') return problem(404, 'invalid_request_error', 'url_invalid');
      if (id === undefined) return this.#create(form);
      const payment = this.#books.payment(id);
      if (payment === undefined) return missing();
      return verb === 'capture' ? this.#capture(payment, form) : this.#cancel(payment);
    });
  }

  /** What the customer does on the bank's page. */
  decide(payment: FakePayment, approves: boolean): void {
    if (payment.status !== 'WAITING' && payment.status !== 'FAILED') return;
    payment.status = approves ? 'AUTHORIZED' : 'FAILED';
    payment.failure = approves ? null : 'authentication_failed';
    this.#tell(payment, approves ? 'amount_capturable_updated' : 'payment_failed');
  }

  #read(resource: string | undefined, id: string | undefined, query: URLSearchParams): FakeReply {
    if (resource === 'refunds') {
      const payment = this.#books.payment(query.get('payment_intent') ?? '');
      const data = (payment?.refunds ?? []).map((refund) => refundView(refund, payment?.id ?? ''));
      return list(data);
    }
    if (resource !== 'payment_intents') return problem(404, 'invalid_request_error', 'url_invalid');
    const intents = this.#books.payments.filter(({ provider }) => provider === 'stripe').toReversed();
    if (id === 'search') {
      const wanted = /'order_id'\]:'([^']+)'/.exec(query.get('query') ?? '')?.[1];
      return list(intents.filter(({ orderId }) => orderId === wanted).map(intentView), 'search_result');
    }
    if (id !== undefined) {
      const payment = this.#books.payment(id);
      return payment === undefined ? missing() : { status: 200, body: intentView(payment) };
    }
    const after = intents.findIndex((intent) => intent.id === query.get('starting_after')) + 1;
    const since = Number(query.get('created[gte]') ?? 0);
    const limit = Number(query.get('limit') ?? 10);
    const rest = intents.slice(after).filter(({ createdS }) => createdS >= since);
    return list(rest.slice(0, limit).map(intentView), 'list', rest.length > limit);
  }

  #create(form: URLSearchParams): FakeReply {
    const method = form.get('payment_method');
    const known = [APPROVED, DECLINED, ASKS_CUSTOMER];
    if (method !== null && !known.includes(method)) {
      return problem(400, 'invalid_request_error', 'resource_missing', `No such PaymentMethod: '${method}'`);
    }
    const payment: FakePayment = {
      id: this.#books.newId('pi'),
      provider: 'stripe',
      orderId: form.get('metadata[order_id]') ?? '',
      checkoutRef: null,
      currency: (form.get('currency') ?? '').toUpperCase(),
      amountMinor: Number(form.get('amount')),
      createdS: Math.floor(Date.now() / 1000),
      status: method === null ? 'FAILED' : 'WAITING',
      capturedMinor: 0,
      failure: null,
      refunds: [],
    };
    this.#books.payments.push(payment);
    if (method === APPROVED) this.decide(payment, true);
    if (method !== DECLINED) return { status: 200, body: intentView(payment) };
    payment.status = 'FAILED';
    payment.failure = 'card_declined';
    this.#tell(payment, 'payment_failed');
    return problem(402, 'card_error', 'card_declined', 'Your card was declined.', {
      decline_code: 'generic_decline',
      payment_intent: intentView(payment),
    });
  }

  #capture(payment: FakePayment, form: URLSearchParams): FakeReply {
    if (payment.status !== 'AUTHORIZED') return outOfState(payment);
    const amountMinor = Number(form.get('amount_to_capture') ?? payment.amountMinor);
    if (amountMinor <= 0 || amountMinor > payment.amountMinor) {
      return problem(400, 'invalid_request_error', 'amount_too_large');
    }
    payment.status = 'CAPTURED';
    payment.capturedMinor = amountMinor;
    this.#tell(payment, 'succeeded');
    return { status: 200, body: intentView(payment) };
  }

  #cancel(payment: FakePayment): FakeReply {
    if (payment.status === 'CAPTURED' || payment.status === 'CANCELED') return outOfState(payment);
    payment.status = 'CANCELED';
    this.#tell(payment, 'canceled');
    return { status: 200, body: intentView(payment) };
  }

  #refund(form: URLSearchParams): FakeReply {
    const payment = this.#books.payment(form.get('payment_intent') ?? '');
    if (payment === undefined) return missing();
    const leftMinor = payment.capturedMinor - refundedMinor(payment);
    const amountMinor = Number(form.get('amount') ?? leftMinor);
    if (leftMinor === 0) return problem(400, 'invalid_request_error', 'charge_already_refunded');
    if (amountMinor <= 0 || amountMinor > leftMinor) return problem(400, 'invalid_request_error', 'amount_too_large');
    const metadata = { order_id: payment.orderId, op_id: form.get('metadata[op_id]') ?? '' };
    const refund = { id: this.#books.newId('re'), amountMinor, metadata };
    payment.refunds.push(refund);
    return { status: 200, body: refundView(refund, payment.id) };
  }

  #tell(payment: FakePayment, what: string): void {
    const eventId = this.#books.newId('evt');
    const event = {
      id: eventId,
      object: 'event',
      created: Math.floor(Date.now() / 1000),
      type: `payment_intent.${what}`,
      data: { object: intentView(payment) },
    };
    this.#notices.tell({ provider: 'stripe', eventId, body: JSON.stringify(event) });
  }
}

const STATUS = {
  WAITING: 'requires_action',
  AUTHORIZED: 'requires_capture',
  FAILED: 'requires_payment_method',
  CAPTURED: 'succeeded',
  CANCELED: 'canceled',
} as const satisfies Record<FakePayment['status'], string>;

function intentView(payment: FakePayment): object {
  const { id, status, amountMinor, capturedMinor, currency, orderId, createdS, failure } = payment;
  const url = `https://hooks.stripe.example/authenticate/${id}`;
  return {
    id,
    object: 'payment_intent',
    amount: amountMinor,
    amount_capturable: status === 'AUTHORIZED' ? amountMinor : 0,
    amount_received: capturedMinor,
    capture_method: 'manual',
    created: createdS,
    currency: currency.toLowerCase(),
    last_payment_error: failure === null ? null : { code: failure, type: 'card_error' },
    metadata: { order_id: orderId },
    next_action: status === 'WAITING' ? { type: 'redirect_to_url', redirect_to_url: { url, return_url: null } } : null,
    status: STATUS[status],
  };
}

function refundView(
  { id, amountMinor, metadata }: { readonly id: string; readonly amountMinor: number; readonly metadata: object },
  intentId: string,
): object {
  return { id, object: 'refund', amount: amountMinor, payment_intent: intentId, metadata, status: 'succeeded' };
}

function list(data: readonly object[], object = 'list', hasMore = false): FakeReply {
  return { status: 200, body: { object, data, has_more: hasMore, url: '/v1' } };
}

function missing(): FakeReply {
  return problem(404, 'invalid_request_error', 'resource_missing');
}

function outOfState(payment: FakePayment): FakeReply {
  return problem(400, 'invalid_request_error', 'payment_intent_unexpected_state', undefined, {
    payment_intent: intentView(payment),
  });
}

function problem(status: number, type: string, code: string, message: string = code, more: object = {}): FakeReply {
  return { status, body: { error: { type, code, message, ...more } } };
}
