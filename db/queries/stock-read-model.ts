import { stockLevels } from '../schema/stock-levels.ts';
import { stockMovements } from '../schema/stock-movements.ts';
import { rowUpsert, type JsonRow } from '../statement.ts';

export type StockLevelRow = JsonRow<typeof stockLevels.$inferSelect>;
export type StockMovementRow = JsonRow<typeof stockMovements.$inferSelect>;

/** Newer versions win. */
export const upsertStockLevelRows = rowUpsert(stockLevels, { key: ['store_id', 'sku'], version: 'version' });
/** A movement never changes once written. */
export const insertStockMovementRows = rowUpsert(stockMovements, { key: ['store_id', 'sku', 'sequence'] });
