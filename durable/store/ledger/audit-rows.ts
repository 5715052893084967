import { levelOf } from '../../../domain/inventory/ledger.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { ON_FLOOR } from '../floor/task-rows.ts';
import { fields, pages, ROWS } from './set-wise.ts';
import { BUCKETS, LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

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

type SumRow = {
  readonly sku: Sku;
  readonly kind: MovementKind;
  readonly units: number;
  readonly movements: number;
};
type BalanceRow = LevelRow & { readonly sku: Sku; readonly sequence: number };

const WRITE_BALANCES = `
  INSERT INTO audit_balances (sku, sequence, ${LEVEL_COLUMNS.join(', ')})
  SELECT ${fields(2 + LEVEL_COLUMNS.length)} FROM ${ROWS} WHERE true
  ON CONFLICT (sku) DO UPDATE SET sequence = excluded.sequence,
    ${LEVEL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;
/** Units by which a level differs from what the ledger adds up to, over all buckets. */
const LEVEL_GAP = LEVEL_COLUMNS.map((column) => `abs(stock.${column} - coalesce(b.${column}, 0))`).join(' + ');

/** Only a correction may be below zero. */
const OVERDRAWN = LEVEL_COLUMNS.filter((column) => column !== 'adjusted')
  .map((column) => `max(0, -${column})`)
  .join(' + ');

/** What the auditor knows by itself, and what it holds against it. */
export class AuditRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** The movement up to which the ledger is added up. */
  auditedTo(): number {
    return one<{ at: number }>(this.#sql, 'SELECT audited_to AS at FROM audit_cursor').at;
  }

  /** Adds up the next movements, at most `limit`, never looking at a level. True when that was all of them. */
  addUp(limit: number): boolean {
    const from = this.auditedTo();
    const head = one<{ at: number }>(this.#sql, 'SELECT coalesce(max(position), 0) AS at FROM movements').at;
    const to = Math.min(head, from + limit);
    const sums = this.#sql.all<SumRow>(
      `SELECT sku, kind, sum(quantity) AS units, count(*) AS movements FROM movements
      WHERE position > ? AND position <= ? GROUP BY sku, kind`,
      from,
      to,
    );
    this.#addToBalances(Map.groupBy(sums, ({ sku }) => sku));
    this.#sql.run('UPDATE audit_cursor SET audited_to = ?', to);
    return to === head;
  }

  /** Every SKU whose level is not what its movements add up to. One pass over all SKUs, in SQLite: some 10 ms for 10,000. */
  wrongLevels(): Disagreement[] {
    return this.#sql
      .all<{ sku: Sku; gap: number; missing: number }>(
        `SELECT stock.sku, ${LEVEL_GAP} AS gap, abs(stock.sequence - coalesce(b.sequence, 0)) AS missing
        FROM stock LEFT JOIN audit_balances AS b USING (sku) WHERE gap > 0 OR missing > 0`,
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
        SELECT stock.sku, abs(held - coalesce(units, 0)) AS gap FROM stock LEFT JOIN kept USING (sku) WHERE gap > 0`,
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
        FROM stock LEFT JOIN wanted USING (sku) WHERE allocated_gap > 0 OR picked_gap > 0`,
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
        SELECT sku, max(units - available - blocked - held - allocated, set_aside - blocked) AS gap
        FROM tracked JOIN stock USING (sku) WHERE gap > 0`,
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
      if (fresh.length > 0) this.#sql.run('UPDATE stock SET quarantined = 1 WHERE sku = ?', sku);
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
    const columns = ['sequence', ...LEVEL_COLUMNS];
    this.#sql.run(
      `UPDATE stock SET quarantined = 0, ${columns.map((column) => `${column} = coalesce(b.${column}, 0)`).join(', ')}
      FROM (SELECT ? AS sku) AS lifted LEFT JOIN audit_balances AS b USING (sku) WHERE stock.sku = lifted.sku`,
      sku,
    );
    this.#sql.run('DELETE FROM quarantines WHERE sku = ?', sku);
  }

  #addToBalances(bySku: ReadonlyMap<Sku, readonly SumRow[]>): void {
    const known = new Map(
      this.#sql
        .all<BalanceRow>(
          `SELECT sku, sequence, ${LEVEL_COLUMNS.join(', ')} FROM audit_balances WHERE sku IN (SELECT value FROM json_each(?))`,
          JSON.stringify([...bySku.keys()]),
        )
        .map((row) => [row.sku, row]),
    );
    const rows = [...bySku].map(([sku, sums]) => {
      const before = known.get(sku);
      const start = before === undefined ? NO_STOCK : toLevel(before);
      const level = levelOf(new Map(sums.map(({ kind, units }) => [kind, units])), start);
      const sequence = sums.reduce((all, { movements }) => all + movements, before?.sequence ?? 0);
      return [sku, sequence, ...BUCKETS.map((bucket) => level[bucket])];
    });
    for (const json of pages(rows)) this.#sql.run(WRITE_BALANCES, json);
  }
}
