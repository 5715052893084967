import { LOW_STOCK_POLICY, NO_DEMAND } from '../../../domain/inventory/low-stock.ts';
import type { Demand, StockState } from '../../../domain/inventory/low-stock.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

type WatchRow = {
  readonly sku: Sku;
  readonly available: number;
  readonly held: number;
  readonly safety_units: number;
  readonly low_at_units: number | null;
  readonly state: StockState | null;
  readonly units_per_hour: number | null;
  readonly demand_at_ms: number | null;
};

/** A SKU as the watch sees it. */
export interface WatchedSku {
  readonly sku: Sku;
  readonly available: number;
  readonly heldUnits: number;
  readonly safetyUnits: number;
  /** `null`: what the policy says. */
  readonly lowAtUnits: number | null;
  readonly state: StockState;
  readonly demand: Demand;
}

const WATCHED = `stock.sku, available, held, safety_units, low_at_units, state, units_per_hour, demand_at_ms
  FROM stock LEFT JOIN stock_watch USING (sku)`;

/** How fast each SKU goes, when it is low, and whether that was said. */
export class DemandRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  of(skus: readonly Sku[]): WatchedSku[] {
    return this.#sql
      .all<WatchRow>(`SELECT ${WATCHED} WHERE stock.sku IN (SELECT value FROM json_each(?))`, JSON.stringify(skus))
      .map(toWatched);
  }

  /** SKUs that are low or out. */
  lowOrOut(): WatchedSku[] {
    return this.#sql.all<WatchRow>(`SELECT ${WATCHED} WHERE state <> 'OK'`).map(toWatched);
  }

  save(watched: readonly WatchedSku[]): void {
    if (watched.length === 0) return;
    const rows = watched.map(({ sku, state, demand }) => [sku, state, demand.unitsPerHour, demand.atMs]);
    this.#sql.run(
      `INSERT INTO stock_watch (sku, state, units_per_hour, demand_at_ms)
      SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
      ON CONFLICT (sku) DO UPDATE SET state = excluded.state, units_per_hour = excluded.units_per_hour,
        demand_at_ms = excluded.demand_at_ms`,
      JSON.stringify(rows),
    );
  }

  setThreshold(
    sku: Sku,
    { lowAtUnits, safetyUnits }: { readonly lowAtUnits: number | null; readonly safetyUnits: number },
  ): void {
    this.#sql.run(
      `INSERT INTO stock_watch (sku, low_at_units) VALUES (?, ?)
      ON CONFLICT (sku) DO UPDATE SET low_at_units = excluded.low_at_units`,
      sku,
      lowAtUnits,
    );
    this.#sql.run('UPDATE stock SET safety_units = ? WHERE sku = ?', safetyUnits, sku);
  }
}

/** Units that are left to sell: a hold takes its units for minutes, and when they come back nobody looks. */
export function unsoldUnits({ available, heldUnits, safetyUnits }: WatchedSku): number {
  return available + heldUnits - safetyUnits;
}

/** The threshold in force. */
export function lowAt({ lowAtUnits }: Pick<WatchedSku, 'lowAtUnits'>): number {
  return lowAtUnits ?? LOW_STOCK_POLICY.lowAtUnits;
}

function toWatched(row: WatchRow): WatchedSku {
  const demand =
    row.units_per_hour === null || row.demand_at_ms === null
      ? NO_DEMAND
      : { unitsPerHour: row.units_per_hour, atMs: row.demand_at_ms };
  return {
    sku: row.sku,
    available: row.available,
    heldUnits: row.held,
    safetyUnits: row.safety_units,
    lowAtUnits: row.low_at_units,
    state: row.state ?? 'OK',
    demand,
  };
}
