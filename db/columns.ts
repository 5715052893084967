import { sql, type SQL } from 'drizzle-orm';
import { bigint, char, customType, doublePrecision, timestamp, type AnyPgColumn } from 'drizzle-orm/pg-core';
import { ID_PREFIXES, type IdName } from '../domain/shared/ids.ts';

// The builders keep their long inferred types: naming them would repeat drizzle's internals.

/** An amount in minor units. 2^53 is far above any amount of goods, so it is read as a number. */
export function minor(name: string) {
  return bigint(name, { mode: 'number' });
}

/** A counter that only grows: a sequence, an offset, a version. */
export function counter(name: string) {
  return bigint(name, { mode: 'number' });
}

/** ISO 4217 alphabetic code. */
export function currencyCode(name = 'currency') {
  return char(name, { length: 3 });
}

/** A moment in UTC with the millisecond precision that the rest of the system has. */
export function moment(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
}

/** WGS 84 degrees. */
export function degrees(name: string) {
  return doublePrecision(name);
}

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType() {
    return 'bytea';
  },
});

/** `column IN ('A', 'B')`: a check grows by a migration, where an enum type cannot shrink again. */
export function isOneOf(column: AnyPgColumn, values: readonly string[]): SQL {
  const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
  return sql`${column} IN (${sql.raw(list)})`;
}

export function isCurrency(column: AnyPgColumn): SQL {
  return sql`${column} ~ '^[A-Z]{3}$'`;
}

export function isIdOf(name: IdName, column: AnyPgColumn): SQL {
  return sql`${column} ~ ${sql.raw(`'^${ID_PREFIXES[name]}_[0-9A-HJKMNP-TV-Z]{26}$'`)}`;
}

export function isLatLng(lat: AnyPgColumn, lng: AnyPgColumn): SQL {
  return sql`${lat} BETWEEN -90 AND 90 AND ${lng} BETWEEN -180 AND 180`;
}
