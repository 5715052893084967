import type { Account } from '../../domain/inventory/ledger.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import { one } from '../kit/sql.ts';
import type { SqlPort } from '../kit/sql.ts';
import { LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type StockRow = LevelRow & { readonly sku: Sku; readonly sequence: number };
type SkuUnits = readonly [sku: string, available: number];

/** Questions about the stock; writes are `StockWriter`'s. */
export class StockReader {
  protected readonly sql: SqlPort;
  constructor(sql: SqlPort) {
    this.sql = sql;
  }

  /** The accounts of those of the SKUs that the store sells. */
  accounts(skus: readonly Sku[]): Map<Sku, Account> {
    const rows = this.sql.all<StockRow>(
      `SELECT sku, sequence, ${LEVEL_COLUMNS.join(', ')} FROM stock WHERE sku IN (SELECT value FROM json_each(?))`,
      JSON.stringify(skus),
    );
    return new Map(rows.map((row) => [row.sku, { level: toLevel(row), sequence: row.sequence }]));
  }

  /** The store's change counter: it grows whenever what can be sold of any SKU changes. */
  version(): number {
    return one<{ version: number }>(this.sql, 'SELECT coalesce(max(version), 0) AS version FROM stock').version;
  }

  changedSince(version: number): SkuUnits[] {
    return this.sql
      .all<{ sku: string; available: number }>('SELECT sku, available FROM stock WHERE version > ?', version)
      .map((row) => [row.sku, row.available]);
  }

  inStock(): SkuUnits[] {
    return this.sql
      .all<{ sku: string; available: number }>('SELECT sku, available FROM stock WHERE available > 0')
      .map((row) => [row.sku, row.available]);
  }
}
