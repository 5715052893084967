import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor, Command } from '../../contracts/actor.ts';
import {
  HistoryQuery,
  OrderLogView,
  OrderPastView,
  SagaView,
  SettleByHandBody,
  StuckOrdersQuery,
  StuckOrdersView,
} from '../../contracts/http/order-saga.ts';
import { refuse } from '../../contracts/problem.ts';
import { OrderIdText, toTimestamp } from '../../contracts/wire.ts';
import { listStuckOrders } from '../../db/queries/stuck-orders.ts';
import { asOpId, asOrderId } from '../../domain/shared/ids.ts';
import { orderStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { readOrderCursor, toOrderCursorText } from '../order-cursor.ts';
import { withPostgres } from '../postgres.ts';
import { problem } from '../problem.ts';
import { body, params, query } from '../validate.ts';

const OrderParams = v.strictObject({ orderId: OrderIdText });
const LIMIT_DEFAULT = 20;
const OPERATIONS_HEADER = {
  'idempotency-key': { required: false, description: 'Makes a retry of this very call known.' },
};

/** An order's way as operators see it, and what was known of it when. */
export const orderSaga = new Hono<AppEnv>()
  .get(
    '/orders/:orderId/history',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Orders',
      summary: 'One order as it was known at a moment',
      description: 'Without `at`: as it is known now. Nothing that was written later is in the answer.',
      answers: { 200: OrderPastView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    query(HistoryQuery),
    async (c) => {
      const { at } = c.req.valid('query');
      const question = {
        ask: 'AskPast',
        actor: c.var.actor,
        atMs: at === undefined ? Date.now() : Date.parse(at),
      } as const;
      const orderId = asOrderId(c.req.valid('param').orderId);
      const found = await askObject(() => orderStub(c.env, orderId).ask(question));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .get(
    '/orders/:orderId/log',
    endpoint({
      access: ['operator'],
      tag: 'Orders',
      summary: 'The event log of one order',
      description: 'Without codes, tokens and notes. Replayed, it gives the state of the hash: `npm run replay`.',
      answers: { 200: OrderLogView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const found = await askObject(() => orderStub(c.env, orderId).ask({ ask: 'AskLog', actor: c.var.actor }));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .get(
    '/orders/:orderId/saga',
    endpoint({
      access: ['operator'],
      tag: 'Orders',
      summary: 'How far an order has come by itself, and what it waits for',
      answers: { 200: SagaView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const found = await askObject(() => orderStub(c.env, orderId).ask({ ask: 'AskSaga', actor: c.var.actor }));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .post(
    '/orders/:orderId/saga/continue',
    endpoint({
      access: ['operator'],
      tag: 'Orders',
      summary: 'Make the failing call of an order again now',
      description: 'To take the order back instead, cancel it.',
      answers: { 200: SagaView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'NOT_STUCK', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: OPERATIONS_HEADER,
    }),
    params(OrderParams),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const command = { ...commandOf(c, 'continue', c.var.actor), do: 'ContinueSaga' } as const;
      const answered = await askObject(() => orderStub(c.env, orderId).execute(command));
      return answered.ok ? c.json(answered.value, 200) : problem(c, answered.error);
    },
  )
  .post(
    '/orders/:orderId/saga/settle',
    endpoint({
      access: ['operator'],
      tag: 'Orders',
      summary: 'Say that the money which a provider would not move was moved by hand',
      answers: { 200: SagaView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'NOT_STUCK', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: OPERATIONS_HEADER,
    }),
    params(OrderParams),
    body(SettleByHandBody),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const { reference } = c.req.valid('json');
      const command = { ...commandOf(c, 'settle', c.var.actor), do: 'SettleByHand', reference } as const;
      const answered = await askObject(() => orderStub(c.env, orderId).execute(command));
      return answered.ok ? c.json(answered.value, 200) : problem(c, answered.error);
    },
  )
  .get(
    '/stuck-orders',
    endpoint({
      access: ['operator'],
      tag: 'Orders',
      summary: 'Orders that wait for an operator, the longest waiting first',
      description: 'From the read model, which is a little behind the orders themselves.',
      answers: { 200: StuckOrdersView },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    query(StuckOrdersQuery),
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const after = cursor === undefined ? undefined : readOrderCursor(cursor);
      if (after === null) return problem(c, refuse('INVALID_INPUT', 'Take the cursor from `nextCursor` before.'));
      const options = { limit: Number(limit ?? LIMIT_DEFAULT), ...(after === undefined ? {} : { after }) };
      const page = await withPostgres(c.env, (db) => listStuckOrders(db, options));
      if (!page.ok) return problem(c, page.error);
      const { orders, next } = page.value;
      const rows = orders.map(({ sinceMs, ...order }) => ({ ...order, since: toTimestamp(sinceMs) }));
      return c.json({ orders: rows, nextCursor: next === null ? null : toOrderCursorText(next) }, 200);
    },
  );

type Asked = Pick<Context, 'req'> & Parameters<typeof traceparentOf>[0];

function commandOf(c: Asked, what: string, actor: Extract<Actor, { readonly kind: 'operator' }>): Command {
  const key = c.req.header('idempotency-key') ?? crypto.randomUUID();
  const opId = asOpId(`${what}:${createHash('sha256').update(`${actor.userId}\n${key}`).digest('hex')}`);
  return { v: RPC_VERSION, actor, opId, traceparent: traceparentOf(c) };
}
