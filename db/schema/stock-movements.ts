import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, moment } from '../columns.ts';

/** Read model of `stock.movements.v1`: every movement, as the store's ledger wrote it. */
export const stockMovements = pgTable(
  'stock_movements',
  {
    storeId: text('store_id').notNull(),
    sku: text('sku').notNull(),
    /** Contiguous from 1 per store and SKU. */
    sequence: counter('sequence').notNull(),
    /** The event's type, such as `stock.held`. */
    type: text('type').notNull(),
    /** Units moved; below zero only for a downward adjustment. */
    quantity: integer('quantity').notNull(),
    reason: text('reason'),
    opId: text('op_id').notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id').notNull(),
    holdId: text('hold_id'),
    orderId: text('order_id'),
    /** Units left to sell after the movement. */
    availableAfter: integer('available_after').notNull(),
    movedAt: moment('moved_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.storeId, table.sku, table.sequence] }),
    index('stock_movements_store_id_moved_at_index').on(table.storeId, table.movedAt),
    index('stock_movements_order_id_index')
      .on(table.orderId)
      .where(sql`${table.orderId} IS NOT NULL`),
    check('stock_movements_sequence_check', sql`${table.sequence} > 0`),
    check('stock_movements_quantity_check', sql`${table.quantity} >= 0 OR ${table.type} = 'stock.adjusted'`),
  ],
);
