import type { Discrepancy } from '../../../contracts/rpc/store-counts.ts';
import type { AllocatedUnits, HeldUnits } from '../../../domain/inventory/discrepancy.ts';
import type { HoldId, OpId, OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { ON_FLOOR } from '../floor/task-rows.ts';

type DiscrepancyRow = {
  readonly sku: Sku;
  readonly source: Discrepancy['source'];
  readonly expected: number;
  readonly counted: number;
  readonly shortfall: number;
  readonly ended_holds: number;
  readonly shortened_lines: number;
  readonly at_ms: number;
};

/** Promises that the shelf could not keep, and who has promises of a SKU. Read when something is wrong, never when all is well. */
export class DiscrepancyRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** The holds that keep units of a SKU. */
  heldUnits(sku: Sku): HeldUnits[] {
    return this.#sql
      .all<{ hold_id: HoldId; kind: 'cart' | 'order'; changed_at_ms: number; quantity: number }>(
        `SELECT hold_id, kind, changed_at_ms, line.value ->> 'quantity' AS quantity
        FROM holds, json_each(coalesce(set_aside, lines)) AS line
        WHERE status = 'HELD' AND expires_at_ms > 0 AND line.value ->> 'sku' = ?`,
        sku,
      )
      .map(({ hold_id: holdId, kind, changed_at_ms: heldAtMs, quantity }) => ({ holdId, kind, heldAtMs, quantity }));
  }

  /** The orders on the floor for which units of a SKU are still to be picked. Tasks first: those on the floor are few. */
  allocatedUnits(sku: Sku): AllocatedUnits[] {
    return this.#sql
      .all<{ order_id: OrderId; promised_at_ms: number; quantity: number }>(
        `SELECT order_id, promised_at_ms, quantity - picked - shorted AS quantity
        FROM pick_tasks CROSS JOIN pick_lines USING (order_id)
        WHERE ${ON_FLOOR} AND status <> 'RESTOCK' AND sku = ? AND quantity > picked + shorted`,
        sku,
      )
      .map(({ order_id: orderId, promised_at_ms: promisedAtMs, quantity }) => ({ orderId, promisedAtMs, quantity }));
  }

  add(found: Discrepancy, opId: OpId): void {
    this.#sql.run(
      `INSERT INTO discrepancies (sku, source, expected, counted, shortfall, ended_holds, shortened_lines, op_id, at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      found.sku,
      found.source,
      found.expected,
      found.counted,
      found.shortfall,
      found.endedHolds,
      found.shortenedLines,
      opId,
      found.atMs,
    );
  }

  /** The newest first. */
  latest(limit: number): Discrepancy[] {
    return this.#sql
      .all<DiscrepancyRow>(
        `SELECT sku, source, expected, counted, shortfall, ended_holds, shortened_lines, at_ms FROM discrepancies
        ORDER BY discrepancy_id DESC LIMIT ?`,
        limit,
      )
      .map(({ ended_holds: endedHolds, shortened_lines: shortenedLines, at_ms: atMs, ...row }) => ({
        ...row,
        endedHolds,
        shortenedLines,
        atMs,
      }));
  }
}
