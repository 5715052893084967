import { Hono } from 'hono';
import { listOrders, ordersAsOfMs } from '../../db/queries/orders.ts';
import type { OrderFilter, OrderPage } from '../../db/queries/orders.ts';
import type { Caller } from '../../contracts/actor.ts';
import { OrderListQuery, OrderListView } from '../../contracts/http/order-history.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import { parseOrderNumber } from '../../domain/order/number.ts';
import { asSku, asStoreId, asUserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { readOrderCursor, toOrderCursorText } from '../order-cursor.ts';
import { withPostgres } from '../postgres.ts';
import { problem } from '../problem.ts';
import { query } from '../validate.ts';

const LIMIT_DEFAULT = 20;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Orders as the read model has them: a customer's own, a store's own, or all for operators. */
export const orderList = new Hono<AppEnv>().get(
  '/',
  endpoint({
    access: ['customer', 'staff', 'operator'],
    tag: 'Orders',
    summary: 'Orders, newest first: your own, those of your store, or all',
    description:
      'From the read model, which is a little behind the orders themselves: `asOf` says how far. An order that is not in it yet is at `/orders/{orderId}`, which asks the order itself.',
    answers: { 200: OrderListView },
    refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
  }),
  query(OrderListQuery),
  async (c) => {
    const wanted = c.req.valid('query');
    const filter = filterOf(wanted, c.var.actor);
    if (!filter.ok) return problem(c, filter.error);
    const { cursor, limit } = wanted;
    const after = cursor === undefined ? undefined : readOrderCursor(cursor);
    if (after === null)
      return problem(c, refuse('INVALID_INPUT', 'Take the cursor from `nextCursor` of the page before.'));
    const options = { limit: Number(limit ?? LIMIT_DEFAULT), ...(after === undefined ? {} : { after }) };
    const page = await withPostgres(c.env, (db) =>
      Promise.all([listOrders(db, filter.value, options), ordersAsOfMs(db)]),
    );
    return page.ok ? c.json(toListView(...page.value, Date.now()), 200) : problem(c, page.error);
  },
);

type Lister = Extract<Caller, { readonly kind: 'customer' | 'staff' | 'operator' }>;

/** What the caller may see, narrowed by what was asked. Who asks for what is another's is told so, and not given less. */
function filterOf(wanted: OrderListQuery, actor: Lister): Result<OrderFilter, Refusal<'INVALID_INPUT' | 'FORBIDDEN'>> {
  const number = wanted.number === undefined ? undefined : parseOrderNumber(wanted.number);
  if (number?.ok === false) return err(NO_NUMBER);
  const asked = {
    customerId: wanted.customerId === undefined ? undefined : asUserId(wanted.customerId),
    storeId: wanted.storeId === undefined ? undefined : asStoreId(wanted.storeId),
  };
  const own = {
    customerId: actor.kind === 'customer' ? actor.userId : asked.customerId,
    storeId: actor.kind === 'staff' ? actor.storeId : asked.storeId,
  };
  const isOwn =
    (asked.customerId ?? own.customerId) === own.customerId && (asked.storeId ?? own.storeId) === own.storeId;
  if (!isOwn) return err(NOT_YOURS);
  return ok({
    ...own,
    status: wanted.status,
    number: number?.value,
    sku: wanted.sku === undefined ? undefined : asSku(wanted.sku),
    fromMs: wanted.from === undefined ? undefined : Date.parse(wanted.from),
    untilMs: wanted.to === undefined ? undefined : Date.parse(wanted.to) + DAY_MS,
  });
}

function toListView({ orders, next }: OrderPage, asOfMs: number | null, nowMs: number): OrderListView {
  return {
    orders: orders.map((row) => ({
      id: row.id,
      number: row.orderNumber,
      status: row.status,
      storeId: row.storeId,
      placedAt: toTimestamp(row.createdAtMs),
      promisedAt: toTimestamp(row.promisedAtMs),
      total: toWireMoney(row.totalMinor, row.currency),
      final: row.finalMinor === null ? null : toWireMoney(row.finalMinor, row.currency),
      asOf: toTimestamp(row.asOfMs),
    })),
    nextCursor: next === null ? null : toOrderCursorText(next),
    asOf: asOfMs === null ? null : toTimestamp(asOfMs),
    ageMs: asOfMs === null ? null : Math.max(0, nowMs - asOfMs),
  };
}

const NO_NUMBER = refuse('INVALID_INPUT', 'This is no order number: look for a letter or digit that is wrong.');
const NOT_YOURS = refuse('FORBIDDEN', 'Ask for your own orders, or those of your store.');
