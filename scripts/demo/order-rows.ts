import { setTimeout as sleep } from 'node:timers/promises';
import type * as v from 'valibot';
import { OrderListView, type OrderSummaryView } from '../../contracts/http/order-history.ts';
import type { Session } from '../client/session.ts';

/** A row of the orders' read model, as its customer gets it. */
export type OrderRow = v.InferOutput<typeof OrderSummaryView>;

const LOOK_EVERY_MS = 250;
const PAGE = 100;

/** Waits until the customer's list, which is read from Postgres, has all these orders as CLOSED; gives what it has at the deadline. */
export async function awaitClosedRows(
  session: Session,
  orderIds: readonly string[],
  deadlineAtMs: number,
): Promise<OrderRow[]> {
  const wanted = new Set(orderIds);
  for (;;) {
    const rows = await readRows(session, wanted);
    const closed = rows.filter(({ status }) => status === 'CLOSED').length;
    if (closed >= wanted.size || performance.now() >= deadlineAtMs) return rows;
    await sleep(LOOK_EVERY_MS);
  }
}

async function readRows(session: Session, wanted: ReadonlySet<string>): Promise<OrderRow[]> {
  const rows: OrderRow[] = [];
  for (let cursor: string | null = ''; cursor !== null && rows.length < wanted.size;) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) });
    const page: OrderListView = await session.call(
      { method: 'GET', path: `/api/v1/orders?${query.toString()}` },
      OrderListView,
    );
    rows.push(...page.orders.filter(({ id }) => wanted.has(id)));
    cursor = page.nextCursor;
  }
  return rows;
}
