import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { Allergen } from '../../domain/catalog/allergens.ts';
import type { TemperatureZone } from '../../domain/catalog/storage.ts';
import { moment } from '../columns.ts';
import { categories } from './categories.ts';

/** One row a SKU: 500 ml and 1 l of the same milk are two. */
export const products = pgTable(
  'products',
  {
    id: text('id').primaryKey(),
    categoryId: text('category_id')
      .notNull()
      .references(() => categories.id),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** What one unit of the SKU is: piece, pack, kg. */
    unit: text('unit').notNull(),
    /** As printed on the pack: `500 ml`, `12 x 30 g`. */
    size: text('size').notNull(),
    imageUrl: text('image_url'),
    /** `ambient`, `chilled` or `frozen`. */
    temperatureZone: text('temperature_zone').$type<TemperatureZone>().notNull().default('ambient'),
    fragile: boolean('fragile').notNull().default(false),
    /** What one unit weighs, packing included; null: nobody has said. */
    gramsPerUnit: integer('grams_per_unit'),
    /** The price is for `grams_per_unit`, and what is picked is charged by its own weight. */
    soldByWeight: boolean('sold_by_weight').notNull().default(false),
    brand: text('brand'),
    /** All that the pack declares, in the order of their names; null: unknown, which is not the same as none. */
    allergens: text('allergens').array().$type<Allergen[]>(),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('products_category_id_index').on(table.categoryId),
    check('products_id_check', sql`${table.id} ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'`),
    check('products_name_check', sql`length(${table.name}) BETWEEN 1 AND 255`),
    check('products_description_check', sql`length(${table.description}) <= 2000`),
    check('products_unit_check', sql`length(${table.unit}) BETWEEN 1 AND 50`),
    check('products_temperature_zone_check', sql`${table.temperatureZone} IN ('ambient', 'chilled', 'frozen')`),
    check('products_grams_per_unit_check', sql`${table.gramsPerUnit} > 0`),
    check('products_sold_by_weight_check', sql`NOT ${table.soldByWeight} OR ${table.gramsPerUnit} IS NOT NULL`),
    check('products_brand_check', sql`length(${table.brand}) BETWEEN 1 AND 100`),
    check('products_size_check', sql`length(${table.size}) BETWEEN 1 AND 50`),
  ],
);
