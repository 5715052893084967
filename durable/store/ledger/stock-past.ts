import type { LedgerPoint, StockFurther, StockThen } from '../../../contracts/rpc/store-stock.ts';
import { levelOf } from '../../../domain/inventory/ledger.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { accountsIn } from './balance-rows.ts';
import { MOVEMENT_KEPT_MS } from './ledger-compaction.ts';

/** Lines of the ledger that one answer adds up: as many as a page of the history looks at, and for the same reason. */
const LINES_PER_ANSWER = 50_000;
const DAY_MS = 24 * 60 * 60 * 1000;

type SumRow = { readonly kind: MovementKind; readonly units: number; readonly movements: number };

/**
 * What the stock was. It goes from what the auditor has added up, and not from a level, so that it is the sum of the movements also
 * while a level is wrong.
 */
export class StockPast {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** The level of a SKU at a past moment, or how far the ledger was looked through for it. */
  asOf(
    sku: Sku,
    {
      asOfMs,
      nowMs,
      from,
    }: { readonly asOfMs: number; readonly nowMs: number; readonly from?: LedgerPoint | undefined },
  ): StockThen | StockFurther {
    const then = this.#knownAt(asOfMs, nowMs);
    const found = this.#isSumsOnly(then.asOfMs) ? this.#fromDays(sku, then.asOfMs) : this.#walk(sku, then.asOfMs, from);
    return 'goOnFrom' in found ? found : { sku, ...then, ...found };
  }

  /** The moment that the store can tell of: the one that is asked for, or the end of its day where movements are folded. */
  #knownAt(asOfMs: number, nowMs: number): Pick<StockThen, 'basis' | 'asOfMs'> {
    // Nothing younger than that is ever folded.
    const isExact = asOfMs >= nowMs - MOVEMENT_KEPT_MS || !this.#isSumsOnly(asOfMs);
    if (isExact) return { basis: 'MOMENT', asOfMs };
    return { basis: 'END_OF_DAY', asOfMs: (Math.floor(asOfMs / DAY_MS) + 1) * DAY_MS - 1 };
  }

  /** Whether movements up to that moment are known as sums by day only. */
  #isSumsOnly(atMs: number): boolean {
    const [folded] = this.#sql.all('SELECT day FROM ledger_days LIMIT 1');
    if (folded === undefined) return false;
    const [oldest] = this.#sql.all<{ at_ms: number }>('SELECT at_ms FROM causes ORDER BY cause LIMIT 1');
    return oldest === undefined || atMs < oldest.at_ms;
  }

  /** Adds up whole days: one look-up for each day of the store's life. */
  #fromDays(sku: Sku, atMs: number): Pick<StockThen, 'sequence' | 'level'> {
    const lastDay = Math.floor(atMs / DAY_MS);
    const sums = this.#sql.all<SumRow>(
      `WITH RECURSIVE days(day) AS (SELECT min(day) FROM ledger_days UNION ALL SELECT day + 1 FROM days WHERE day < ?1)
      SELECT kind, sum(quantity) AS units, sum(movements) AS movements FROM days CROSS JOIN ledger_days USING (day)
      WHERE day <= ?1 AND sku = ?2 GROUP BY kind`,
      lastDay,
      sku,
    );
    return plus({ sequence: 0, level: NO_STOCK }, sums, 1);
  }

  /** Goes from a place in the ledger to the moment, backwards or forwards. */
  #walk(
    sku: Sku,
    atMs: number,
    from: LedgerPoint = this.#addedUp(sku),
  ): Pick<StockThen, 'sequence' | 'level'> | StockFurther {
    const target = this.#positionAt(atMs);
    const forward = target > from.position;
    const position = forward
      ? Math.min(target, from.position + LINES_PER_ANSWER)
      : Math.max(target, from.position - LINES_PER_ANSWER);
    const sums = this.#sql.all<SumRow>(
      `SELECT kind, sum(quantity) AS units, count(*) AS movements FROM movements
      WHERE position > ? AND position <= ? AND sku = ? GROUP BY kind`,
      Math.min(from.position, position),
      Math.max(from.position, position),
      sku,
    );
    const there = plus(from, sums, forward ? 1 : -1);
    return position === target ? there : { goOnFrom: { position, ...there } };
  }

  /** What the auditor knows of a SKU. */
  #addedUp(sku: Sku): LedgerPoint {
    const position = one<{ at: number }>(this.#sql, 'SELECT audited_to AS at FROM audit_cursor').at;
    const account = accountsIn(this.#sql, 'audit_balances', [sku]).get(sku);
    return { position, sequence: 0, level: NO_STOCK, ...account };
  }

  /** The last position that was taken up to a moment. Positions are in order of time, and a cause has the number of its first. */
  #positionAt(atMs: number): number {
    const { oldest, newest } = one<{ oldest: number; newest: number }>(
      this.#sql,
      `SELECT (SELECT coalesce(min(cause), 1) FROM causes) AS oldest, (SELECT coalesce(max(position), 0) FROM movements) AS newest`,
    );
    let upTo = oldest - 1;
    let after = newest + 1;
    while (after - upTo > 1) {
      const middle = Math.floor((upTo + after) / 2);
      const [cause] = this.#sql.all<{ cause: number; at_ms: number }>(
        'SELECT cause, at_ms FROM causes WHERE cause <= ? ORDER BY cause DESC LIMIT 1',
        middle,
      );
      if (cause === undefined || cause.at_ms <= atMs) upTo = middle;
      else after = cause.cause;
    }
    return upTo;
  }
}

/** A level with movements added to it, or taken back. */
function plus(
  { sequence, level }: Pick<LedgerPoint, 'sequence' | 'level'>,
  sums: readonly SumRow[],
  sign: 1 | -1,
): Pick<LedgerPoint, 'sequence' | 'level'> {
  const movements = sums.reduce((all, sum) => all + sum.movements, 0);
  return {
    sequence: sequence + sign * movements,
    level: levelOf(new Map(sums.map(({ kind, units }) => [kind, sign * units])), level),
  };
}
