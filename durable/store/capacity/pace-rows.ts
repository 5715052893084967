import { NOTHING_MEASURED } from '../../../domain/capacity/pick-pace.ts';
import type { MeasuredPace } from '../../../domain/capacity/pick-pace.ts';
import type { FloorLoad } from '../../../domain/capacity/ready-time.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { ON_FLOOR } from '../floor/task-rows.ts';

type PaceRow = {
  readonly spells: number;
  readonly orders_orders: number;
  readonly orders_lines: number;
  readonly lines_lines: number;
  readonly orders_seconds: number;
  readonly lines_seconds: number;
  readonly strayed: number;
  readonly at_ms: number;
};
const COLUMNS =
  'spells, orders_orders, orders_lines, lines_lines, orders_seconds, lines_seconds, strayed, at_ms' as const;

export interface QueueDepth extends FloorLoad {
  /** Units that the queued lines still want. */
  readonly queuedUnits: number;
}

/** How fast the floor picks, and what it has before it. */
export class PaceRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  measured(): MeasuredPace {
    const row = this.#sql.all<PaceRow>(`SELECT ${COLUMNS} FROM pick_pace`)[0];
    return row === undefined ? NOTHING_MEASURED : toMeasured(row);
  }

  save(measured: MeasuredPace): void {
    this.#sql.run(
      `INSERT OR REPLACE INTO pick_pace (only_row, ${COLUMNS}) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`,
      measured.spells,
      measured.ordersOrders,
      measured.ordersLines,
      measured.linesLines,
      measured.ordersSeconds,
      measured.linesSeconds,
      measured.strayed,
      measured.atMs,
    );
  }

  /** What is still to be picked, and by how many. */
  depth(): QueueDepth {
    const row = one<{ tasks: number; lines: number; units: number; pickers: number }>(
      this.#sql,
      `SELECT count(DISTINCT order_id) AS tasks, coalesce(sum(quantity > picked + shorted), 0) AS lines,
        coalesce(sum(quantity - picked - shorted), 0) AS units, (SELECT count(*) FROM shifts) AS pickers
      FROM pick_tasks JOIN pick_lines USING (order_id) WHERE ${ON_FLOOR} AND status NOT IN ('PACKED', 'RESTOCK')`,
    );
    const { tasks, lines, units, pickers } = row;
    return { queuedTasks: tasks, queuedLines: lines, queuedUnits: units, pickersOnShift: pickers };
  }
}

function toMeasured(row: PaceRow): MeasuredPace {
  return {
    spells: row.spells,
    ordersOrders: row.orders_orders,
    ordersLines: row.orders_lines,
    linesLines: row.lines_lines,
    ordersSeconds: row.orders_seconds,
    linesSeconds: row.lines_seconds,
    strayed: row.strayed,
    atMs: row.at_ms,
  };
}
