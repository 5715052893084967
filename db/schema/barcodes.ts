import { sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { isOneOf, moment } from '../columns.ts';
import { products } from './products.ts';

export const BARCODE_KINDS = ['ean13', 'ean8', 'upca', 'in_store'] as const;
/** `in_store` is an EAN-13 of the restricted range 20, minted by us for goods that carry no code. */
export type BarcodeKind = (typeof BARCODE_KINDS)[number];

/** What a scanner reads. A SKU may carry several codes; a code names one SKU. */
export const barcodes = pgTable(
  'barcodes',
  {
    code: text('code').primaryKey(),
    sku: text('sku')
      .notNull()
      .references(() => products.id),
    kind: text('kind').$type<BarcodeKind>().notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('barcodes_sku_index').on(table.sku),
    check('barcodes_kind_check', isOneOf(table.kind, BARCODE_KINDS)),
    check(
      'barcodes_code_check',
      sql`${table.code} ~ CASE ${table.kind} WHEN 'ean8' THEN '^[0-9]{8}$' WHEN 'upca' THEN '^[0-9]{12}$' WHEN 'in_store' THEN '^20[0-9]{11}$' ELSE '^[0-9]{13}$' END`,
    ),
  ],
);
