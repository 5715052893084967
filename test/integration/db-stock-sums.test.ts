import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { sumStock } from '../../db/queries/stock-sums.ts';
import { stockLevels } from '../../db/schema/stock-levels.ts';
import { stockMovements } from '../../db/schema/stock-movements.ts';
import { NO_STOCK } from '../../domain/inventory/stock-level.ts';
import { asStoreId } from '../../domain/shared/ids.ts';
import { DRIVERS, openDatabase, type OpenDatabase } from '../support/databases.ts';

const STORE = asStoreId(`sto_${'1'.repeat(26)}`);
const OTHER = asStoreId(`sto_${'2'.repeat(26)}`);
const updatedAt = new Date('2026-01-31T09:30:00.000Z');

describe.each(DRIVERS)('by %s', (driver) => {
  let open: OpenDatabase;
  let node: NodeDb;

  beforeAll(async () => {
    open = await openDatabase(driver);
    node = createNodeDb({ connectionString: open.url });
  });
  afterAll(async () => {
    await node.close();
    await open.close();
  });

  test('what is known of a store’s ledger is summed over its SKUs and no other store’s [R4]', async () => {
    const level = { ...NO_STOCK, version: 2, updatedAt };
    await node.db.insert(stockLevels).values([
      { ...level, storeId: STORE, sku: 'a', received: 10, available: 7, sold: 3 },
      { ...level, storeId: STORE, sku: 'b', received: 5, adjusted: -1, available: 2, held: 2 },
      { ...level, storeId: OTHER, sku: 'a', received: 99, available: 99 },
    ]);
    const movement = {
      type: 'stock.received',
      quantity: 1,
      opId: 'op',
      actorKind: 'operator',
      actorId: 'x',
      movedAt: updatedAt,
    };
    await node.db.insert(stockMovements).values([
      { ...movement, storeId: STORE, sku: 'a', sequence: 1, availableAfter: 1 },
      { ...movement, storeId: STORE, sku: 'a', sequence: 2, availableAfter: 2 },
      { ...movement, storeId: STORE, sku: 'b', sequence: 1, availableAfter: 1 },
      { ...movement, storeId: OTHER, sku: 'a', sequence: 1, availableAfter: 1 },
    ]);
    expect(await sumStock(open.db, STORE)).toEqual({
      skus: 2,
      movements: 3,
      totals: { ...NO_STOCK, received: 15, adjusted: -1, available: 9, held: 2, sold: 3 },
    });
  });

  test('of a store that nothing is known of there are zeros', async () => {
    expect(await sumStock(open.db, asStoreId(`sto_${'3'.repeat(26)}`))).toEqual({
      skus: 0,
      movements: 0,
      totals: NO_STOCK,
    });
  });
});
