import { and, asc, desc, eq, gte, lt, max, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { asOrderId, asStoreId, type OrderId, type Sku, type StoreId, type UserId } from '../../domain/shared/ids.ts';
import type { Db } from '../client.ts';
import { consumerOffsets } from '../schema/consumer-offsets.ts';
import { orderLines } from '../schema/order-lines.ts';
import { orderStatusHistory } from '../schema/order-status-history.ts';
import { orders } from '../schema/orders.ts';
import { payments } from '../schema/payments.ts';

/** The consumer group that writes these rows. */
const ORDER_PROJECTION = 'order-projection';

/** A row of an order history. A copy, as old as the log's lag: the order's object has the present. */
export interface OrderSummary {
  readonly id: OrderId;
  readonly orderNumber: string;
  readonly status: OrderStatus;
  readonly storeId: StoreId | null;
  readonly currency: string;
  readonly totalMinor: number;
  /** What was owed in the end; null before packing. */
  readonly finalMinor: number | null;
  readonly createdAtMs: number;
  readonly promisedAtMs: number;
  /** When that happened which this row tells of last. */
  readonly asOfMs: number;
}

/** Where a page ended: the next one starts with what is older. */
export interface OrderCursor {
  readonly createdAtMs: number;
  readonly id: OrderId;
}

export interface OrderPage {
  readonly orders: readonly OrderSummary[];
  /** Null on the last page. */
  readonly next: OrderCursor | null;
}

/** What a page is narrowed to; everything that is said must hold. */
export interface OrderFilter {
  readonly customerId?: UserId | undefined;
  readonly storeId?: StoreId | undefined;
  readonly status?: OrderStatus | undefined;
  /** As people say it, in groups. */
  readonly number?: string | undefined;
  /** Ordered, whether it came or not. */
  readonly sku?: Sku | undefined;
  /** Placed from this on, and before that. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** One page of the orders that pass, newest first. `limit` is at least 1. */
export async function listOrders(
  db: Db,
  filter: OrderFilter,
  options: { readonly limit: number; readonly after?: OrderCursor },
): Promise<OrderPage> {
  const { limit, after } = options;
  const older =
    after === undefined
      ? undefined
      : sql`(${orders.createdAt}, ${orders.id}) < (${new Date(after.createdAtMs).toISOString()}::timestamptz, ${after.id})`;
  const rows = await db
    .select({
      id: orders.id,
      orderNumber: orders.orderNumber,
      status: orders.status,
      storeId: orders.storeId,
      currency: orders.currency,
      totalMinor: orders.totalMinor,
      finalMinor: orders.finalMinor,
      createdAt: orders.createdAt,
      promisedAt: orders.promisedAt,
      updatedAt: orders.updatedAt,
    })
    .from(orders)
    .where(and(...conditionsOf(filter), older))
    .orderBy(desc(orders.createdAt), desc(orders.id))
    // One more than asked for tells whether there is a next page.
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(({ createdAt, promisedAt, updatedAt, ...row }) => ({
    ...row,
    id: asOrderId(row.id),
    storeId: row.storeId === null ? null : asStoreId(row.storeId),
    createdAtMs: createdAt.getTime(),
    promisedAtMs: promisedAt.getTime(),
    asOfMs: updatedAt.getTime(),
  }));
  const last = page.at(-1);
  const next = rows.length > limit && last !== undefined ? { createdAtMs: last.createdAtMs, id: last.id } : null;
  return { orders: page, next };
}

function conditionsOf({
  customerId,
  storeId,
  status,
  number,
  sku,
  fromMs,
  untilMs,
}: OrderFilter): readonly (SQL | undefined)[] {
  return [
    customerId === undefined ? undefined : eq(orders.customerId, customerId),
    storeId === undefined ? undefined : eq(orders.storeId, storeId),
    status === undefined ? undefined : eq(orders.status, status),
    number === undefined ? undefined : eq(orders.orderNumber, number),
    fromMs === undefined ? undefined : gte(orders.createdAt, new Date(fromMs)),
    untilMs === undefined ? undefined : lt(orders.createdAt, new Date(untilMs)),
    sku === undefined
      ? undefined
      : sql`EXISTS (SELECT FROM ${orderLines} WHERE ${orderLines.orderId} = ${orders.id} AND ${orderLines.sku} = ${sku})`,
  ];
}

/** When the projection of orders last took something from the log, ms since the epoch; `null` when it never did. */
export async function ordersAsOfMs(db: Db): Promise<number | null> {
  const [row] = await db
    .select({ asOf: max(consumerOffsets.updatedAt) })
    .from(consumerOffsets)
    .where(eq(consumerOffsets.group, ORDER_PROJECTION));
  return row?.asOf?.getTime() ?? null;
}

/** Everything the read models know of one order. */
export interface OrderRecord {
  readonly order: typeof orders.$inferSelect;
  readonly lines: readonly (typeof orderLines.$inferSelect)[];
  readonly history: readonly (typeof orderStatusHistory.$inferSelect)[];
  /** Null until its first payment event arrived. */
  readonly payment: typeof payments.$inferSelect | null;
}

export async function readOrder(db: Db, id: OrderId): Promise<OrderRecord | undefined> {
  const [order] = await db.select().from(orders).where(eq(orders.id, id));
  if (order === undefined) return undefined;
  const [lines, history, [payment]] = await Promise.all([
    db.select().from(orderLines).where(eq(orderLines.orderId, id)).orderBy(asc(orderLines.lineNo)),
    db
      .select()
      .from(orderStatusHistory)
      .where(eq(orderStatusHistory.orderId, id))
      .orderBy(asc(orderStatusHistory.sequence)),
    db.select().from(payments).where(eq(payments.orderId, id)),
  ]);
  return { order, lines, history, payment: payment ?? null };
}
