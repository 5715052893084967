import type { SqlPort } from './sql.ts';

export interface Deadline {
  readonly kind: string;
  readonly ref: string;
  readonly dueAtMs: number;
}

/** Many named deadlines behind the one alarm an object has. */
export class Deadlines {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Sets or moves the deadline of this kind and ref. */
  set(kind: string, ref: string, dueAtMs: number): void {
    this.#sql.run(
      'INSERT INTO deadlines (kind, ref, due_at_ms) VALUES (?, ?, ?) ON CONFLICT (kind, ref) DO UPDATE SET due_at_ms = excluded.due_at_ms',
      kind,
      ref,
      dueAtMs,
    );
  }

  /** Sets the deadline, or moves it if it becomes earlier. */
  setEarlier(kind: string, ref: string, dueAtMs: number): void {
    this.#sql.run(
      `INSERT INTO deadlines (kind, ref, due_at_ms) VALUES (?, ?, ?)
      ON CONFLICT (kind, ref) DO UPDATE SET due_at_ms = excluded.due_at_ms WHERE excluded.due_at_ms < due_at_ms`,
      kind,
      ref,
      dueAtMs,
    );
  }

  clear(kind: string, ref: string): void {
    this.#sql.run('DELETE FROM deadlines WHERE kind = ? AND ref = ?', kind, ref);
  }

  /** Clears a served deadline, unless serving it has set it anew. */
  served(deadline: Deadline): void {
    this.#sql.run(
      'DELETE FROM deadlines WHERE kind = ? AND ref = ? AND due_at_ms = ?',
      deadline.kind,
      deadline.ref,
      deadline.dueAtMs,
    );
  }

  /** Due ones, earliest first, at most `limit`. */
  due(nowMs: number, limit: number): Deadline[] {
    return this.#sql
      .all<{ kind: string; ref: string; due_at_ms: number }>(
        'SELECT kind, ref, due_at_ms FROM deadlines WHERE due_at_ms <= ? ORDER BY due_at_ms, kind, ref LIMIT ?',
        nowMs,
        limit,
      )
      .map((row) => ({ kind: row.kind, ref: row.ref, dueAtMs: row.due_at_ms }));
  }

  next(): number | null {
    return this.#sql.all<{ due: number | null }>('SELECT min(due_at_ms) AS due FROM deadlines')[0]?.due ?? null;
  }
}
