import type { Migration } from '../../kit/migrate.ts';

export const LOT_RETENTION: Migration = {
  id: '013_lot_retention',
  sql: `
    -- Lots that can be forgotten one day, the oldest first. As a query has it, or SQLite does not use it.
    CREATE INDEX lots_sold_out ON lots (best_before_ms) WHERE on_shelf = 0 AND status <> 'RECALLED';
  `,
};
