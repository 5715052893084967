import type { PickLine, PickTask, PickStatus } from '../../domain/picking/pick-task.ts';
import type { FloorLoad } from '../../domain/picking/ready-time.ts';
import { invariant } from '../../domain/shared/assert.ts';
import type { CourierId, HoldId, OrderId, Sku, UserId } from '../../domain/shared/ids.ts';
import { one } from '../kit/sql.ts';
import type { SqlPort } from '../kit/sql.ts';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type TaskRow = {
  readonly order_id: OrderId;
  readonly order_number: string;
  readonly hold_id: HoldId;
  readonly status: PickStatus;
  readonly promised_at_ms: number;
  readonly picker_id: UserId | null;
  readonly bags: number | null;
  readonly courier_id: CourierId | null;
  readonly handover_code: string | null;
};
type LineRow = { readonly order_id: OrderId; readonly sku: Sku; readonly quantity: number; readonly picked: number };

const TASK_COLUMNS =
  'order_id, order_number, hold_id, status, promised_at_ms, picker_id, bags, courier_id, handover_code';
/** As the partial index has it, or SQLite does not use the index. */
const OPEN = "status IN ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED')";

/** Pick tasks as rows. */
export class PickQueue {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  find(orderId: OrderId): PickTask | undefined {
    const row = this.#sql.all<TaskRow>(`SELECT ${TASK_COLUMNS} FROM pick_tasks WHERE order_id = ?`, orderId)[0];
    if (row === undefined) return undefined;
    const lines = this.#sql.all<LineRow>(
      'SELECT order_id, sku, quantity, picked FROM pick_lines WHERE order_id = ? ORDER BY sku',
      orderId,
    );
    return toTask(row, lines);
  }

  /** Every task that is still on the floor, the earliest promise first. */
  open(): PickTask[] {
    const rows = this.#sql.all<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM pick_tasks WHERE ${OPEN} ORDER BY promised_at_ms, order_id`,
    );
    const lines = this.#sql.all<LineRow>(
      `SELECT order_id, sku, quantity, picked FROM pick_lines
      WHERE order_id IN (SELECT order_id FROM pick_tasks WHERE ${OPEN}) ORDER BY sku`,
    );
    const byOrder = Map.groupBy(lines, (line) => line.order_id);
    return rows.map((row) => toTask(row, byOrder.get(row.order_id) ?? []));
  }

  add(task: PickTask, nowMs: number): void {
    this.save(task, nowMs);
    this.#sql.run(
      `INSERT INTO pick_lines (order_id, sku, quantity, picked)
      SELECT ?, value ->> 'sku', value ->> 'quantity', value ->> 'picked' FROM json_each(?)`,
      task.orderId,
      JSON.stringify(task.lines),
    );
  }

  /** Saves the task's step and courier; its lines are `saveLine`'s. */
  save(task: PickTask, nowMs: number): void {
    const { status, courier } = task;
    const pickerId = 'pickerId' in task ? task.pickerId : null;
    const bags = 'bags' in task ? task.bags : null;
    this.#sql.run(
      `INSERT INTO pick_tasks (${TASK_COLUMNS}, changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, picker_id = excluded.picker_id, bags = excluded.bags,
        courier_id = excluded.courier_id, handover_code = excluded.handover_code, changed_at_ms = excluded.changed_at_ms`,
      task.orderId,
      task.orderNumber,
      task.holdId,
      status,
      task.promisedAtMs,
      pickerId,
      bags,
      courier?.courierId ?? null,
      courier?.handoverCode ?? null,
      nowMs,
    );
  }

  saveLine(orderId: OrderId, line: PickLine): void {
    this.#sql.run('UPDATE pick_lines SET picked = ? WHERE order_id = ? AND sku = ?', line.picked, orderId, line.sku);
  }

  /** What is still to be picked. */
  load(): FloorLoad {
    const row = one<{ tasks: number; units: number }>(
      this.#sql,
      `SELECT count(DISTINCT order_id) AS tasks, coalesce(sum(quantity - picked), 0) AS units
      FROM pick_tasks JOIN pick_lines USING (order_id) WHERE ${OPEN} AND status <> 'PACKED'`,
    );
    return { queuedTasks: row.tasks, queuedUnits: row.units };
  }
}

function toTask(row: TaskRow, lines: readonly LineRow[]): PickTask {
  const { courier_id: courierId, handover_code: handoverCode, picker_id: pickerId, bags, status } = row;
  const terms = {
    orderId: row.order_id,
    orderNumber: row.order_number,
    holdId: row.hold_id,
    promisedAtMs: row.promised_at_ms,
    lines: lines.map(({ sku, quantity, picked }) => ({ sku, quantity, picked })),
    courier: courierId === null || handoverCode === null ? null : { courierId, handoverCode },
  };
  switch (status) {
    case 'QUEUED':
    case 'ACCEPTED':
    case 'CANCELLED':
      return { ...terms, status };
    case 'PICKING':
      invariant(pickerId !== null, `task ${row.order_id} is picked by nobody`);
      return { ...terms, status, pickerId };
    case 'PACKED':
    case 'HANDED_OVER':
      invariant(pickerId !== null && bags !== null, `task ${row.order_id} is packed by nobody`);
      return { ...terms, status, pickerId, bags };
  }
}
