import type { Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

/**
 * Orders that one report counts, the latest: some days of a busy store. Their lines are read while the store serves nobody else:
 * with five lines each about 20 ms.
 */
const ORDERS_COUNTED = 5_000;

/** What orders that were handed over had picked. */
export interface PickCounts {
  readonly orders: number;
  /** When the first of them was handed over; `null` without any. */
  readonly sinceMs: number | null;
  /** Lines by SKU: one line is one visit to a bin. */
  readonly picks: ReadonlyMap<Sku, number>;
}

/** How often the floor goes where. */
export class PickHistory {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  counts(sinceMs: number): PickCounts {
    // The list of statuses is the partial index's own, or SQLite does not use it.
    const handedOver = `
      SELECT order_id, changed_at_ms FROM pick_tasks
      WHERE status IN ('HANDED_OVER', 'CANCELLED', 'REJECTED') AND status = 'HANDED_OVER' AND changed_at_ms >= ?
      ORDER BY changed_at_ms DESC LIMIT ${ORDERS_COUNTED}`;
    const [seen] = this.#sql.all<{ orders: number; since: number | null }>(
      `SELECT count(*) AS orders, min(changed_at_ms) AS since FROM (${handedOver})`,
      sinceMs,
    );
    const rows = this.#sql.all<{ sku: Sku; picks: number }>(
      `SELECT sku, count(*) AS picks FROM (${handedOver}) JOIN pick_lines USING (order_id) WHERE picked > 0 GROUP BY sku`,
      sinceMs,
    );
    return {
      orders: seen?.orders ?? 0,
      sinceMs: seen?.since ?? null,
      picks: new Map(rows.map(({ sku, picks }) => [sku, picks])),
    };
  }
}
