import type { Shift } from '../../../domain/capacity/shift.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';

type ShiftRow = {
  readonly picker_id: UserId;
  readonly started_at_ms: number;
  readonly heard_at_ms: number;
  readonly spell_from_ms: number | null;
  readonly spell_orders: number | null;
  readonly spell_lines: number | null;
};
const COLUMNS = 'picker_id, started_at_ms, heard_at_ms, spell_from_ms, spell_orders, spell_lines';

/** Who is on shift. */
export class ShiftRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  find(pickerId: UserId): Shift | undefined {
    return this.#sql.all<ShiftRow>(`SELECT ${COLUMNS} FROM shifts WHERE picker_id = ?`, pickerId).map(toShift)[0];
  }

  /** The one who has been there longest first. */
  all(): Shift[] {
    return this.#sql.all<ShiftRow>(`SELECT ${COLUMNS} FROM shifts ORDER BY started_at_ms, picker_id`).map(toShift);
  }

  count(): number {
    return one<{ pickers: number }>(this.#sql, 'SELECT count(*) AS pickers FROM shifts').pickers;
  }

  save({ pickerId, startedAtMs, heardAtMs, spell }: Shift): void {
    this.#sql.run(
      `INSERT INTO shifts (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (picker_id) DO UPDATE SET
        heard_at_ms = excluded.heard_at_ms, spell_from_ms = excluded.spell_from_ms,
        spell_orders = excluded.spell_orders, spell_lines = excluded.spell_lines`,
      pickerId,
      startedAtMs,
      heardAtMs,
      spell?.fromMs ?? null,
      spell?.orders ?? null,
      spell?.lines ?? null,
    );
  }

  remove(pickerId: UserId): void {
    this.#sql.run('DELETE FROM shifts WHERE picker_id = ?', pickerId);
  }

  /** Tasks that this picker is picking now. */
  tasksInHand(pickerId: UserId): number {
    return one<{ tasks: number }>(
      this.#sql,
      "SELECT count(*) AS tasks FROM pick_tasks WHERE status = 'PICKING' AND picker_id = ?",
      pickerId,
    ).tasks;
  }
}

function toShift(row: ShiftRow): Shift {
  const { spell_from_ms: fromMs, spell_orders: orders, spell_lines: lines } = row;
  const spell = fromMs === null || orders === null || lines === null ? null : { fromMs, orders, lines };
  return { pickerId: row.picker_id, startedAtMs: row.started_at_ms, heardAtMs: row.heard_at_ms, spell };
}
