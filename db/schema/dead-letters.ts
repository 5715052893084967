import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytea, counter, isOneOf, moment } from '../columns.ts';

export const DEAD_LETTER_STATUSES = ['PARKED', 'REPLAYED', 'DISCARDED'] as const;
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];

/** A record a consumer group could not take, byte for byte, written in the transaction that steps over it. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    group: text('group').notNull(),
    /** Which log the offset is of. */
    log: text('log').notNull(),
    topic: text('topic').notNull(),
    partition: integer('partition').notNull(),
    recordOffset: counter('record_offset').notNull(),
    key: bytea('key'),
    value: bytea('value'),
    /** Null where not even the envelope could be read. A parked subject holds back its later records too. */
    subject: text('subject'),
    sequence: counter('sequence'),
    code: text('code').notNull(),
    detail: text('detail').notNull(),
    status: text('status').$type<DeadLetterStatus>().notNull().default('PARKED'),
    parkedAt: moment('parked_at').notNull().defaultNow(),
    settledAt: moment('settled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.group, table.log, table.topic, table.partition, table.recordOffset] }),
    index('dead_letters_parked_subject_index')
      .on(table.group, table.topic, table.subject)
      .where(sql`${table.status} = 'PARKED'`),
    index('dead_letters_status_parked_at_index').on(table.status, table.parkedAt),
    check('dead_letters_status_check', isOneOf(table.status, DEAD_LETTER_STATUSES)),
    check('dead_letters_record_offset_check', sql`${table.recordOffset} >= 0`),
  ],
);
