import { sql } from 'drizzle-orm';
import { check, index, integer, numeric, pgTable, text } from 'drizzle-orm/pg-core';
import { isIdOf, isOneOf, moment } from '../columns.ts';
import { zones } from './zones.ts';

export const VEHICLE_TYPES = ['BIKE', 'BICYCLE', 'SCOOTER', 'WALK'] as const;
export type VehicleType = (typeof VEHICLE_TYPES)[number];

export const COURIER_STATUSES = ['ACTIVE', 'INACTIVE', 'SUSPENDED'] as const;
export type CourierStatus = (typeof COURIER_STATUSES)[number];

/** A delivery partner as a contract; the shift, the load and the position live in the courier's own object. */
export const couriers = pgTable(
  'couriers',
  {
    id: text('id').primaryKey(),
    zoneId: text('zone_id')
      .notNull()
      .references(() => zones.id),
    name: text('name').notNull(),
    phone: text('phone').notNull().unique(),
    vehicleType: text('vehicle_type').$type<VehicleType>().notNull(),
    /** Null for those without a number plate. */
    vehicleNumber: text('vehicle_number'),
    maxConcurrentOrders: integer('max_concurrent_orders').notNull().default(1),
    /** 0.00-5.00, null while nobody has rated. */
    rating: numeric('rating', { precision: 3, scale: 2, mode: 'number' }),
    totalDeliveries: integer('total_deliveries').notNull().default(0),
    status: text('status').$type<CourierStatus>().notNull().default('ACTIVE'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('couriers_zone_id_status_index').on(table.zoneId, table.status),
    check('couriers_id_check', isIdOf('CourierId', table.id)),
    check('couriers_vehicle_type_check', isOneOf(table.vehicleType, VEHICLE_TYPES)),
    check('couriers_max_concurrent_orders_check', sql`${table.maxConcurrentOrders} BETWEEN 1 AND 10`),
    check('couriers_rating_check', sql`${table.rating} BETWEEN 0 AND 5`),
    check('couriers_total_deliveries_check', sql`${table.totalDeliveries} >= 0`),
    check('couriers_status_check', isOneOf(table.status, COURIER_STATUSES)),
  ],
);
