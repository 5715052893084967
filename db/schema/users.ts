import { sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { isIdOf, isOneOf, moment } from '../columns.ts';
import { couriers } from './couriers.ts';
import { stores } from './stores.ts';

export const USER_ROLES = ['CUSTOMER', 'STAFF', 'COURIER', 'OPERATOR'] as const;
export type UserRole = (typeof USER_ROLES)[number];

export const USER_STATUSES = ['ACTIVE', 'INACTIVE', 'SUSPENDED'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** Who may sign in. Sessions are not here: the user's SessionObject is their one writer. */
export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    /** E.164 with the leading plus. */
    phone: text('phone').notNull().unique(),
    /** Lower case; null for those who gave none. */
    email: text('email').unique(),
    name: text('name').notNull(),
    /** Versioned string: algorithm, parameters, salt and hash. Null for those who sign in by code only. */
    passwordHash: text('password_hash'),
    role: text('role').$type<UserRole>().notNull().default('CUSTOMER'),
    status: text('status').$type<UserStatus>().notNull().default('ACTIVE'),
    /** The one store a member of staff works in. */
    storeId: text('store_id').references(() => stores.id),
    courierId: text('courier_id')
      .unique()
      .references(() => couriers.id),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('users_store_id_index').on(table.storeId),
    check('users_id_check', isIdOf('UserId', table.id)),
    check('users_phone_check', sql`${table.phone} ~ '^[+][1-9][0-9]{6,14}$'`),
    check('users_email_check', sql`${table.email} = lower(${table.email}) AND length(${table.email}) <= 254`),
    check('users_name_check', sql`length(${table.name}) BETWEEN 1 AND 100`),
    check('users_role_check', isOneOf(table.role, USER_ROLES)),
    check('users_status_check', isOneOf(table.status, USER_STATUSES)),
    check('users_store_id_check', sql`(${table.role} = 'STAFF') = (${table.storeId} IS NOT NULL)`),
    check('users_courier_id_check', sql`(${table.role} = 'COURIER') = (${table.courierId} IS NOT NULL)`),
  ],
);
