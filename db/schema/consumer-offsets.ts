import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, moment } from '../columns.ts';

/**
 * Where a consumer group stands, written in the transaction that writes its state: the row lock fences a
 * consumer that has lost its partition without knowing. What the broker has committed is advisory.
 */
export const consumerOffsets = pgTable(
  'consumer_offsets',
  {
    group: text('group').notNull(),
    /** Which log the offset is of: offsets of another broker, or of the embedded log, mean nothing here. */
    log: text('log').notNull(),
    topic: text('topic').notNull(),
    partition: integer('partition').notNull(),
    nextOffset: counter('next_offset').notNull(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.group, table.log, table.topic, table.partition] }),
    check('consumer_offsets_partition_check', sql`${table.partition} >= 0`),
    check('consumer_offsets_next_offset_check', sql`${table.nextOffset} >= 0`),
  ],
);
