import type { ShelfHistory } from '../../../domain/inventory/count-risk.ts';
import type { OpId, OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** How long a scan that found nothing is remembered: as long as the answer to its command. */
const SCANS_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

type HistoryRow = {
  readonly sku: Sku;
  readonly not_found: number | null;
  readonly shrink_units: number | null;
  readonly at_ms: number | null;
  readonly counted_at_ms: number | null;
};
type RankRow = HistoryRow & { readonly value_minor: number };

/** A shelf as the ranking sees it. */
export interface RankedShelf {
  readonly sku: Sku;
  readonly history: ShelfHistory;
  /** Price times units on the shelf; 0 when no price is known. */
  readonly valueMinor: number;
}

/** What the store remembers of its shelves: scans that found nothing, losses, counts, and units nobody is sure of. */
export class ShelfRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  history(sku: Sku): ShelfHistory {
    const row = this.#sql.all<HistoryRow>(
      'SELECT sku, not_found, shrink_units, at_ms, counted_at_ms FROM shelf_history WHERE sku = ?',
      sku,
    )[0];
    return toHistory(row);
  }

  save(sku: Sku, { notFound, shrinkUnits, atMs, countedAtMs }: ShelfHistory): void {
    this.#sql.run(
      `INSERT INTO shelf_history (sku, not_found, shrink_units, at_ms, counted_at_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (sku) DO UPDATE SET not_found = excluded.not_found, shrink_units = excluded.shrink_units,
        at_ms = excluded.at_ms, counted_at_ms = excluded.counted_at_ms`,
      sku,
      notFound,
      shrinkUnits,
      atMs,
      countedAtMs,
    );
  }

  /** Blocked units that someone could not find. */
  doubtUnits(sku: Sku): number {
    return (
      this.#sql.all<{ units: number }>('SELECT doubt_units AS units FROM shelf_history WHERE sku = ?', sku)[0]?.units ??
      0
    );
  }

  doubt(sku: Sku, units: number): void {
    this.#sql.run(
      `INSERT INTO shelf_history (sku, doubt_units) VALUES (?, ?)
      ON CONFLICT (sku) DO UPDATE SET doubt_units = doubt_units + excluded.doubt_units`,
      sku,
      units,
    );
  }

  /** So many units are in doubt no more, and never more of them than are blocked. */
  lessDoubt(sku: Sku, knownUnits: number, blockedUnits: number): void {
    this.#sql.run(
      'UPDATE shelf_history SET doubt_units = max(0, min(doubt_units - ?, ?)) WHERE sku = ? AND doubt_units > 0',
      knownUnits,
      blockedUnits,
      sku,
    );
  }

  /** A count has said what is there. */
  settleDoubt(sku: Sku): void {
    this.#sql.run('UPDATE shelf_history SET doubt_units = 0 WHERE sku = ?', sku);
  }

  inDoubt(limit: number): { readonly sku: Sku; readonly units: number }[] {
    return this.#sql.all<{ sku: Sku; units: number }>(
      'SELECT sku, doubt_units AS units FROM shelf_history WHERE doubt_units > 0 ORDER BY doubt_units DESC, sku LIMIT ?',
      limit,
    );
  }

  /** Remembers a scan that found nothing; `false` when it was known already. */
  addScan(scan: {
    readonly opId: OpId;
    readonly sku: Sku;
    readonly orderId: OrderId | null;
    readonly atMs: number;
  }): boolean {
    const { opId, sku, orderId, atMs } = scan;
    const known = this.#sql.all('SELECT 1 FROM not_found_scans WHERE op_id = ? AND sku = ?', opId, sku);
    if (known.length > 0) return false;
    this.#sql.run(
      'INSERT INTO not_found_scans (op_id, sku, order_id, at_ms) VALUES (?, ?, ?, ?)',
      opId,
      sku,
      orderId,
      atMs,
    );
    this.#sql.run('DELETE FROM not_found_scans WHERE at_ms < ?', atMs - SCANS_KEPT_MS);
    return true;
  }

  /** Every shelf that has or had something, but those that are to be counted anyway. */
  uncounted(): RankedShelf[] {
    return this.#sql
      .all<RankRow>(
        `SELECT stock.sku, not_found, shrink_units, at_ms, counted_at_ms,
          coalesce(price_minor, 0) * (available + blocked + held + allocated) AS value_minor
        FROM stock LEFT JOIN shelf_history USING (sku) LEFT JOIN item_cards USING (sku)
        WHERE sequence > 0 AND sku NOT IN (SELECT sku FROM count_tasks WHERE status <> 'DONE')`,
      )
      .map((row) => ({ sku: row.sku, history: toHistory(row), valueMinor: row.value_minor }));
  }
}

function toHistory(row: HistoryRow | undefined): ShelfHistory {
  return {
    notFound: row?.not_found ?? 0,
    shrinkUnits: row?.shrink_units ?? 0,
    atMs: row?.at_ms ?? 0,
    countedAtMs: row?.counted_at_ms ?? null,
  };
}
