import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { currencyCode, isCurrency, minor } from '../columns.ts';

/** Read model: the lines as they were ordered, at the price of that moment. */
export const orderLines = pgTable(
  'order_lines',
  {
    orderId: text('order_id').notNull(),
    lineNo: integer('line_no').notNull(),
    sku: text('sku').notNull(),
    name: text('name').notNull(),
    quantity: integer('quantity').notNull(),
    unitPriceMinor: minor('unit_price_minor').notNull(),
    /** Before its part of the discount. */
    totalMinor: minor('total_minor').notNull(),
    discountMinor: minor('discount_minor').notNull().default(0),
    currency: currencyCode().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.lineNo] }),
    index('order_lines_sku_index').on(table.sku),
    check('order_lines_line_no_check', sql`${table.lineNo} >= 0`),
    check('order_lines_quantity_check', sql`${table.quantity} > 0`),
    check('order_lines_unit_price_minor_check', sql`${table.unitPriceMinor} >= 0`),
    check('order_lines_total_minor_check', sql`${table.totalMinor} = ${table.unitPriceMinor} * ${table.quantity}`),
    check('order_lines_discount_minor_check', sql`${table.discountMinor} BETWEEN 0 AND ${table.totalMinor}`),
    check('order_lines_currency_check', isCurrency(table.currency)),
  ],
);
