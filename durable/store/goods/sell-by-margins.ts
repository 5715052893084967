import type { Sku } from '../../../domain/shared/ids.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/**
 * Life that a customer must still get where nobody has said: a day. A lot's date is a day of the store's own calendar and ends by
 * that of UTC here, so it is never sold after it, wherever the store is.
 */
const STORE_DEFAULT_DAYS = 1;
/** The row of the store's rule for SKUs without one of their own; no SKU is empty. */
const EVERY_SKU = '';

/** How long before its best-before a lot is sold for the last time: by SKU, else by the store's rule. */
export class SellByMargins {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  marginsMs(skus: readonly Sku[]): Map<Sku, number> {
    const rows = this.#sql.all<{ sku: Sku; margin_ms: number }>(
      'SELECT sku, margin_ms FROM sell_by_margins WHERE sku IN (SELECT value FROM json_each(?))',
      JSON.stringify(skus),
    );
    const own = new Map(rows.map((row) => [row.sku, row.margin_ms]));
    const storeMs = this.#storeMs();
    return new Map(skus.map((sku) => [sku, own.get(sku) ?? storeMs]));
  }

  /** Days in force for a SKU; for SKUs without a rule of their own when it is null. */
  days(sku: Sku | null): number {
    return (sku === null ? this.#storeMs() : (this.marginsMs([sku]).get(sku) ?? 0)) / DAY_MS;
  }

  /** Sets a rule, or takes it away. Returns how many open lots have another sell-by now. */
  set(sku: Sku | null, days: number | null): number {
    if (days === null) this.#sql.run('DELETE FROM sell_by_margins WHERE sku = ?', sku ?? EVERY_SKU);
    else {
      this.#sql.run(
        `INSERT INTO sell_by_margins (sku, margin_ms) VALUES (?, ?)
        ON CONFLICT (sku) DO UPDATE SET margin_ms = excluded.margin_ms`,
        sku ?? EVERY_SKU,
        days * DAY_MS,
      );
    }
    return this.#moveLots(sku, this.days(sku) * DAY_MS);
  }

  #moveLots(sku: Sku | null, marginMs: number): number {
    const whose = sku === null ? "'' = ? AND sku NOT IN (SELECT sku FROM sell_by_margins)" : 'sku = ?';
    const moved = `status = 'OPEN' AND sell_by_ms <> best_before_ms - ? AND ${whose}`;
    const { lots } = one<{ lots: number }>(
      this.#sql,
      `SELECT count(*) AS lots FROM lots WHERE ${moved}`,
      marginMs,
      sku ?? EVERY_SKU,
    );
    this.#sql.run(
      `UPDATE lots SET sell_by_ms = best_before_ms - ? WHERE ${moved}`,
      marginMs,
      marginMs,
      sku ?? EVERY_SKU,
    );
    return lots;
  }

  #storeMs(): number {
    const row = this.#sql.all<{ margin_ms: number }>(
      'SELECT margin_ms FROM sell_by_margins WHERE sku = ?',
      EVERY_SKU,
    )[0];
    return row?.margin_ms ?? STORE_DEFAULT_DAYS * DAY_MS;
  }
}
