import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, moment } from '../columns.ts';

/**
 * Read model of `stock.movements.v1`: a copy of what the store's object knows, as old as the log's lag.
 * The check repeats the law of the ledger, so a projection that loses a unit fails at the row and not in a report.
 */
export const stockLevels = pgTable(
  'stock_levels',
  {
    storeId: text('store_id').notNull(),
    sku: text('sku').notNull(),
    received: integer('received').notNull(),
    /** The only bucket that may be below zero: what counts took away. */
    adjusted: integer('adjusted').notNull(),
    transferredIn: integer('transferred_in').notNull(),
    available: integer('available').notNull(),
    blocked: integer('blocked').notNull(),
    held: integer('held').notNull(),
    allocated: integer('allocated').notNull(),
    picked: integer('picked').notNull(),
    sold: integer('sold').notNull(),
    writtenOff: integer('written_off').notNull(),
    transferredOut: integer('transferred_out').notNull(),
    /** Sequence of the last movement seen. */
    version: counter('version').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.storeId, table.sku] }),
    check(
      'stock_levels_conservation_check',
      sql`${table.received} + ${table.adjusted} + ${table.transferredIn} = ${table.available} + ${table.blocked} + ${table.held} + ${table.allocated} + ${table.picked} + ${table.sold} + ${table.writtenOff} + ${table.transferredOut}`,
    ),
    check(
      'stock_levels_not_negative_check',
      sql`least(${table.received}, ${table.transferredIn}, ${table.available}, ${table.blocked}, ${table.held}, ${table.allocated}, ${table.picked}, ${table.sold}, ${table.writtenOff}, ${table.transferredOut}) >= 0`,
    ),
    check('stock_levels_version_check', sql`${table.version} > 0`),
  ],
);
