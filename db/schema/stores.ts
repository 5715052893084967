import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { degrees, isIdOf, isLatLng, isOneOf, minor, moment } from '../columns.ts';
import { cities } from './cities.ts';
import { zones } from './zones.ts';

export const STORE_STATUSES = ['ACTIVE', 'INACTIVE', 'CLOSED'] as const;
export type StoreStatus = (typeof STORE_STATUSES)[number];

/** A dark store: a small warehouse that serves the doors around it. */
export const stores = pgTable(
  'stores',
  {
    id: text('id').primaryKey(),
    cityId: text('city_id')
      .notNull()
      .references(() => cities.id),
    zoneId: text('zone_id')
      .notNull()
      .references(() => zones.id),
    name: text('name').notNull(),
    address: text('address').notNull(),
    lat: degrees('lat').notNull(),
    lng: degrees('lng').notNull(),
    /** How far it delivers, in metres, inside its zone. */
    radiusM: integer('radius_m').notNull(),
    status: text('status').$type<StoreStatus>().notNull().default('ACTIVE'),
    /** Orders it can have open at once. */
    maxCapacity: integer('max_capacity').notNull(),
    averageFulfilmentMinutes: integer('average_fulfilment_minutes').notNull(),
    /** In the currency of its city. */
    deliveryFeeMinor: minor('delivery_fee_minor').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('stores_city_id_index').on(table.cityId),
    index('stores_zone_id_index').on(table.zoneId),
    check('stores_id_check', isIdOf('StoreId', table.id)),
    check('stores_lat_lng_check', isLatLng(table.lat, table.lng)),
    check('stores_radius_m_check', sql`${table.radiusM} BETWEEN 1 AND 50000`),
    check('stores_status_check', isOneOf(table.status, STORE_STATUSES)),
    check('stores_max_capacity_check', sql`${table.maxCapacity} > 0`),
    check('stores_delivery_fee_minor_check', sql`${table.deliveryFeeMinor} >= 0`),
    check('stores_average_fulfilment_minutes_check', sql`${table.averageFulfilmentMinutes} BETWEEN 1 AND 240`),
  ],
);
