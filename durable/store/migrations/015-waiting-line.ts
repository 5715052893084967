import type { Migration } from '../../kit/migrate.ts';

export const WAITING_LINE: Migration = {
  id: '015_waiting_line',
  sql: `
    -- Orders that wait for the store to take orders again, first come first served. called_at_ms: whose turn it is. told: how many
    -- messages the order was sent, and told_* what they said.
    CREATE TABLE waiting_orders (
      seq INTEGER PRIMARY KEY,
      order_id TEXT NOT NULL UNIQUE,
      joined_at_ms INTEGER NOT NULL,
      until_ms INTEGER NOT NULL,
      called_at_ms INTEGER,
      told INTEGER NOT NULL DEFAULT 0,
      told_place INTEGER NOT NULL CHECK (told_place >= 1),
      told_turn_at_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
