import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytea, counter, moment } from '../columns.ts';

/** The log of an installation without a broker: the same topics, partitions, offsets and bytes. */
export const embeddedLog = pgTable(
  'embedded_log',
  {
    topic: text('topic').notNull(),
    partition: integer('partition').notNull(),
    recordOffset: counter('record_offset').notNull(),
    key: bytea('key'),
    /** Null is a tombstone. */
    value: bytea('value'),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.topic, table.partition, table.recordOffset] }),
    check('embedded_log_record_offset_check', sql`${table.recordOffset} >= 0`),
  ],
);
