import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter } from '../columns.ts';

/** The next offset of each partition. An append locks its row, so offsets have no gaps and commit in order. */
export const embeddedLogHeads = pgTable(
  'embedded_log_heads',
  {
    topic: text('topic').notNull(),
    partition: integer('partition').notNull(),
    nextOffset: counter('next_offset').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.topic, table.partition] }),
    check('embedded_log_heads_partition_check', sql`${table.partition} >= 0`),
    check('embedded_log_heads_next_offset_check', sql`${table.nextOffset} >= 0`),
  ],
);
