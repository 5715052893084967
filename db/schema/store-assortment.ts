import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, currencyCode, isCurrency, minor, moment } from '../columns.ts';
import { products } from './products.ts';
import { stores } from './stores.ts';

/** What a store sells, for how much and from which bin. Stock is not here: the store's object owns it. */
export const storeAssortment = pgTable(
  'store_assortment',
  {
    storeId: text('store_id')
      .notNull()
      .references(() => stores.id),
    sku: text('sku')
      .notNull()
      .references(() => products.id),
    priceMinor: minor('price_minor').notNull(),
    /** Maximum retail price as printed on the pack; never below the selling price. */
    mrpMinor: minor('mrp_minor').notNull(),
    currency: currencyCode().notNull(),
    /** `<aisle>-<rack>-<shelf>`, such as `A03-2-1`. */
    bin: text('bin').notNull(),
    forSale: boolean('for_sale').notNull().default(true),
    /** Grows by one with each change of the row. */
    version: counter('version').notNull().default(1),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.storeId, table.sku] }),
    index('store_assortment_sku_index').on(table.sku),
    check('store_assortment_price_minor_check', sql`${table.priceMinor} >= 0`),
    check('store_assortment_mrp_minor_check', sql`${table.mrpMinor} >= ${table.priceMinor}`),
    check('store_assortment_currency_check', isCurrency(table.currency)),
    check('store_assortment_bin_check', sql`${table.bin} ~ '^[A-Z][0-9]{2}-[0-9]{1,2}-[0-9]{1,2}$'`),
    check('store_assortment_version_check', sql`${table.version} > 0`),
  ],
);
