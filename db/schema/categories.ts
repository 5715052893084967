import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, unique, type AnyPgColumn } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';

/** A tree: a root has no parent. Names are unique among siblings. */
export const categories = pgTable(
  'categories',
  {
    id: text('id').primaryKey(),
    parentId: text('parent_id').references((): AnyPgColumn => categories.id),
    name: text('name').notNull(),
    /** Order among siblings, ascending; equal positions go by name. */
    position: integer('position').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    unique('categories_parent_id_name_unique').on(table.parentId, table.name).nullsNotDistinct(),
    index('categories_parent_id_index').on(table.parentId),
    check('categories_parent_id_check', sql`${table.parentId} <> ${table.id}`),
    check('categories_name_check', sql`length(${table.name}) BETWEEN 1 AND 100`),
  ],
);
