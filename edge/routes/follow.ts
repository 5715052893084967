import { Hono } from 'hono';
import * as v from 'valibot';
import { EventsQuery, UpdatesQuery, UpdatesView } from '../../contracts/http/updates.ts';
import { refuse } from '../../contracts/problem.ts';
import { OrderIdText } from '../../contracts/wire.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import { EVENT_STREAM } from '../../durable/kit/event-stream.ts';
import { orderStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { params, query } from '../validate.ts';

const OrderParams = v.strictObject({ orderId: OrderIdText });
const LAST_EVENT_ID = 'last-event-id';
const SEQ_PATTERN = /^\d{1,15}$/;
/** Below the half minute after which proxies give up on a silent answer. */
const WAIT_MAX_MS = 25_000;
const WAIT_DEFAULT_MS = 20_000;

/** Watching an order without a socket: server-sent events, and a long poll for networks that take neither. */
export const follow = new Hono<AppEnv>()
  .get(
    '/orders/:orderId/events',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Live',
      summary: 'An order as server-sent events',
      description:
        'The frames of the order’s socket, each as `data` of an event named by its `t`; numbered ones carry their `seq` as `id`. The stream ends after a minute: come back with `last-event-id`, or `after`, and what you missed comes first.',
      answers: { 200: 'A `text/event-stream`.' },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
      headers: { [LAST_EVENT_ID]: { required: false, description: 'The last `id` you have; goes before `after`.' } },
    }),
    params(OrderParams),
    query(EventsQuery),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const last = c.req.header(LAST_EVENT_ID) ?? c.req.valid('query').after;
      if (last !== undefined && !SEQ_PATTERN.test(last)) {
        return problem(c, refuse('INVALID_INPUT', 'Send the last event id as you got it.'));
      }
      const after = last === undefined ? null : Number(last);
      const stream = await askObject(() => orderStub(c.env, orderId).follow(c.var.actor, after));
      if (!stream.ok) return problem(c, stream.error);
      return new Response(stream.value, {
        headers: { 'content-type': EVENT_STREAM, 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' },
      });
    },
  )
  .get(
    '/orders/:orderId/updates',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Live',
      summary: 'What is new of an order, waited for',
      description:
        'The frames of the order’s socket after `after`, at once when there are some, else as soon as there is one, and none of those with a number after `waitMs`.',
      answers: { 200: UpdatesView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    query(UpdatesQuery),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const { after: last, waitMs: wanted } = c.req.valid('query');
      const waitMs = wanted === undefined ? WAIT_DEFAULT_MS : Number(wanted);
      if (waitMs > WAIT_MAX_MS) {
        return problem(c, refuse('INVALID_INPUT', 'Wait for less, and ask again.', { waitMaxMs: WAIT_MAX_MS }));
      }
      const after = last === undefined ? null : Number(last);
      const updates = await askObject(() => orderStub(c.env, orderId).awaitUpdates(c.var.actor, after, waitMs));
      return updates.ok ? c.json(updates.value, 200) : problem(c, updates.error);
    },
  );
