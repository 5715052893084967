import { eq, sql, type SQL } from 'drizzle-orm';
import type { StockLevel } from '../../domain/inventory/stock-level.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import type { Db } from '../client.ts';
import { stockLevels } from '../schema/stock-levels.ts';
import { stockMovements } from '../schema/stock-movements.ts';

/** What the read models have of a store's ledger: a copy, as old as the log's lag. */
export interface StockSums {
  readonly skus: number;
  readonly movements: number;
  readonly totals: StockLevel;
}

/** Sums over all SKUs of a store; zeros for one that nothing is known of. */
export async function sumStock(db: Db, storeId: StoreId): Promise<StockSums> {
  const [[levels], movements] = await Promise.all([
    db
      .select({
        skus: sql`count(*)`.mapWith(Number),
        received: sumOf(stockLevels.received),
        adjusted: sumOf(stockLevels.adjusted),
        transferredIn: sumOf(stockLevels.transferredIn),
        available: sumOf(stockLevels.available),
        blocked: sumOf(stockLevels.blocked),
        held: sumOf(stockLevels.held),
        allocated: sumOf(stockLevels.allocated),
        picked: sumOf(stockLevels.picked),
        sold: sumOf(stockLevels.sold),
        writtenOff: sumOf(stockLevels.writtenOff),
        transferredOut: sumOf(stockLevels.transferredOut),
      })
      .from(stockLevels)
      .where(eq(stockLevels.storeId, storeId)),
    db.$count(stockMovements, eq(stockMovements.storeId, storeId)),
  ]);
  if (levels === undefined) throw new Error('a sum without GROUP BY always has a row');
  const { skus, ...totals } = levels;
  return { skus, movements, totals };
}

function sumOf(column: (typeof stockLevels)[keyof StockLevel]): SQL<number> {
  return sql`coalesce(sum(${column}), 0)`.mapWith(Number);
}
