import type { Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { ON_FLOOR } from '../floor/task-rows.ts';
import { BalanceRows } from './balance-rows.ts';
import { LEVEL_COLUMNS } from './stock-columns.ts';

/** Something that does not agree about a SKU, by so many units. */
export interface Disagreement {
  readonly sku: Sku;
  /**
   * `level`: the ledger adds up to another level. `held`, `allocated`, `picked`: holds or tasks add up to other units. `lots`: its
   * lots have more units than its shelf, or more of them blocked.
   */
  readonly what: 'level' | 'held' | 'allocated' | 'picked' | 'lots';
  readonly gapUnits: number;
}

/** Units by which a level differs from what the ledger adds up to, over all buckets. */
const LEVEL_GAP = LEVEL_COLUMNS.map((column) => `abs(stock.${column} - coalesce(b.${column}, 0))`).join(' + ');

/** The same of a SKU that has lost its level. */
const BALANCE_UNITS = LEVEL_COLUMNS.map((column) => `abs(b.${column})`).join(' + ');

/** Only a correction may be below zero. */
const OVERDRAWN = LEVEL_COLUMNS.filter((column) => column !== 'adjusted')
  .map((column) => `max(0, -${column})`)
  .join(' + ');

/** What the auditor knows by itself, and what it holds against it. */
export class AuditRows {
  readonly balances: BalanceRows;
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
    this.balances = new BalanceRows(sql);
  }

  /** Every SKU whose level is not what its movements add up to, or that has lost it. One pass over all SKUs, in SQLite: some 10 ms for 10,000. */
  wrongLevels(): Disagreement[] {
    return this.#sql
      .all<{ sku: Sku; gap: number; missing: number }>(
        // Not FULL JOIN: SQLite takes four times as long for it.
        `SELECT stock.sku, ${LEVEL_GAP} AS gap, abs(stock.sequence - coalesce(b.sequence, 0)) AS missing
        FROM stock LEFT JOIN audit_balances AS b USING (sku) WHERE gap > 0 OR missing > 0
        UNION ALL SELECT b.sku, ${BALANCE_UNITS}, b.sequence
        FROM audit_balances AS b LEFT JOIN stock USING (sku) WHERE stock.sku IS NULL`,
      )
      .map(({ sku, gap, missing }) => ({ sku, what: 'level', gapUnits: Math.max(gap, missing) }));
  }

  /** Every SKU of which more or fewer units are held than its holds keep. */
  wrongHolds(): Disagreement[] {
    return this.#sql
      .all<{ sku: Sku; gap: number }>(
        `WITH kept AS (
          SELECT line.value ->> 'sku' AS sku, sum(line.value ->> 'quantity') AS units
          FROM holds, json_each(coalesce(set_aside, lines)) AS line
          WHERE status = 'HELD' AND expires_at_ms > 0 GROUP BY 1
        )
        SELECT stock.sku, abs(held - coalesce(units, 0)) AS gap FROM stock LEFT JOIN kept USING (sku) WHERE gap > 0
        UNION ALL SELECT kept.sku, units FROM kept LEFT JOIN stock USING (sku) WHERE stock.sku IS NULL`,
      )
      .map(({ sku, gap }) => ({ sku, what: 'held', gapUnits: gap }));
  }

  /** Every SKU of which more or fewer units are allocated or picked than the tasks on the floor have: they are read first, and few. */
  wrongTasks(): Disagreement[] {
    return this.#sql
      .all<{ sku: Sku; allocated_gap: number; picked_gap: number }>(
        `WITH wanted AS (
          SELECT sku, sum(iif(status = 'RESTOCK', 0, quantity - pick_lines.picked - shorted)) AS to_pick,
            sum(pick_lines.picked - restocked) AS in_bags
          FROM pick_tasks CROSS JOIN pick_lines USING (order_id)
          WHERE ${ON_FLOOR} GROUP BY sku
        )
        SELECT stock.sku, abs(allocated - coalesce(to_pick, 0)) AS allocated_gap, abs(picked - coalesce(in_bags, 0)) AS picked_gap
        FROM stock LEFT JOIN wanted USING (sku) WHERE allocated_gap > 0 OR picked_gap > 0
        UNION ALL SELECT wanted.sku, to_pick, in_bags FROM wanted LEFT JOIN stock USING (sku)
        WHERE stock.sku IS NULL AND to_pick + in_bags > 0`,
      )
      .map(({ sku, allocated_gap: allocated, picked_gap: picked }) =>
        allocated > 0 ? { sku, what: 'allocated', gapUnits: allocated } : { sku, what: 'picked', gapUnits: picked },
      );
  }

  /** Every SKU whose lots have units that its level does not: the rule of `shelfFault`, set-wise. */
  wrongLots(): Disagreement[] {
    return this.#sql
      .all<{ sku: Sku; gap: number }>(
        `WITH tracked AS (
          SELECT sku, sum(on_shelf) AS units, sum(lots.blocked) AS set_aside FROM lots INDEXED BY lots_on_shelf
          WHERE on_shelf > 0 GROUP BY sku
        )
        SELECT sku, coalesce(max(units - available - blocked - held - allocated, set_aside - blocked), units) AS gap
        FROM tracked LEFT JOIN stock USING (sku) WHERE gap > 0`,
      )
      .map(({ sku, gap }) => ({ sku, what: 'lots', gapUnits: gap }));
  }

  /** Whatever does not agree with the level of a SKU. */
  wrongParts(): Disagreement[] {
    return [...this.wrongHolds(), ...this.wrongTasks(), ...this.wrongLots()];
  }

  /** Stops the sale of these SKUs. Answers those that were not stopped before. */
  quarantine(found: readonly Disagreement[], atMs: number): Disagreement[] {
    return found.filter(({ sku, what, gapUnits }) => {
      const fresh = this.#sql.all(
        'INSERT INTO quarantines (sku, what, gap_units, found_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1 AS added',
        sku,
        what,
        gapUnits,
        atMs,
      );
      this.#stop(sku);
      return fresh.length > 0;
    });
  }

  quarantined(): Sku[] {
    return this.#sql.all<{ sku: Sku }>('SELECT sku FROM quarantines ORDER BY sku').map(({ sku }) => sku);
  }

  /** Units that left more of a SKU's buckets than ever came there, by its movements: what was promised from a wrong level. */
  overdrawnUnits(sku: Sku): number {
    const [row] = this.#sql.all<{ units: number }>(
      `SELECT ${OVERDRAWN} AS units FROM audit_balances WHERE sku = ?`,
      sku,
    );
    return row?.units ?? 0;
  }

  /** Lets a SKU be sold again, with the level that its movements add up to: none of them, nothing. */
  restore(sku: Sku): void {
    this.#stop(sku);
    const columns = ['sequence', ...LEVEL_COLUMNS];
    this.#sql.run(
      `UPDATE stock SET quarantined = 0, ${columns.map((column) => `${column} = coalesce(b.${column}, 0)`).join(', ')}
      FROM (SELECT ? AS sku) AS lifted LEFT JOIN audit_balances AS b USING (sku) WHERE stock.sku = lifted.sku`,
      sku,
    );
    this.#sql.run('DELETE FROM quarantines WHERE sku = ?', sku);
  }

  /** A SKU that has lost its level gets one of nothing, so that whoever has units of it finds them missing and not the SKU. */
  #stop(sku: Sku): void {
    this.#sql.run('INSERT INTO stock (sku) VALUES (?) ON CONFLICT DO NOTHING', sku);
    // Apart from that: what is for sale has changed once a row says so that was there.
    this.#sql.run('UPDATE stock SET quarantined = 1 WHERE sku = ?', sku);
  }
}
