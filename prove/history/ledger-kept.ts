import { conservationGap } from '../../domain/inventory/stock-level.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { BUCKETS, LEVEL_COLUMNS, toLevel } from '../../durable/store/ledger/stock-columns.ts';
import type { LevelRow } from '../../durable/store/ledger/stock-columns.ts';
import { OPERATOR, STORES } from './cast.ts';
import type { StoreIndex } from './cast.ts';
import type { Stage } from './stage.ts';

type SkuLevel = LevelRow & { readonly sku: string };

/** The ledger by itself: every bucket, the movements that add up to it, and what was told of them. */
export async function brokenLedger(stage: Stage, store: StoreIndex): Promise<string[]> {
  const sql = stage.sql(store);
  const levels = sql.all<SkuLevel>(`SELECT sku, ${LEVEL_COLUMNS.join(', ')} FROM stock`);
  const found = levels.flatMap((row) => {
    const level = toLevel(row);
    const gap = conservationGap(level);
    const below = BUCKETS.filter((bucket) => bucket !== 'adjusted' && level[bucket] < 0);
    return [
      ...(gap === 0 ? [] : [`${row.sku} has ${gap} more units in than are there and went out`]),
      ...stage.heard.broken(`${STORES[store]}:${row.sku}`, level),
      ...below.map((bucket) => `${row.sku} has ${level[bucket]} units ${bucket}`),
    ];
  });
  const audit = await stage.store(store).audit(OPERATOR);
  if (!audit.ok) throw new Error(audit.error.code);
  for (const { sku, gapUnits } of audit.value.discrepancies)
    found.push(`${sku} is ${gapUnits} units off the sum of its movements`);
  return [...new Set([...found, ...brokenLots(sql)])];
}

/** Units of lots are units on the shelf, and their blocked ones are blocked. */
function brokenLots(sql: SqlPort): string[] {
  return sql
    .all<{ sku: string; on_shelf: number; lot_blocked: number; shelf: number; blocked: number }>(
      `SELECT sku, sum(on_shelf) AS on_shelf, sum(lots.blocked) AS lot_blocked,
        available + stock.blocked + held + allocated AS shelf, stock.blocked AS blocked
      FROM lots JOIN stock USING (sku) GROUP BY sku`,
    )
    .filter((row) => row.on_shelf > row.shelf || row.lot_blocked > row.blocked)
    .map(
      ({ sku, on_shelf: lots, shelf, lot_blocked: lotBlocked, blocked }) =>
        `the lots of ${sku} have ${lots} units of ${shelf} on the shelf, ${lotBlocked} of ${blocked} blocked`,
    );
}
