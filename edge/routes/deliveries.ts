import { Hono } from 'hono';
import * as v from 'valibot';
import {
  DeliveryLocationView,
  DeliveryStatusBody,
  DeliveryStatusView,
  DeliveryTrackingView,
  DeliveryView,
  OverrideDeliveryBody,
  ReassignBody,
} from '../../contracts/http/deliveries.ts';
import { SagaView } from '../../contracts/http/order-saga.ts';
import { refuse } from '../../contracts/problem.ts';
import type { MoveDelivery } from '../../contracts/rpc/courier.ts';
import { DeliveryIdText, OrderIdText } from '../../contracts/wire.ts';
import { asDeliveryId, asOrderId, orderIdOf } from '../../domain/shared/ids.ts';
import { courierStub, orderStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { RETRY_KEY_HEADER, signedBy } from '../store-call.ts';
import { body, params } from '../validate.ts';

const DeliveryParams = v.strictObject({ deliveryId: DeliveryIdText });
const OrderParams = v.strictObject({ orderId: OrderIdText });
const ACCESS = ['customer', 'courier', 'operator'] as const;
const TAG = 'Deliveries';
const REFUSES = ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'] as const;

/** Deliveries, for those who cannot hold a socket; and what operators do when one goes wrong. */
export const deliveries = new Hono<AppEnv>()
  .get(
    '/deliveries/:deliveryId',
    endpoint({
      access: ACCESS,
      tag: TAG,
      summary: 'An order on its way',
      description: 'Its id is that of its order with another prefix. There is none before a courier took it.',
      answers: { 200: DeliveryView },
      refuses: REFUSES,
    }),
    params(DeliveryParams),
    async (c) => {
      const orderId = orderIdOf(asDeliveryId(c.req.valid('param').deliveryId));
      const found = await askObject(() => orderStub(c.env, orderId).ask({ ask: 'AskDelivery', actor: c.var.actor }));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .get(
    '/deliveries/:deliveryId/tracking',
    endpoint({
      access: ACCESS,
      tag: TAG,
      summary: 'Where a delivery is and when it will be there',
      answers: { 200: DeliveryTrackingView },
      refuses: REFUSES,
    }),
    params(DeliveryParams),
    async (c) => {
      const orderId = orderIdOf(asDeliveryId(c.req.valid('param').deliveryId));
      const [found, tracked] = await Promise.all([
        askObject(() => orderStub(c.env, orderId).ask({ ask: 'AskDelivery', actor: c.var.actor })),
        askObject(() => orderStub(c.env, orderId).tracking(c.var.actor)),
      ]);
      if (!found.ok) return problem(c, found.error);
      if (!tracked.ok) return problem(c, tracked.error);
      const { id, status, pickup, drop } = found.value;
      const { eta, courier } = tracked.value;
      return c.json({ id, status, eta, pickup, drop, courier }, 200);
    },
  )
  .get(
    '/deliveries/:deliveryId/location',
    endpoint({
      access: ACCESS,
      tag: TAG,
      summary: 'Where the courier was seen within the last minute',
      answers: { 200: DeliveryLocationView },
      refuses: REFUSES,
    }),
    params(DeliveryParams),
    async (c) => {
      const orderId = orderIdOf(asDeliveryId(c.req.valid('param').deliveryId));
      const tracked = await askObject(() => orderStub(c.env, orderId).tracking(c.var.actor));
      if (!tracked.ok) return problem(c, tracked.error);
      const { courier } = tracked.value;
      return courier === null ? problem(c, NO_POSITION) : c.json(courier, 200);
    },
  )
  .post(
    '/deliveries/:deliveryId/status',
    endpoint({
      access: ['courier'],
      tag: TAG,
      summary: 'Move your delivery on',
      description:
        'A step that was taken already is no mistake. The store says that the bags are picked up. Without an Idempotency-Key a wrong code counts each time that it is sent.',
      answers: { 200: DeliveryStatusView },
      refuses: [
        ...REFUSES,
        'NOT_ASSIGNED',
        'ILLEGAL_TRANSITION',
        'DELIVERY_CODE_WRONG',
        'DELIVERY_CODE_LOCKED',
        'PHOTO_NOT_ENOUGH',
        'OP_ID_REUSED',
      ],
      headers: RETRY_KEY_HEADER,
    }),
    params(DeliveryParams),
    body(DeliveryStatusBody),
    async (c) => {
      const { actor } = c.var;
      const id = asDeliveryId(c.req.valid('param').deliveryId);
      const orderId = orderIdOf(id);
      const wanted = c.req.valid('json');
      if (wanted.status === 'PICKED') {
        const found = await askObject(() => orderStub(c.env, orderId).ask({ ask: 'AskDelivery', actor }));
        if (!found.ok) return problem(c, found.error);
        return found.value.status === 'ASSIGNED'
          ? problem(c, NOT_HANDED_OVER)
          : c.json({ id, status: found.value.status }, 200);
      }
      const move = moveOf(wanted);
      if (move === null) return problem(c, ONE_PROOF);
      const command: MoveDelivery = { ...signedBy(c), orderId, move };
      const moved = await askObject(() => courierStub(c.env, actor.courierId).moveDelivery(command));
      return moved.ok ? c.json({ id, status: wanted.status }, 200) : problem(c, moved.error);
    },
  )
  .post(
    '/orders/:orderId/reassign',
    endpoint({
      access: ['operator'],
      tag: TAG,
      summary: 'Take the courier off an order, and look for another one',
      answers: { 200: SagaView },
      refuses: [...REFUSES, 'NOT_REASSIGNABLE', 'OP_ID_REUSED'],
      headers: RETRY_KEY_HEADER,
    }),
    params(OrderParams),
    body(ReassignBody),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const command = { ...signedBy(c), do: 'ReassignCourier' as const, ...c.req.valid('json') };
      const reassigned = await askObject(() => orderStub(c.env, orderId).execute(command));
      return reassigned.ok ? c.json(reassigned.value, 200) : problem(c, reassigned.error);
    },
  )
  .post(
    '/orders/:orderId/delivered',
    endpoint({
      access: ['operator'],
      tag: TAG,
      summary: 'Say that an order was delivered, though its chain of custody does not show it',
      description:
        'For a locked code or a dead phone. What is missing of the chain is waived, under your name and reason.',
      answers: { 200: SagaView },
      refuses: [...REFUSES, 'ILLEGAL_TRANSITION', 'OP_ID_REUSED'],
      headers: RETRY_KEY_HEADER,
    }),
    params(OrderParams),
    body(OverrideDeliveryBody),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const { reason, collected } = c.req.valid('json');
      const told = { do: 'OverrideDelivery' as const, reason, collectedMinor: collected?.amount ?? 0 };
      const command = { ...signedBy(c), ...told };
      const overridden = await askObject(() => orderStub(c.env, orderId).execute(command));
      return overridden.ok ? c.json(overridden.value, 200) : problem(c, overridden.error);
    },
  );

/** `null` unless there is exactly one proof. */
function moveOf(wanted: Exclude<DeliveryStatusBody, { status: 'PICKED' }>): MoveDelivery['move'] | null {
  if (wanted.status === 'IN_TRANSIT') return { to: 'IN_TRANSIT' };
  const { code, photo, collected } = wanted;
  if ((code === undefined) === (photo === undefined)) return null;
  const shown = photo === undefined ? { code: code ?? '' } : { photo };
  return { to: 'DELIVERED', shown, ...(collected === undefined ? {} : { collected }) };
}

const NO_POSITION = refuse(
  'NOT_FOUND',
  'The courier was not seen within the last minute, or not where you may see it.',
);
const NOT_HANDED_OVER = refuse('ILLEGAL_TRANSITION', 'The store hands the bags over: show your code at the counter.');
const ONE_PROOF = refuse('INVALID_INPUT', 'Send the code or a picture, and not both.');
