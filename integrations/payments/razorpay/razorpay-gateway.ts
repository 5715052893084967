import type * as v from 'valibot';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { Authorize, PaymentAnswer, PaymentGateway, ProviderPayment, Settle } from '../port.ts';
import {
  collectionOf,
  RazorpayApi,
  RazorpayOrder,
  RazorpayPayment,
  RazorpayRefund,
  RazorpayRefusal,
} from './razorpay-api.ts';
import type { RazorpayConfig } from './razorpay-api.ts';

/**
 * An authorized payment that nobody captures is given back by Razorpay itself after this, minutes; three days is the most that it
 * allows: https://razorpay.com/docs/payments/payments/capture-settings/api
 */
const CAPTURE_WITHIN_MIN = 3 * 24 * 60;

/**
 * Cards and UPI through Razorpay. The customer pays one of Razorpay's orders in its hosted checkout, where card and UPI address are
 * typed in, so that neither comes near us; until then the payment is pending. Creating payments from a server
 * (`/payments/create/*`) is no part of a standard account: https://razorpay.com/docs/payments/payment-gateway/s2s-integration
 */
export function razorpayGateway(config: RazorpayConfig): PaymentGateway {
  const api = new RazorpayApi(config);
  return {
    provider: 'razorpay',
    onDelivery: false,
    // "Should be equal to the order amount": https://razorpay.com/docs/api/payments/capture
    partialCapture: false,
    authorize: (call) => authorize(api, call),
    capture: (call) => capture(api, call),
    void: (call) => letGo(api, call),
    refund: (call) => refund(api, call),
    find: async (orderId) => {
      const known = await findOrder(api, orderId);
      if (known === null) return null;
      const { order, payment } = known;
      return payment === null ? waiting(api, order) : viewOf(api, payment);
    },
  };
}

/**
 * Creating an order has no idempotency key, so it is looked for first; a second one by a crash in between is never shown to the
 * customer, and an order that nobody pays takes no money.
 */
async function authorize(api: RazorpayApi, { orderId, amountMinor, currency }: Authorize): Promise<PaymentAnswer> {
  try {
    const order = await api.post(
      '/orders',
      {
        amount: amountMinor,
        currency,
        receipt: orderId,
        notes: { order_id: orderId },
        payment: {
          capture: 'manual',
          capture_options: { manual_expiry_period: CAPTURE_WITHIN_MIN, refund_speed: 'normal' },
        },
      },
      RazorpayOrder,
    );
    return { outcome: 'pending', providerRef: order.id, action: checkout(api, order.id) };
  } catch (cause) {
    return refusalOf(cause);
  }
}

async function capture(api: RazorpayApi, { orderId, currency, providerRef }: Settle): Promise<PaymentAnswer> {
  const payment = await paymentOf(api, orderId, providerRef);
  if (payment === null) return { outcome: 'declined', reason: 'nothing to capture' };
  if (payment.status === 'captured') return approved(payment, payment.amount);
  try {
    const captured = await api.post(
      `/payments/${payment.id}/capture`,
      { amount: payment.amount, currency },
      RazorpayPayment,
    );
    return approved(captured, captured.amount);
  } catch (cause) {
    return refusalOf(cause);
  }
}

/**
 * There is no void: what is not captured is given back by itself, and an order that is paid after this is never captured either.
 * Only what was captured already is in the way.
 */
async function letGo(api: RazorpayApi, { orderId, providerRef }: Settle): Promise<PaymentAnswer> {
  const payment = await paymentOf(api, orderId, providerRef);
  if (payment?.status === 'captured') return { outcome: 'declined', reason: 'captured: refund it' };
  return { outcome: 'approved', providerRef: payment?.id ?? providerRef, amountMinor: 0 };
}

async function refund(api: RazorpayApi, { opId, orderId, amountMinor, providerRef }: Settle): Promise<PaymentAnswer> {
  const payment = await paymentOf(api, orderId, providerRef);
  if (payment === null) return { outcome: 'declined', reason: 'nothing to refund' };
  // The key outlives no promise: the note is what tells for ever that this refund was made.
  const made = (await refundsOf(api, payment.id)).find((known) => known.opId === opId);
  if (made !== undefined) return approved(payment, made.amountMinor);
  try {
    const refunded = await api.post(
      `/payments/${payment.id}/refund`,
      { amount: amountMinor, speed: 'normal', notes: { op_id: opId } },
      RazorpayRefund,
      { 'x-refund-idempotency': refundKey(opId) },
    );
    return approved(payment, refunded.amount);
  } catch (cause) {
    return refusalOf(cause);
  }
}

