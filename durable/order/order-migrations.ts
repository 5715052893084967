import type { Migration } from '../kit/migrate.ts';

/** Tables of an order: its log, and the one answer its placing got. */
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
];
