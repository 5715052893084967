import type { CodeTries, PickLine, PickTask } from '../../../domain/picking/pick-task.ts';
import { byUrgency, waitingTask } from '../../../domain/picking/urgency.ts';
import type { OrderId, Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { ProposalRows } from '../substitution/proposal-rows.ts';
import { ON_FLOOR, TASK_COLUMNS, taskValues, toTask } from './task-rows.ts';
import type { BagRow, LineRow, TaskRow } from './task-rows.ts';

const SELECT_TASKS = `SELECT ${TASK_COLUMNS.join(', ')} FROM pick_tasks`;
const SELECT_LINES =
  'SELECT order_id, sku, quantity, picked, shorted, short_reason, restocked, weight_mg, substitute_for FROM pick_lines';
const SELECT_BAGS = 'SELECT order_id, seal, size, zone FROM sealed_bags';
const WRITE_TASK = `
  INSERT INTO pick_tasks (${TASK_COLUMNS.join(', ')}, changed_at_ms, changed_by)
  VALUES (${TASK_COLUMNS.map(() => '?').join(', ')}, ?, ?)
  ON CONFLICT (order_id) DO UPDATE SET
    ${TASK_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')},
    changed_at_ms = excluded.changed_at_ms, changed_by = excluded.changed_by`;
// As the partial index has it, or SQLite does not use the index.
const OVER = "status IN ('HANDED_OVER', 'CANCELLED', 'REJECTED')";

/** Who took the last step of a task, and when: what a late command is told. */
export interface LastStep {
  /** An actor's id; empty for steps of an older version. */
  readonly by: string;
  readonly atMs: number;
}

/** Pick tasks as rows. */
export class PickQueue {
  readonly #sql: SqlPort;
  readonly #proposals: ProposalRows;
  constructor(sql: SqlPort) {
    this.#sql = sql;
    this.#proposals = new ProposalRows(sql);
  }

  find(orderId: OrderId): PickTask | undefined {
    const row = this.#sql.all<TaskRow>(`${SELECT_TASKS} WHERE order_id = ?`, orderId)[0];
    if (row === undefined) return undefined;
    const lines = this.#sql.all<LineRow>(`${SELECT_LINES} WHERE order_id = ? ORDER BY sku`, orderId);
    // Only packed tasks have bags.
    const bags =
      row.bags === null ? [] : this.#sql.all<BagRow>(`${SELECT_BAGS} WHERE order_id = ? ORDER BY seal`, orderId);
    // Nothing is proposed before picking has begun.
    const proposals = row.claimed_at_ms === null ? [] : this.#proposals.of([orderId]).map(({ proposal }) => proposal);
    return toTask(row, lines, bags, proposals);
  }

  /** Every task that is still on the floor, the most urgent first. */
  open(): PickTask[] {
    const openOrders = `order_id IN (SELECT order_id FROM pick_tasks WHERE ${ON_FLOOR})`;
    const rows = this.#sql.all<TaskRow>(`${SELECT_TASKS} WHERE ${ON_FLOOR}`);
    const lines = this.#sql.all<LineRow>(`${SELECT_LINES} WHERE ${openOrders} ORDER BY sku`);
    const bags = this.#sql.all<BagRow>(`${SELECT_BAGS} WHERE ${openOrders} ORDER BY seal`);
    const linesOf = Map.groupBy(lines, (line) => line.order_id);
    const bagsOf = Map.groupBy(bags, (bag) => bag.order_id);
    const proposalsOf = Map.groupBy(this.#proposals.of(rows.map((row) => row.order_id)), ({ orderId }) => orderId);
    const tasks = rows.map((row) => {
      const proposals = (proposalsOf.get(row.order_id) ?? []).map(({ proposal }) => proposal);
      return toTask(row, linesOf.get(row.order_id) ?? [], bagsOf.get(row.order_id) ?? [], proposals);
    });
    // At any moment it is the same order.
    const first = byUrgency(0);
    return tasks.toSorted((a, b) => first(waitingTask(a), waitingTask(b)));
  }

  /** Tasks whose claim ended, the longest ago first, at most `limit`. */
  lapsed(nowMs: number, limit: number): PickTask[] {
    const due = this.#sql.all<{ order_id: OrderId }>(
      "SELECT order_id FROM pick_tasks WHERE status = 'PICKING' AND lease_ends_at_ms <= ? ORDER BY lease_ends_at_ms LIMIT ?",
      nowMs,
      limit,
    );
    return due.flatMap((row) => this.find(row.order_id) ?? []);
  }

  /** When the first of all claims ends without a sign of life; `null` when nobody picks. */
  earliestLeaseMs(): number | null {
    return one<{ at: number | null }>(
      this.#sql,
      "SELECT min(lease_ends_at_ms) AS at FROM pick_tasks WHERE status = 'PICKING'",
    ).at;
  }

  lastStep(orderId: OrderId): LastStep | undefined {
    const row = this.#sql.all<{ changed_by: string; changed_at_ms: number }>(
      'SELECT changed_by, changed_at_ms FROM pick_tasks WHERE order_id = ?',
      orderId,
    )[0];
    return row === undefined ? undefined : { by: row.changed_by, atMs: row.changed_at_ms };
  }

  /** Those of the seals that bags of this store carry or have carried. */
  usedSeals(seals: readonly string[]): Set<string> {
    if (seals.length === 0) return new Set();
    const rows = this.#sql.all<{ seal: string }>(
      'SELECT seal FROM sealed_bags WHERE seal IN (SELECT value FROM json_each(?))',
      JSON.stringify(seals),
    );
    return new Set(rows.map(({ seal }) => seal));
  }

  add(task: PickTask, step: LastStep): void {
    this.save(task, step);
    this.#sql.run(
      `INSERT INTO pick_lines (order_id, sku, quantity, picked)
      SELECT ?, value ->> 'sku', value ->> 'quantity', value ->> 'picked' FROM json_each(?)`,
      task.orderId,
      JSON.stringify(task.lines),
    );
  }

  /** Saves a step of the task; its lines are `saveLine`'s, a sign of life is `saveLease`'s. */
  save(task: PickTask, { by, atMs }: LastStep): void {
    this.#sql.run(WRITE_TASK, ...taskValues(task), atMs, by);
    if (task.status !== 'PACKED' || task.sealed.length === 0) return;
    this.#sql.run(
      `INSERT INTO sealed_bags (order_id, seal, size, zone)
      SELECT ?, value ->> 'seal', value ->> 'size', value ->> 'zone' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
      task.orderId,
      JSON.stringify(task.sealed),
    );
  }

  /** How long the ride takes from packed bags to the door. */
  saveRide(orderId: OrderId, toDoorMs: number): void {
    this.#sql.run('UPDATE pick_tasks SET to_door_ms = ? WHERE order_id = ?', toDoorMs, orderId);
  }

  /** The same of these tasks; 0 where nobody has said. */
  rides(orderIds: readonly OrderId[]): Map<OrderId, number> {
    const rows = this.#sql.all<{ order_id: OrderId; to_door_ms: number }>(
      'SELECT order_id, to_door_ms FROM pick_tasks WHERE order_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(orderIds),
    );
    return new Map(rows.map((row) => [row.order_id, row.to_door_ms]));
  }

  /** A line as it is now, or one that stands in for another from now on. */
  saveLine(orderId: OrderId, line: PickLine): void {
    this.#sql.run(
      `INSERT INTO pick_lines (order_id, sku, quantity, picked, shorted, short_reason, restocked, weight_mg, substitute_for)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id, sku) DO UPDATE SET picked = excluded.picked,
        shorted = excluded.shorted, short_reason = excluded.short_reason, restocked = excluded.restocked,
        weight_mg = excluded.weight_mg`,
      orderId,
      line.sku,
      line.quantity,
      line.picked,
      line.shorted,
      line.shortReason,
      line.restocked,
      line.weightMg,
      line.substituteFor ?? null,
    );
  }

  /** The shelf turned out to have fewer units than were promised: the line is done with so many fewer. */
  shorten(orderId: OrderId, sku: Sku, units: number): void {
    this.#sql.run(
      "UPDATE pick_lines SET shorted = shorted + ?, short_reason = 'NOT_FOUND' WHERE order_id = ? AND sku = ?",
      units,
      orderId,
      sku,
    );
  }

  saveLease(orderId: OrderId, leaseEndsAtMs: number): void {
    this.#sql.run('UPDATE pick_tasks SET lease_ends_at_ms = ? WHERE order_id = ?', leaseEndsAtMs, orderId);
  }

  saveTries(orderId: OrderId, { wrong, lockedUntilMs }: CodeTries): void {
    this.#sql.run(
      'UPDATE pick_tasks SET wrong_codes = ?, codes_locked_until_ms = ? WHERE order_id = ?',
      wrong,
      lockedUntilMs,
      orderId,
    );
  }

  /** Forgets tasks that were over before `beforeMs`, with their lines and seals, at most `limit`. */
  prune(beforeMs: number, limit: number): void {
    const gone = this.#sql.all<{ order_id: OrderId }>(
      `SELECT order_id FROM pick_tasks WHERE ${OVER} AND changed_at_ms < ? ORDER BY changed_at_ms LIMIT ?`,
      beforeMs,
      limit,
    );
    if (gone.length === 0) return;
    const ids = JSON.stringify(gone.map((row) => row.order_id));
    for (const table of ['sealed_bags', 'substitutions', 'pick_lines', 'pick_tasks']) {
      this.#sql.run(`DELETE FROM ${table} WHERE order_id IN (SELECT value FROM json_each(?))`, ids);
    }
  }
}
