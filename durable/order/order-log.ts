import { readOwnJson } from '../../contracts/own-json.ts';
import { one } from '../kit/sql.ts';
import type { SqlPort } from '../kit/sql.ts';
import type { LogEntry, OrderEvent } from '../../domain/order/order.ts';

/** The order's event log in SQLite. */
export class OrderLog {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  all(): LogEntry[] {
    return this.#sql
      .all<{ seq: number; at_ms: number; by_kind: string; by_id: string; event: string }>(
        'SELECT seq, at_ms, by_kind, by_id, event FROM order_log ORDER BY seq',
      )
      .map((row) => ({
        seq: row.seq,
        atMs: row.at_ms,
        by: { kind: row.by_kind, id: row.by_id },
        event: readOwnJson<OrderEvent>(row.event),
      }));
  }

  head(): number {
    return one<{ head: number }>(this.#sql, 'SELECT coalesce(max(seq), 0) AS head FROM order_log').head;
  }

  append(entry: LogEntry): void {
    this.#sql.run(
      'INSERT INTO order_log (seq, at_ms, by_kind, by_id, event) VALUES (?, ?, ?, ?, ?)',
      entry.seq,
      entry.atMs,
      entry.by.kind,
      entry.by.id,
      JSON.stringify(entry.event),
    );
  }

  /** The answer to the first placing as JSON text; `null` before there was one. */
  firstAnswer(): string | null {
    return this.#sql.all<{ answer: string }>('SELECT answer FROM first_answer')[0]?.answer ?? null;
  }

  keepFirstAnswer(answer: string): void {
    this.#sql.run('INSERT INTO first_answer (only_row, answer) VALUES (1, ?) ON CONFLICT DO NOTHING', answer);
  }
}
