import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { CancelOrderBody, OrderView, PlaceOrderBody } from '../../contracts/http/orders.ts';
import { TrackingView } from '../../contracts/http/tracking.ts';
import type { PlaceOrder } from '../../contracts/rpc/order.ts';
import { OrderIdText } from '../../contracts/wire.ts';
import { canonicalJson } from '../../domain/shared/canonical.ts';
import { asOpId, asOrderId } from '../../domain/shared/ids.ts';
import { orderStub } from '../../durable/stubs.ts';
import { readWishes } from '../order-wishes.ts';
import { authOf } from '../auth/authenticate.ts';
import { ofCart, openCheckout, orderedBasket } from '../cart-checkout.ts';
import { endpoint } from '../endpoint.ts';
import { readConfig } from '../env.ts';
import type { AppEnv } from '../endpoint.ts';
import { KEY_HEADER, readIdempotencyKey } from '../idempotency-key.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { orderIdOf } from '../order-id.ts';
import { choosePayment } from '../payment-choice.ts';
import { problem } from '../problem.ts';
import { agree } from '../quotes.ts';
import type { Asking } from '../quotes.ts';
import { Storefront } from '../storefront.ts';
import { body, params } from '../validate.ts';

const CANCEL_KEY_HEADER = {
  'idempotency-key': { required: false, description: 'Makes a retry of this very call known.' },
};
const OrderParams = v.strictObject({ orderId: OrderIdText });

export const orders = new Hono<AppEnv>()
  .post(
    '/',
    endpoint({
      access: ['customer'],
      tag: 'Orders',
      summary: 'Place an order',
      description:
        'The same Idempotency-Key with the same body gives the same order, marked by the header `idempotent-replayed: true`; with another body it is refused. Prices are the server’s. With a `quote` the order costs at most its total; what changed since is named, with a new quote to accept.',
      answers: { 201: OrderView },
      refuses: [
        'INVALID_INPUT',
        'IDEMPOTENCY_KEY_REQUIRED',
        'IDEMPOTENCY_KEY_REUSED',
        'CART_CHANGED',
        'CART_EMPTY',
        'CHECKOUT_OPEN',
        'NOT_SERVICEABLE',
        'UNKNOWN_SKU',
        'QUOTE_INVALID',
        'QUOTE_EXPIRED',
        'PRICE_CHANGED',
        'PROMISE_NOT_POSSIBLE',
        'STORE_CLOSED',
        'STORE_BUSY',
        'INSUFFICIENT_STOCK',
        'HOLD_EXPIRED',
        'PAYMENT_DECLINED',
        'UNAVAILABLE',
      ],
      headers: KEY_HEADER,
    }),
    body(PlaceOrderBody),
    async (c) => {
      const key = readIdempotencyKey(c);
      if (!key.ok) return problem(c, key.error);
      const { actor } = c.var;
      const wanted = c.req.valid('json');
      const wishes = readWishes(wanted);
      if (!wishes.ok) return problem(c, wishes.error);
      const orderId = orderIdOf(actor.userId, key.value);
      const claim = { orderId, bodyDigest: sha256Hex(canonicalJson(wanted)) };
      const asked = await orderedBasket(c, actor, claim, wanted);
      if (!asked.ok) return problem(c, asked.error);
      const { lat, lng } = wanted.deliverTo;
      const asking: Asking = {
        storefront: new Storefront(c),
        texts: authOf(c.env).quotes,
        customerId: actor.userId,
        wanted: { deliverTo: { lat, lng }, ...asked.value, mayWait: wanted.mayWait ?? false },
        tip: wanted.tip,
        nowMs: Date.now(),
      };
      const agreed = await agree(asking, wanted.quote);
      if (!agreed.ok) {
        // What cannot be ordered now may have been ordered before under this key: then that is the answer.
        const known = await askObject(() => orderStub(c.env, orderId).view(actor));
        if (!known.ok) return problem(c, agreed.error);
      }
      const checkout = await openCheckout(c, actor, claim, wanted.cartVersion);
      if (!checkout.ok) return problem(c, checkout.error);
      const command: PlaceOrder = {
        v: RPC_VERSION,
        actor,
        opId: asOpId(`place:${orderId}`),
        traceparent: traceparentOf(c),
        ...claim,
        customerId: actor.userId,
        drop: { lat, lng },
        dropNote: wanted.deliverTo.note ?? '',
        candidates: agreed.ok ? agreed.value.candidates : [],
        ...(wanted.mayWait === true && { mayWait: true }),
        ...(agreed.ok && { ranking: agreed.value.ranking }),
        payment: await choosePayment(asking.storefront, readConfig(c.env).paymentProviders, wanted),
        ...(checkout.value === null ? { wishes: wishes.value } : ofCart(checkout.value)),
      };
      const placed = await askObject(() => orderStub(c.env, orderId).place(command));
      if (!placed.ok) return problem(c, placed.error);
      const headers = placed.value.replayed ? { 'idempotent-replayed': 'true' } : {};
      return c.json(placed.value.order, 201, { ...headers, location: `/api/v1/orders/${orderId}` });
    },
  )
  .get(
    '/:orderId',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Orders',
      summary: 'One order as it is now',
      answers: { 200: OrderView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const found = await askObject(() => orderStub(c.env, orderId).view(c.var.actor));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .get(
    '/:orderId/tracking',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Orders',
      summary: 'Where an order is and when it will be there',
      answers: { 200: TrackingView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const found = await askObject(() => orderStub(c.env, orderId).tracking(c.var.actor));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .put(
    '/:orderId/cancel',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Orders',
      summary: 'Cancel an order',
      answers: { 200: OrderView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'ORDER_NOT_CANCELLABLE', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: CANCEL_KEY_HEADER,
    }),
    params(OrderParams),
    body(CancelOrderBody),
    async (c) => {
      const { actor } = c.var;
      const orderId = asOrderId(c.req.valid('param').orderId);
      const key = c.req.header('idempotency-key') ?? crypto.randomUUID();
      const opId = asOpId(`cancel:${sha256Hex(`${actor.userId}\n${key}`)}`);
      const command = { v: RPC_VERSION, actor, opId, traceparent: traceparentOf(c), ...c.req.valid('json') };
      const cancelled = await askObject(() => orderStub(c.env, orderId).cancel(command));
      return cancelled.ok ? c.json(cancelled.value, 200) : problem(c, cancelled.error);
    },
  );

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
