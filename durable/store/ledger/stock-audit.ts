import type { LedgerAudit } from '../../../contracts/rpc/store.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import { differenceUnits, levelOf } from '../../../domain/inventory/ledger.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { BUCKETS, LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

/** Adds up the whole ledger and holds every stored level against it. For operators: it reads every movement. */
export function auditStock(sql: SqlPort): Omit<LedgerAudit, 'unpublishedEvents' | 'quarantined'> {
  const history = new Map<string, Map<MovementKind, number>>();
  let movements = 0;
  for (const row of sql.all<{ sku: string; kind: MovementKind; units: number; movements: number }>(
    `SELECT sku, kind, sum(quantity) AS units, sum(movements) AS movements FROM (
      SELECT sku, kind, quantity, 1 AS movements FROM movements
      UNION ALL SELECT sku, kind, quantity, movements FROM ledger_days
    ) GROUP BY sku, kind`,
  )) {
    movements += row.movements;
    history.set(row.sku, (history.get(row.sku) ?? new Map<MovementKind, number>()).set(row.kind, row.units));
  }
  const totals = { ...NO_STOCK };
  const discrepancies: { sku: string; gapUnits: number }[] = [];
  const levels = sql.all<LevelRow & { sku: string }>(`SELECT sku, ${LEVEL_COLUMNS.join(', ')} FROM stock`);
  for (const row of levels) {
    const level = toLevel(row);
    for (const bucket of BUCKETS) totals[bucket] += level[bucket];
    const gapUnits = differenceUnits(level, levelOf(history.get(row.sku) ?? new Map()));
    if (gapUnits !== 0) discrepancies.push({ sku: row.sku, gapUnits });
    history.delete(row.sku);
  }
  // Movements of a SKU that has lost its level.
  for (const [sku, units] of history) {
    discrepancies.push({ sku, gapUnits: differenceUnits(NO_STOCK, levelOf(units)) });
  }
  return { skus: levels.length, movements, totals, discrepancies };
}
