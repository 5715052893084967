import { APP_CHANNEL, saleTermsOf, sellableTo } from '../../../domain/inventory/sellable.ts';
import type { StockAccount } from '../../../domain/inventory/sellable.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import type { PolicyRows } from '../policy/policy-rows.ts';
import { LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type LimitsRow = { readonly safety_units: number; readonly quarantined: number };
type StockRow = LevelRow & LimitsRow & { readonly sku: Sku; readonly sequence: number };
type SkuUnits = readonly [sku: string, sellable: number];

const STOCK_COLUMNS = `sku, sequence, safety_units, quarantined, ${LEVEL_COLUMNS.join(', ')}`;
/** The change of every SKU at once. */
const EVERY_SKU = '';

/** Questions about the stock; writes are `StockWriter`'s. */
export class StockReader {
  protected readonly sql: SqlPort;
  readonly #policies: PolicyRows;
  constructor(sql: SqlPort, policies: PolicyRows) {
    this.sql = sql;
    this.#policies = policies;
  }

  /** The accounts of those of the SKUs that the store sells. */
  accounts(skus: readonly Sku[]): Map<Sku, StockAccount> {
    const rows = this.sql.all<StockRow>(
      `SELECT ${STOCK_COLUMNS} FROM stock WHERE sku IN (SELECT value FROM json_each(?))`,
      JSON.stringify(skus),
    );
    return new Map(rows.map((row) => [row.sku, toAccount(row)]));
  }

  /** The store's change counter: it grows whenever what can be sold of any SKU may have changed. */
  version(): number {
    return one<{ version: number }>(
      this.sql,
      `SELECT max((SELECT coalesce(max(position), 0) FROM movements),
        (SELECT coalesce(max(position), 0) FROM sellable_changes)) AS version`,
    ).version;
  }

  /** What the app can sell of every SKU that moved after a version; `null` when that may be any. */
  changedSince(version: number): SkuUnits[] | null {
    // What moved before the oldest row that is kept is known as sums only.
    if (version + 1 < this.#oldestKept()) return null;
    const changed = this.sql
      .all<{ sku: string }>(
        `SELECT sku FROM movements WHERE position > ?1 UNION SELECT sku FROM sellable_changes WHERE position > ?1`,
        version,
      )
      .map(({ sku }) => sku);
    if (changed.includes(EVERY_SKU)) return null;
    return this.#sellable('sku IN (SELECT value FROM json_each(?))', JSON.stringify(changed));
  }

  #oldestKept(): number {
    return one<{ at: number }>(this.sql, 'SELECT coalesce(min(position), 0) AS at FROM movements').at;
  }

  /** What the app can sell of every SKU that it can sell any of. */
  inStock(): SkuUnits[] {
    return this.#sellable('available > 0').filter(([, units]) => units > 0);
  }

  #sellable(where: string, ...bindings: string[]): SkuUnits[] {
    const rows = this.sql.all<StockRow>(`SELECT ${STOCK_COLUMNS} FROM stock WHERE ${where}`, ...bindings);
    const terms = this.#policies.terms(rows.map(({ sku }) => sku));
    return rows.map((row) => [
      row.sku,
      sellableTo(APP_CHANNEL, toAccount(row), saleTermsOf(terms, APP_CHANNEL, row.sku)),
    ]);
  }
}

function toAccount(row: StockRow): StockAccount {
  return {
    level: toLevel(row),
    sequence: row.sequence,
    safetyUnits: row.safety_units,
    quarantined: row.quarantined === 1,
  };
}
