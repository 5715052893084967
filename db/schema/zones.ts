import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { isIdOf, moment } from '../columns.ts';
import { cities } from './cities.ts';

/** GeoJSON (RFC 7946) polygon: rings of [lng, lat], the first one is the outer ring, each ring is closed. */
export interface ZonePolygon {
  readonly type: 'Polygon';
  readonly coordinates: readonly (readonly (readonly [number, number])[])[];
}

export const zones = pgTable(
  'zones',
  {
    id: text('id').primaryKey(),
    cityId: text('city_id')
      .notNull()
      .references(() => cities.id),
    name: text('name').notNull(),
    polygon: jsonb('polygon').$type<ZonePolygon>().notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('zones_city_id_index').on(table.cityId),
    check('zones_id_check', isIdOf('ZoneId', table.id)),
    check(
      'zones_polygon_check',
      // A check passes on null, so a missing key has to be turned into false.
      sql`coalesce(${table.polygon} ->> 'type' = 'Polygon' AND jsonb_array_length(${table.polygon} #> '{coordinates,0}') >= 4, false)`,
    ),
  ],
);
