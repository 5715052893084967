import { and, asc, isNotNull, sql } from 'drizzle-orm';
import type { CallStep } from '../../domain/order/order.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { asOrderId, asStoreId, type OrderId, type StoreId } from '../../domain/shared/ids.ts';
import type { Db } from '../client.ts';
import { orders } from '../schema/orders.ts';
import type { OrderCursor } from './orders.ts';

/** An order whose saga needs an operator. A copy, as old as the log's lag. */
export interface StuckOrder {
  readonly id: OrderId;
  readonly number: string;
  readonly status: OrderStatus;
  readonly storeId: StoreId | null;
  readonly step: CallStep;
  readonly sinceMs: number;
}

export interface StuckPage {
  readonly orders: readonly StuckOrder[];
  /** Null on the last page. Its time is when the order got stuck. */
  readonly next: OrderCursor | null;
}

/** One page, the longest waiting first. `limit` is at least 1. */
export async function listStuckOrders(
  db: Db,
  { limit, after }: { readonly limit: number; readonly after?: OrderCursor },
): Promise<StuckPage> {
  const later =
    after === undefined
      ? undefined
      : sql`(${orders.stuckAt}, ${orders.id}) > (${new Date(after.createdAtMs).toISOString()}::timestamptz, ${after.id})`;
  const rows = await db
    .select({
      id: orders.id,
      number: orders.orderNumber,
      status: orders.status,
      storeId: orders.storeId,
      step: orders.stuckStep,
      stuckAt: orders.stuckAt,
    })
    .from(orders)
    .where(and(isNotNull(orders.stuckAt), later))
    .orderBy(asc(orders.stuckAt), asc(orders.id))
    // One more than asked for tells whether there is a next page.
    .limit(limit + 1);
  const stuck = rows.slice(0, limit).flatMap(({ step, stuckAt, ...row }): StuckOrder[] => {
    if (step === null || stuckAt === null) return [];
    const storeId = row.storeId === null ? null : asStoreId(row.storeId);
    return [{ ...row, id: asOrderId(row.id), storeId, step, sinceMs: stuckAt.getTime() }];
  });
  const last = stuck.at(-1);
  return {
    orders: stuck,
    next: rows.length > limit && last !== undefined ? { createdAtMs: last.sinceMs, id: last.id } : null,
  };
}
