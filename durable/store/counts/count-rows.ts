import type { CountReason, CountStatus } from '../../../contracts/rpc/store-counts.ts';
import type { CountMade, CountSums } from '../../../domain/inventory/cycle-count.ts';
import type { Sku, UserId } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** A count as the store keeps it. */
export interface Count {
  readonly countId: number;
  readonly sku: Sku;
  readonly reason: CountReason;
  readonly status: CountStatus;
  readonly risk: number;
  readonly attempt: number;
  /** What the attempt before this one found. */
  readonly before: CountMade | null;
  readonly counter: { readonly userId: UserId; readonly startedAtMs: number } | null;
  readonly requestedAtMs: number;
}

/** A count that was believed. */
export interface CountResult {
  readonly expected: number;
  readonly counted: number;
  readonly shortfall: number;
  readonly accurate: boolean;
}

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type TaskRow = {
  readonly count_id: number;
  readonly sku: Sku;
  readonly reason: CountReason;
  readonly status: CountStatus;
  readonly risk: number;
  readonly attempt: number;
  readonly variance_before: number | null;
  readonly counter_id: UserId | null;
  readonly started_at_ms: number | null;
  readonly requested_at_ms: number;
};

const COLUMNS =
  'count_id, sku, reason, status, risk, attempt, variance_before, counter_id, started_at_ms, requested_at_ms';
/** As the partial indexes have it, or SQLite does not use them. */
const OPEN = "status <> 'DONE'";

/** Count tasks as rows, and what the closed ones say of the ledger's accuracy. */
export class CountRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  find(countId: number): Count | undefined {
    const row = this.#sql.all<TaskRow>(`SELECT ${COLUMNS} FROM count_tasks WHERE count_id = ?`, countId)[0];
    return row === undefined ? undefined : toCount(row);
  }

  /**
   * Opens a count of each of these shelves, or raises the risk of the one that is open. A reason that weighs more replaces one
   * that weighs less; a task that someone is counting keeps its step.
   */
  open(
    shelves: readonly { readonly sku: Sku; readonly risk: number }[],
    { reason, atMs }: { readonly reason: CountReason; readonly atMs: number },
  ): void {
    if (shelves.length === 0) return;
    this.#sql.run(
      `INSERT INTO count_tasks (sku, reason, status, risk, attempt, requested_at_ms)
      SELECT value ->> 'sku', ?, 'OPEN', value ->> 'risk', 1, ? FROM json_each(?) WHERE true
      ON CONFLICT (sku) WHERE ${OPEN} DO UPDATE SET risk = max(risk, excluded.risk),
        reason = CASE WHEN excluded.reason = 'NOT_FOUND' THEN excluded.reason ELSE reason END`,
      reason,
      atMs,
      JSON.stringify(shelves),
    );
  }

  /** The open counts of these SKUs, the most worth first. */
  openOf(skus: readonly Sku[]): Count[] {
    return this.#all(`sku IN (SELECT value FROM json_each(?)) AND ${OPEN}`, JSON.stringify(skus));
  }

  /** Open counts, the most worth first, at most `limit`. */
  ranked(limit: number): Count[] {
    return this.#all(OPEN).slice(0, limit);
  }

  start(countId: number, counterId: UserId, atMs: number): void {
    this.#sql.run(
      "UPDATE count_tasks SET status = 'COUNTING', counter_id = ?, started_at_ms = ? WHERE count_id = ?",
      counterId,
      atMs,
      countId,
    );
  }

  /** The shelf is to be counted once more, by whoever comes. */
  again({ countId, attempt }: Count, made: CountMade): void {
    this.#sql.run(
      `UPDATE count_tasks SET status = 'OPEN', counter_id = NULL, started_at_ms = NULL, attempt = ?, variance_before = ?
      WHERE count_id = ?`,
      attempt + 1,
      made.varianceUnits,
      countId,
    );
  }

  close({ countId }: Count, { expected, counted, shortfall, accurate }: CountResult, atMs: number): void {
    this.#sql.run(
      `UPDATE count_tasks SET status = 'DONE', expected = ?, counted = ?, shortfall = ?, accurate = ?, done_at_ms = ?
      WHERE count_id = ?`,
      expected,
      counted,
      shortfall,
      accurate ? 1 : 0,
      atMs,
      countId,
    );
  }

  /** Sums over the counts that were believed since. */
  sums(sinceMs: number): CountSums & { readonly shrinkUnits: number } {
    const row = one<{ counts: number; accurate: number; expected: number; off: number; shrink: number }>(
      this.#sql,
      `SELECT count(*) AS counts, coalesce(sum(accurate), 0) AS accurate, coalesce(sum(expected), 0) AS expected,
        coalesce(sum(abs(counted - expected)), 0) AS off, coalesce(sum(max(0, expected - counted)), 0) AS shrink
      FROM count_tasks WHERE status = 'DONE' AND done_at_ms >= ?`,
      sinceMs,
    );
    return {
      counts: row.counts,
      accurateCounts: row.accurate,
      expectedUnits: row.expected,
      absoluteVarianceUnits: row.off,
      shrinkUnits: row.shrink,
    };
  }

  openTasks(): number {
    return one<{ tasks: number }>(this.#sql, `SELECT count(*) AS tasks FROM count_tasks WHERE ${OPEN}`).tasks;
  }

  #all(where: string, ...bindings: string[]): Count[] {
    return this.#sql
      .all<TaskRow>(
        `SELECT ${COLUMNS} FROM count_tasks WHERE ${where} ORDER BY risk DESC, requested_at_ms, count_id`,
        ...bindings,
      )
      .map(toCount);
  }
}

function toCount(row: TaskRow): Count {
  const { counter_id: userId, started_at_ms: startedAtMs, variance_before: varianceUnits, attempt } = row;
  return {
    countId: row.count_id,
    sku: row.sku,
    reason: row.reason,
    status: row.status,
    risk: row.risk,
    attempt,
    before: varianceUnits === null ? null : { attempt: attempt - 1, varianceUnits },
    counter: userId === null || startedAtMs === null ? null : { userId, startedAtMs },
    requestedAtMs: row.requested_at_ms,
  };
}
