import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { currencyCode, isCurrency, isIdOf, moment } from '../columns.ts';

export const cities = pgTable(
  'cities',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    countryCode: text('country_code').notNull(),
    currency: currencyCode().notNull(),
    /** IANA name, such as `Asia/Kolkata`: opening hours and daily reports follow it. */
    timezone: text('timezone').notNull(),
    /** What a customer is promised unless the store says otherwise. */
    slaMinutes: integer('sla_minutes').notNull().default(20),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    check('cities_id_check', isIdOf('CityId', table.id)),
    check('cities_currency_check', isCurrency(table.currency)),
    check('cities_country_code_check', sql`${table.countryCode} ~ '^[A-Z]{2}$'`),
    check('cities_sla_minutes_check', sql`${table.slaMinutes} BETWEEN 1 AND 240`),
  ],
);
