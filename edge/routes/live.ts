import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import { LiveQuery, TicketView } from '../../contracts/http/tickets.ts';
import { refuse } from '../../contracts/problem.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { OrderIdText, StoreIdText, toTimestamp } from '../../contracts/wire.ts';
import { writeUpgrade } from '../../contracts/ws/upgrade.ts';
import { asOrderId, asStoreId } from '../../domain/shared/ids.ts';
import { openSocket, orderStub } from '../../durable/stubs.ts';
import { authOf } from '../auth/authenticate.ts';
import { issueTicket, readTicket, TICKET_TTL_S } from '../auth/socket-tickets.ts';
import type { SocketTarget } from '../auth/socket-tickets.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv, EndpointOptions } from '../endpoint.ts';
import type { EdgeEnv } from '../env.ts';
import { askObject, callObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { Storefront } from '../storefront.ts';
import { params, query } from '../validate.ts';

const OrderParams = v.strictObject({ orderId: OrderIdText });
const StoreParams = v.strictObject({ storeId: StoreIdText });

/** Signed permissions to open a socket, and the sockets: the customer's, the tablet's, the courier's. */
export const live = new Hono<AppEnv>()
  .post(
    '/orders/:orderId/ticket',
    endpoint({
      access: ['customer', 'operator'],
      tag: 'Live',
      summary: 'A ticket for the socket of an order',
      answers: { 201: TicketView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(OrderParams),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const seen = await askObject(() => orderStub(c.env, orderId).view(c.var.actor));
      if (!seen.ok) return problem(c, seen.error);
      return c.json(await giveTicket(c.env, c.var.actor, { object: 'order', id: orderId }, `/orders/${orderId}`), 201);
    },
  )
  .post(
    '/stores/:storeId/ticket',
    endpoint({
      access: ['staff', 'operator'],
      tag: 'Live',
      summary: 'A ticket for the tablet socket of your store',
      answers: { 201: TicketView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const { actor } = c.var;
      const storeId = asStoreId(c.req.valid('param').storeId);
      const network = await new Storefront(c).network();
      if (!network.ok) return problem(c, network.error);
      const isOwn = actor.kind === 'operator' || actor.storeId === storeId;
      if (!isOwn || network.value.store(storeId) === undefined) {
        return problem(c, refuse('NOT_FOUND', 'There is no such store for you.'));
      }
      return c.json(await giveTicket(c.env, actor, { object: 'store', id: storeId }, `/stores/${storeId}`), 201);
    },
  )
  .post(
    '/couriers/me/ticket',
    endpoint({
      access: ['courier'],
      tag: 'Live',
      summary: 'A ticket for your own courier socket',
      answers: { 201: TicketView },
    }),
    async (c) => {
      const { actor } = c.var;
      return c.json(await giveTicket(c.env, actor, { object: 'courier', id: actor.courierId }, '/couriers/me'), 201);
    },
  )
  .get(
    '/orders/:orderId/live',
    endpoint(socket('The socket of an order: its steps, and where the courier is')),
    params(OrderParams),
    query(LiveQuery),
    (c) => connect(c, c.req.valid('query'), 'order', c.req.valid('param').orderId),
  )
  .get(
    '/stores/:storeId/live',
    endpoint(socket('The tablet socket of a store: its pick tasks, and the commands on them')),
    params(StoreParams),
    query(LiveQuery),
    (c) => connect(c, c.req.valid('query'), 'store', c.req.valid('param').storeId),
  )
  .get(
    '/couriers/me/live',
    endpoint(socket('The socket of a courier: shift, offers, jobs and positions')),
    query(LiveQuery),
    (c) => connect(c, c.req.valid('query'), 'courier', null),
  );

function socket(summary: string): EndpointOptions<'ticket'> {
  return {
    access: 'ticket',
    tag: 'Live',
    summary,
    description: 'A WebSocket. `after` is the last `seq` you have: what you missed comes first.',
    answers: { 101: 'The socket is open.' },
    refuses: ['INVALID_INPUT', 'UPGRADE_REQUIRED', 'FORBIDDEN', 'TICKET_INVALID', 'UNAVAILABLE'],
  };
}

async function giveTicket(env: EdgeEnv, actor: SignedInActor, target: SocketTarget, path: string): Promise<TicketView> {
  const nowMs = Date.now();
  const random = crypto.getRandomValues(new Uint8Array(16));
  const ticket = await issueTicket(authOf(env).keys, actor, target, nowMs, random);
  return { ticket, expiresAt: toTimestamp(nowMs + TICKET_TTL_S * 1000), path: `/api/v1${path}/live` };
}

/** `id` is null where the ticket itself says whose socket it is. */
async function connect(
  c: Context<AppEnv>,
  { ticket: text, after }: v.InferOutput<typeof LiveQuery>,
  object: SocketTarget['object'],
  id: string | null,
): Promise<Response> {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    return problem(c, refuse('UPGRADE_REQUIRED', 'Open this address with a WebSocket client.'));
  }
  if (!isOwnOrigin(c)) return problem(c, refuse('FORBIDDEN', 'Pages of this origin may not open sockets here.'));
  const ticket = await readTicket(authOf(c.env).keys, text, Date.now());
  const isForThis = ticket?.target.object === object && (id === null || ticket.target.id === id);
  if (ticket === null || !isForThis) return problem(c, TICKET_INVALID);
  const { actor, ticketId, target, expiresAtMs: ticketExpiresAtMs } = ticket;
  // A request of our own making: none of the client's headers reaches the object.
  const headers = new Headers({ upgrade: 'websocket' });
  writeUpgrade(headers, { actor, ticketId, ticketExpiresAtMs, after: after === undefined ? null : Number(after) });
  const request = new Request('https://object.invalid/live', { headers });
  const opened = await callObject(() => openSocket(c.env, target.object, target.id, request.clone()));
  if (!opened.ok) return problem(c, opened.error);
  return opened.value.status === 101 ? opened.value : problem(c, TICKET_INVALID);
}

/** Apps send no Origin; a browser always does, and sends along what a foreign page must not use (ASVS 5.0, 4.4.2). */
function isOwnOrigin(c: Context<AppEnv>): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined || origin === new URL(c.req.url).origin) return true;
  return authOf(c.env).config.allowedOrigins.has(origin);
}

const TICKET_INVALID = refuse('TICKET_INVALID', 'Ask for a new ticket and open the socket with it at once.');
