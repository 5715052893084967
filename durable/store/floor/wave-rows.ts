import { readOwnJson } from '../../../contracts/own-json.ts';
import type { WaveView } from '../../../contracts/ws/tablet.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** The walks that pickers are on, as they were planned when their tasks were claimed. */
export class WaveRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** The wave that each of these tasks was last claimed on; none for a claim without a walk. */
  of(orderIds: readonly OrderId[]): Map<OrderId, WaveView> {
    if (orderIds.length === 0) return new Map();
    const rows = this.#sql.all<{ order_id: OrderId; wave: string }>(
      `SELECT order_id, wave FROM wave_tasks JOIN waves USING (wave_id)
      WHERE order_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(orderIds),
    );
    return new Map(rows.map((row) => [row.order_id, readOwnJson<WaveView>(row.wave)]));
  }

  /** A picker sets out for these tasks, on a walk or without one. Waves that nobody is on any more are forgotten. */
  setOut(orderIds: readonly OrderId[], wave: WaveView | null): void {
    const ids = JSON.stringify(orderIds);
    this.#sql.run('DELETE FROM wave_tasks WHERE order_id IN (SELECT value FROM json_each(?))', ids);
    this.#sql.run(
      `DELETE FROM waves WHERE wave_id NOT IN
        (SELECT wave_id FROM wave_tasks JOIN pick_tasks USING (order_id) WHERE status = 'PICKING')`,
    );
    this.#sql.run('DELETE FROM wave_tasks WHERE wave_id NOT IN (SELECT wave_id FROM waves)');
    if (wave === null) return;
    this.#sql.run('INSERT INTO waves (wave_id, wave) VALUES (?, ?)', wave.waveId, JSON.stringify(wave));
    this.#sql.run('INSERT INTO wave_tasks (order_id, wave_id) SELECT value, ? FROM json_each(?)', wave.waveId, ids);
  }
}