/** Letters, digits, hyphens and underscores, ten at least: https://razorpay.com/docs/api/refunds/normal-refunds-idempotent */
function refundKey(opId: string): string {
  return opId.replaceAll(/[^A-Za-z0-9_-]/g, '_').padEnd(10, '_');
}

async function refundsOf(
  api: RazorpayApi,
  paymentId: string,
): Promise<readonly { readonly opId: string; readonly amountMinor: number }[]> {
  const { items } = await api.get(`/payments/${paymentId}/refunds?count=100`, collectionOf(RazorpayRefund));
  return items.flatMap(({ amount, status, notes }) => {
    const opId = Array.isArray(notes) ? undefined : notes.op_id;
    return opId === undefined || status === 'failed' ? [] : [{ opId, amountMinor: amount }];
  });
}

/** The payment that counts: the one that is named, or the order's that came furthest. A failed one may still be followed by another. */
async function paymentOf(api: RazorpayApi, orderId: OrderId, providerRef: string): Promise<RazorpayPayment | null> {
  if (providerRef.startsWith('pay_')) return api.get(`/payments/${providerRef}`, RazorpayPayment);
  return (await findOrder(api, orderId))?.payment ?? null;
}

async function findOrder(
  api: RazorpayApi,
  orderId: OrderId,
): Promise<{ readonly order: v.InferOutput<typeof RazorpayOrder>; readonly payment: RazorpayPayment | null } | null> {
  const { items } = await api.get(`/orders?receipt=${orderId}`, collectionOf(RazorpayOrder));
  const orders = items.filter(({ receipt }) => receipt === orderId);
  const paid = await Promise.all(
    orders.map(({ id }) => api.get(`/orders/${id}/payments`, collectionOf(RazorpayPayment))),
  );
  const payments = paid.flatMap((page) => page.items);
  const payment = FURTHEST.map((status) => payments.find((one) => one.status === status)).find(
    (one) => one !== undefined,
  );
  const [order] = orders;
  return order === undefined ? null : { order, payment: payment ?? null };
}
const FURTHEST = ['refunded', 'captured', 'authorized'] as const satisfies readonly RazorpayPayment['status'][];

function viewOf(api: RazorpayApi, payment: RazorpayPayment): ProviderPayment {
  const { id, amount, currency, amount_refunded: givenBackMinor } = payment;
  const none = { providerRef: id, currency, capturedMinor: 0, refundedMinor: 0 };
  switch (payment.status) {
    case 'authorized':
      return { ...none, status: 'AUTHORIZED', authorizedMinor: amount };
    case 'captured':
    case 'refunded': {
      // Given back without having been taken: nobody captured it in time.
      if (payment.captured === false) return { ...none, status: 'VOIDED', authorizedMinor: 0 };
      const status = givenBackMinor >= amount ? 'REFUNDED' : 'CAPTURED';
      const amounts = { authorizedMinor: amount, capturedMinor: amount, refundedMinor: givenBackMinor };
      return { providerRef: id, currency, status, ...amounts };
    }
    case 'created':
    case 'failed':
      return waiting(api, { id, currency });
  }
}

/** Nobody has paid yet, or every try failed: the customer may try again for as long as the goods are held. */
function waiting(
  api: RazorpayApi,
  { id, currency }: { readonly id: string; readonly currency: string },
): ProviderPayment {
  const amounts = { authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0 };
  return { providerRef: id, currency, status: 'PENDING', ...amounts, action: checkout(api, id) };
}

function checkout(
  { keyId }: RazorpayApi,
  checkoutRef: string,
): ProviderPayment['action'] & { readonly kind: 'OPEN_CHECKOUT' } {
  return { kind: 'OPEN_CHECKOUT', publicKey: keyId, checkoutRef };
}

function approved({ id }: RazorpayPayment, amountMinor: number): PaymentAnswer {
  return { outcome: 'approved', providerRef: id, amountMinor };
}

function refusalOf(cause: unknown): PaymentAnswer {
  if (cause instanceof RazorpayRefusal) return { outcome: 'declined', reason: cause.message };
  throw cause;
}
