import { levelOf } from '../../../domain/inventory/ledger.ts';
import type { Account, MovementKind } from '../../../domain/inventory/ledger.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { fields, pages, ROWS } from './set-wise.ts';
import { BUCKETS, LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

/** Movements of one kind of a SKU, summed. */
export type SumRow = {
  readonly sku: Sku;
  readonly kind: MovementKind;
  readonly units: number;
  readonly movements: number;
};
type AccountRow = LevelRow & { readonly sku: Sku; readonly sequence: number };

const ACCOUNT_COLUMNS = `sku, sequence, ${LEVEL_COLUMNS.join(', ')}`;
const WRITE_BALANCES = `
  INSERT INTO audit_balances (${ACCOUNT_COLUMNS})
  SELECT ${fields(2 + LEVEL_COLUMNS.length)} FROM ${ROWS} WHERE true
  ON CONFLICT (sku) DO UPDATE SET sequence = excluded.sequence,
    ${LEVEL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

/** The ledger added up once more, a piece at a time and apart from the levels. */
export class BalanceRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Adds up the next movements, at most `limit`, never looking at a level. True when that was all of them. */
  addUp(limit: number): boolean {
    const from = this.#auditedTo();
    const head = one<{ at: number }>(this.#sql, 'SELECT coalesce(max(position), 0) AS at FROM movements').at;
    const to = Math.min(head, from + limit);
    const sums = this.#sums(from, to);
    const added = this.plus(sums, [...new Set(sums.map(({ sku }) => sku))]);
    const rows = [...added].map(([sku, { sequence, level }]) => [sku, sequence, ...BUCKETS.map((b) => level[b])]);
    for (const json of pages(rows)) this.#sql.run(WRITE_BALANCES, json);
    this.#sql.run('UPDATE audit_cursor SET audited_to = ?', to);
    return to === head;
  }

  /** What is not added up yet. */
  rest(): SumRow[] {
    return this.#sums(this.#auditedTo(), Number.MAX_SAFE_INTEGER);
  }

  /** Movements that are added up. */
  movements(): number {
    return one<{ n: number }>(this.#sql, 'SELECT coalesce(sum(sequence), 0) AS n FROM audit_balances').n;
  }

  /** What these SKUs add up to with more movements. */
  plus(more: readonly SumRow[], skus: readonly Sku[]): Map<Sku, Account> {
    return accountsOf(more, accountsIn(this.#sql, 'audit_balances', skus));
  }

  /** The movement up to which the ledger is added up. */
  #auditedTo(): number {
    return one<{ at: number }>(this.#sql, 'SELECT audited_to AS at FROM audit_cursor').at;
  }

  #sums(after: number, to: number): SumRow[] {
    return this.#sql.all<SumRow>(
      `SELECT sku, kind, sum(quantity) AS units, count(*) AS movements FROM movements
      WHERE position > ? AND position <= ? GROUP BY sku, kind`,
      after,
      to,
    );
  }
}

/** What movements add up to, by SKU, from where each SKU stood before them. */
export function accountsOf(sums: readonly SumRow[], before: ReadonlyMap<Sku, Account> = new Map()): Map<Sku, Account> {
  const accounts = new Map(before);
  for (const [sku, ofSku] of Map.groupBy(sums, (row) => row.sku)) {
    const { level, sequence } = before.get(sku) ?? { level: NO_STOCK, sequence: 0 };
    const units = new Map(ofSku.map((row) => [row.kind, row.units]));
    const movements = ofSku.reduce((all, row) => all + row.movements, 0);
    accounts.set(sku, { level: levelOf(units, level), sequence: sequence + movements });
  }
  return accounts;
}

/** The rows of these SKUs, or of all, in one of the two tables that have levels. */
export function accountsIn(sql: SqlPort, table: 'stock' | 'audit_balances', skus?: readonly Sku[]): Map<Sku, Account> {
  const rows =
    skus === undefined
      ? sql.all<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM ${table}`)
      : sql.all<AccountRow>(
          `SELECT ${ACCOUNT_COLUMNS} FROM ${table} WHERE sku IN (SELECT value FROM json_each(?))`,
          JSON.stringify(skus),
        );
  return new Map(rows.map((row) => [row.sku, { level: toLevel(row), sequence: row.sequence }]));
}
