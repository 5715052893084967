import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, currencyCode, isCurrency, minor, moment } from '../columns.ts';

/** One row a price a SKU had in a store, the first one included: written with the change, never after it. */
export const priceHistory = pgTable(
  'price_history',
  {
    storeId: text('store_id').notNull(),
    sku: text('sku').notNull(),
    /** The version of the assortment row that brought this price. */
    version: counter('version').notNull(),
    priceMinor: minor('price_minor').notNull(),
    mrpMinor: minor('mrp_minor').notNull(),
    currency: currencyCode().notNull(),
    changedAt: moment('changed_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.storeId, table.sku, table.version] }),
    index('price_history_changed_at_index').on(table.changedAt),
    check('price_history_price_minor_check', sql`${table.priceMinor} >= 0`),
    check('price_history_mrp_minor_check', sql`${table.mrpMinor} >= ${table.priceMinor}`),
    check('price_history_currency_check', isCurrency(table.currency)),
  ],
);
