import type { SqlPort } from '../../kit/sql.ts';

/**
 * How long after its best-before a recall still finds who got a sold-out lot. A choice: half a year is longer than goods are eaten
 * past their date or illness from them takes to be noticed, frozen goods apart. Whoever the law asks to keep it longer has it from
 * the topic: the event of each pick names lot and order.
 */
export const LOT_KEPT_MS = 180 * 24 * 60 * 60 * 1000;
/** Lots looked at by one pruning, and orders of them that it forgets: far more than a store sells in the minute between two. */
const LOTS_MAX = 100;
const ORDERS_MAX = 1_000;

/** As the partial index has it, or SQLite does not use it. */
const FORGOTTEN = `SELECT sku, lot_id FROM lots WHERE on_shelf = 0 AND status <> 'RECALLED' AND best_before_ms < ?
  ORDER BY best_before_ms LIMIT ${LOTS_MAX}`;

/**
 * Forgets lots that are sold out and old, and which orders got them, a bounded number at a time; a lot goes after its last order.
 * A recalled lot stays, for a recall is never taken back; so does one without a date, whose age nobody knows. Inside a transaction.
 */
export function pruneLots(sql: SqlPort, nowMs: number): void {
  const beforeMs = nowMs - LOT_KEPT_MS;
  sql.run(
    `DELETE FROM order_lots WHERE (sku, lot_id, order_id) IN (
      SELECT sku, lot_id, order_id FROM (${FORGOTTEN}) CROSS JOIN order_lots USING (sku, lot_id) LIMIT ${ORDERS_MAX})`,
    beforeMs,
  );
  sql.run(
    `DELETE FROM lots WHERE (sku, lot_id) IN (${FORGOTTEN})
      AND NOT EXISTS (SELECT 1 FROM order_lots WHERE order_lots.sku = lots.sku AND order_lots.lot_id = lots.lot_id)`,
    beforeMs,
  );
}
