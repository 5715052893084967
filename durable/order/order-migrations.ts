import type { Migration } from '../kit/migrate.ts';

/** Tables of an order: its log, the one answer its placing got, and where its courier was seen last. */
export const ORDER_MIGRATIONS: readonly Migration[] = [
  {
    id: '001_init',
    sql: `
      -- The truth about the order; everything else is derived from it. Rows are appended and never changed.
      CREATE TABLE order_log (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        by_kind TEXT NOT NULL,
        by_id TEXT NOT NULL,
        event TEXT NOT NULL
      ) STRICT;

      -- What the first request to place the order was told: a retry is told the same.
      CREATE TABLE first_answer (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        answer TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    id: '002_payment_inbox',
    sql: `
      -- Notices of payment providers that were taken, kept for ever: the same one is never acted on twice.
      CREATE TABLE payment_inbox (
        provider TEXT NOT NULL,
        event_id TEXT NOT NULL,
        received_at_ms INTEGER NOT NULL,
        PRIMARY KEY (provider, event_id)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    id: '003_live',
    sql: `
      -- Where the order's courier was seen last: written now and then, and gone with the delivery.
      CREATE TABLE courier_sighting (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        courier_id TEXT NOT NULL,
        lat REAL NOT NULL,
        lng REAL NOT NULL,
        at_ms INTEGER NOT NULL
      ) STRICT;
    `,
  },
];
