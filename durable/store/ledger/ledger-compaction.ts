import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** How long a published movement stays a row of its own, so that a lost log can be filled again: as the outbox keeps what it sent. */
export const MOVEMENT_KEPT_MS = 72 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Turns the oldest movements that are published, audited and old enough into sums by day, at most `limit` of them. True when there
 * are more. Inside a transaction. The newest movement always stays: it says where the next one goes.
 */
export function compactLedger(
  sql: SqlPort,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): boolean {
  const { first, last, published, audited } = one<{ first: number; last: number; published: number; audited: number }>(
    sql,
    // Each by itself: SQLite finds the least or the greatest key by looking at one, but reads all rows for both at once.
    `SELECT (SELECT coalesce(min(position), 0) FROM movements) AS first, (SELECT coalesce(max(position), 0) FROM movements) AS last,
      (SELECT published_to FROM ledger_cursor) AS published, (SELECT audited_to FROM audit_cursor) AS audited`,
  );
  const bound = Math.min(last - 1, published, audited, first + limit - 1);
  const upTo = one<{ at: number }>(
    sql,
    'SELECT coalesce(max(position), 0) AS at FROM ledger WHERE position <= ? AND at_ms < ?',
    bound,
    nowMs - MOVEMENT_KEPT_MS,
  ).at;
  if (upTo === 0) return false;
  sql.run(
    `INSERT INTO ledger_days (day, sku, kind, quantity, movements)
    SELECT at_ms / ${DAY_MS}, sku, kind, sum(quantity), count(*) FROM ledger WHERE position <= ? GROUP BY 1, 2, 3
    ON CONFLICT (day, sku, kind) DO UPDATE SET quantity = quantity + excluded.quantity, movements = movements + excluded.movements`,
    upTo,
  );
  sql.run('DELETE FROM movements WHERE position <= ?', upTo);
  // Causes are numbered in the order of the movements that have them.
  sql.run('DELETE FROM causes WHERE cause < (SELECT cause FROM movements ORDER BY position LIMIT 1)');
  sql.run('DELETE FROM sellable_changes WHERE position < ?', upTo);
  return upTo === bound && bound === first + limit - 1;
}
