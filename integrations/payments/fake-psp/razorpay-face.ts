import * as v from 'valibot';
import type { FakeBooks, FakeOrder, FakePayment, FakeRefund } from './books.ts';
import { refundedMinor } from './books.ts';
import type { FakeNotices } from './notices.ts';
import type { FakeReply, FakeRequest } from './reply.ts';
import { KeyedAnswers } from './reply.ts';

const Body = v.object({
  amount: v.optional(v.number()),
  currency: v.optional(v.string()),
  receipt: v.optional(v.string()),
  notes: v.optional(v.record(v.string(), v.string())),
});
type Body = v.InferOutput<typeof Body>;

/** The used part of Razorpay's API: https://razorpay.com/docs/api/orders, /payments and /refunds */
export class RazorpayFace {
  readonly #books: FakeBooks;
  readonly #notices: FakeNotices;
  readonly #authorization: string;
  readonly #keyed = new KeyedAnswers();

  constructor(books: FakeBooks, notices: FakeNotices, key: { readonly id: string; readonly secret: string }) {
    this.#books = books;
    this.#notices = notices;
    this.#authorization = `Basic ${btoa(`${key.id}:${key.secret}`)}`;
  }

  answer(request: FakeRequest): FakeReply {
    if (request.header('authorization') !== this.#authorization) {
      return problem('Authentication failed', 401);
    }
    const { pathname, searchParams } = new URL(request.path, 'http://razorpay');
    const [, , resource, id, verb] = pathname.split('/');
    if (request.method === 'GET') {
      return resource === 'orders' ? this.#readOrders(id, searchParams) : this.#readPayment(id, verb);
    }
    const body = v.parse(v.pipe(v.string(), v.parseJson(), Body), request.body);
    if (resource === 'orders') return this.#order(body);
    const payment = this.#books.payment(id ?? '');
    if (payment === undefined) return problem('The id provided does not exist');
    if (verb === 'capture') return this.#capture(payment, body);
    const conflict = problem('Different request with the same idempotency key has already been processed.');
    const key = request.header('x-refund-idempotency');
    return this.#keyed.once(key, `${pathname} ${request.body}`, conflict, () => this.#refund(payment, body));
  }

  /** A try of the customer in the hosted checkout. A later one may go another way than an earlier one. */
  pay(checkoutRef: string, approves: boolean): void {
    const order = this.#books.orders.find(({ id }) => id === checkoutRef);
    if (order === undefined) return;
    const payment: FakePayment = {
      id: this.#books.newId('pay'),
      provider: 'razorpay',
      orderId: order.receipt,
      checkoutRef,
      currency: order.currency,
      amountMinor: order.amountMinor,
      createdS: Math.floor(Date.now() / 1000),
      status: approves ? 'AUTHORIZED' : 'FAILED',
      capturedMinor: 0,
      failure: approves ? null : 'Payment was not completed.',
      refunds: [],
    };
    this.#books.payments.push(payment);
    this.#tell(payment, approves ? 'authorized' : 'failed');
  }

  /** The bank says yes after all: what failed is authorized. */
  decide(payment: FakePayment, approves: boolean): void {
    if (payment.status !== 'FAILED' || !approves) return;
    payment.status = 'AUTHORIZED';
    payment.failure = null;
    this.#tell(payment, 'authorized');
  }

