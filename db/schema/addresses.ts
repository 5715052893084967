import { sql } from 'drizzle-orm';
import { boolean, check, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { degrees, isLatLng, moment } from '../columns.ts';
import { cities } from './cities.ts';
import { users } from './users.ts';

export const addresses = pgTable(
  'addresses',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    cityId: text('city_id').references(() => cities.id),
    /** What its owner calls it: home, work. */
    label: text('label').notNull(),
    line: text('line').notNull(),
    postalCode: text('postal_code'),
    lat: degrees('lat').notNull(),
    lng: degrees('lng').notNull(),
    isDefault: boolean('is_default').notNull().default(false),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('addresses_user_id_default_index')
      .on(table.userId)
      .where(sql`${table.isDefault}`),
    uniqueIndex('addresses_user_id_label_index').on(table.userId, table.label),
    check('addresses_lat_lng_check', isLatLng(table.lat, table.lng)),
    check('addresses_line_check', sql`length(${table.line}) BETWEEN 1 AND 300`),
  ],
);
