import { sql } from 'drizzle-orm';
import { check, pgTable, text } from 'drizzle-orm/pg-core';
import { counter, moment } from '../columns.ts';
import { stores } from './stores.ts';

/** The number of the catalog snapshot a store has been given last. A number is never used twice. */
export const catalogVersions = pgTable(
  'catalog_versions',
  {
    storeId: text('store_id')
      .primaryKey()
      .references(() => stores.id),
    version: counter('version').notNull(),
    publishedAt: moment('published_at').notNull(),
  },
  (table) => [check('catalog_versions_version_check', sql`${table.version} > 0`)],
);
