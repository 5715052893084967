import { sql } from 'drizzle-orm';
import { check, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter, moment } from '../columns.ts';

/** The last sequence a consumer group has seen of a subject: what is not above it is a duplicate. */
export const subjectSequences = pgTable(
  'subject_sequences',
  {
    group: text('group').notNull(),
    topic: text('topic').notNull(),
    subject: text('subject').notNull(),
    sequence: counter('sequence').notNull(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.group, table.topic, table.subject] }),
    check('subject_sequences_sequence_check', sql`${table.sequence} > 0`),
  ],
);
