import type { Migration } from './migrate.ts';

/** The tables that every object has. */
export const KIT_MIGRATIONS: readonly Migration[] = [
  {
    id: '001_init',
    sql: `
      CREATE TABLE ops (
        op_id TEXT PRIMARY KEY,
        body_digest TEXT NOT NULL,
        answer TEXT NOT NULL,
        answered_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ops_by_age ON ops (answered_at_ms);

      CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        lane TEXT NOT NULL,
        record_key TEXT NOT NULL,
        body TEXT NOT NULL,
        written_at_ms INTEGER NOT NULL,
        sent_at_ms INTEGER
      ) STRICT;
      CREATE INDEX outbox_unsent ON outbox (lane, seq) WHERE sent_at_ms IS NULL;
      CREATE INDEX outbox_sent ON outbox (sent_at_ms) WHERE sent_at_ms IS NOT NULL;

      CREATE TABLE event_sequences (
        topic TEXT NOT NULL,
        subject TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (topic, subject)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE deadlines (
        kind TEXT NOT NULL,
        ref TEXT NOT NULL,
        due_at_ms INTEGER NOT NULL,
        PRIMARY KEY (kind, ref)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX deadlines_by_due ON deadlines (due_at_ms);

      CREATE TABLE feed (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        delta TEXT NOT NULL
      ) STRICT;

      CREATE TABLE burned_tickets (
        ticket_id TEXT PRIMARY KEY,
        expires_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    id: '002_answered_method',
    // Which command it was that was answered; null where it was not kept.
    sql: 'ALTER TABLE ops ADD COLUMN method TEXT',
  },
];