  #readOrders(id: string | undefined, query: URLSearchParams): FakeReply {
    const receipt = query.get('receipt');
    if (id === undefined) {
      const orders = this.#books.orders.filter((order) => receipt === null || order.receipt === receipt);
      return collection(orders.map(orderView));
    }
    const payments = this.#books.payments.filter(({ checkoutRef }) => checkoutRef === id);
    return collection(payments.map(paymentView));
  }

  #readPayment(id: string | undefined, verb: string | undefined): FakeReply {
    const payment = this.#books.payment(id ?? '');
    if (payment === undefined) return problem('The id provided does not exist');
    if (verb === 'refunds') return collection(payment.refunds.map((refund) => refundView(refund, payment)));
    return { status: 200, body: paymentView(payment) };
  }

  #order({ amount = 0, currency = '', receipt = '' }: Body): FakeReply {
    if (amount < 100) return problem('Order amount less than minimum amount allowed');
    if (receipt.length > 40) return problem('The receipt may not be greater than 40 characters.');
    const order: FakeOrder = { id: this.#books.newId('order'), receipt, amountMinor: amount, currency };
    this.#books.orders.push(order);
    return { status: 200, body: orderView(order) };
  }

  #capture(payment: FakePayment, { amount, currency }: Body): FakeReply {
    if (payment.status === 'CAPTURED') return problem('This payment has already been captured');
    if (payment.status !== 'AUTHORIZED') return problem('Only payments which have been authorized can be captured');
    if (amount !== payment.amountMinor || currency !== payment.currency) {
      return problem('Capture amount must be equal to the amount authorized');
    }
    payment.status = 'CAPTURED';
    payment.capturedMinor = amount;
    this.#tell(payment, 'captured');
    return { status: 200, body: paymentView(payment) };
  }

  #refund(payment: FakePayment, { amount = payment.capturedMinor, notes = {} }: Body): FakeReply {
    if (payment.capturedMinor === 0) return problem('The payment status should be captured for action to be taken');
    if (amount <= 0 || refundedMinor(payment) + amount > payment.capturedMinor) {
      return problem('The total refund amount is greater than the refund payment amount');
    }
    const refund: FakeRefund = { id: this.#books.newId('rfnd'), amountMinor: amount, metadata: notes };
    payment.refunds.push(refund);
    return { status: 200, body: refundView(refund, payment) };
  }

  #tell(payment: FakePayment, what: string): void {
    const eventId = this.#books.newId('evt');
    const event = {
      entity: 'event',
      event: `payment.${what}`,
      contains: ['payment'],
      payload: { payment: { entity: paymentView(payment) } },
      created_at: Math.floor(Date.now() / 1000),
    };
    this.#notices.tell({ provider: 'razorpay', eventId, body: JSON.stringify(event) });
  }
}

function orderView({ id, receipt, amountMinor, currency }: FakeOrder): object {
  return {
    id,
    entity: 'order',
    amount: amountMinor,
    currency,
    receipt,
    status: 'created',
    notes: { order_id: receipt },
  };
}

function paymentView(payment: FakePayment): object {
  const { id, checkoutRef, status, amountMinor, currency, orderId, failure, capturedMinor, createdS } = payment;
  const refunded = refundedMinor(payment);
  const isRefunded = capturedMinor > 0 && refunded === capturedMinor;
  const known = {
    WAITING: 'created',
    AUTHORIZED: 'authorized',
    FAILED: 'failed',
    CAPTURED: 'captured',
    CANCELED: 'failed',
  };
  return {
    id,
    entity: 'payment',
    amount: amountMinor,
    currency,
    status: isRefunded ? 'refunded' : known[status],
    order_id: checkoutRef,
    method: 'upi',
    amount_refunded: refunded,
    captured: capturedMinor > 0,
    error_code: failure === null ? null : 'BAD_REQUEST_ERROR',
    error_description: failure,
    notes: { order_id: orderId },
    created_at: createdS,
  };
}

function refundView({ id, amountMinor, metadata }: FakeRefund, payment: FakePayment): object {
  return {
    id,
    entity: 'refund',
    amount: amountMinor,
    currency: payment.currency,
    payment_id: payment.id,
    notes: metadata,
    status: 'processed',
  };
}

function collection(items: readonly object[]): FakeReply {
  return { status: 200, body: { entity: 'collection', count: items.length, items } };
}

function problem(description: string, status = 400): FakeReply {
  return {
    status,
    body: { error: { code: 'BAD_REQUEST_ERROR', description, source: 'business', reason: 'input_validation_failed' } },
  };
}
