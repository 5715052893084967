import type { Migration } from '../../kit/migrate.ts';

export const CAPACITY: Migration = {
  id: '008_capacity',
  sql: `
    -- Pickers on shift. heard_at_ms: the last sign of life, as far as the clock has looked. spell_*: what the picker has packed
    -- since its hands were empty; NULL when they are, or when it says nothing about pace.
    CREATE TABLE shifts (
      picker_id TEXT PRIMARY KEY,
      started_at_ms INTEGER NOT NULL,
      heard_at_ms INTEGER NOT NULL,
      spell_from_ms INTEGER,
      spell_orders INTEGER CHECK (spell_orders >= 0),
      spell_lines INTEGER CHECK (spell_lines >= 0),
      CHECK ((spell_from_ms IS NULL) = (spell_orders IS NULL) AND (spell_from_ms IS NULL) = (spell_lines IS NULL))
    ) STRICT, WITHOUT ROWID;

    -- The pace of the floor as weighted sums over what was picked; absent until something was.
    CREATE TABLE pick_pace (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      spells REAL NOT NULL,
      orders_orders REAL NOT NULL,
      orders_lines REAL NOT NULL,
      lines_lines REAL NOT NULL,
      orders_seconds REAL NOT NULL,
      lines_seconds REAL NOT NULL,
      strayed REAL NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT;

    -- Whether new orders are taken; absent while the store was always open. reason: somebody set it by hand, until until_ms.
    CREATE TABLE service (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      state TEXT NOT NULL CHECK (state IN ('open', 'throttled', 'paused')),
      since_ms INTEGER NOT NULL,
      reason TEXT,
      until_ms INTEGER CHECK (until_ms IS NULL OR reason IS NOT NULL)
    ) STRICT;
    CREATE TABLE service_policy (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      throttle_at_ms INTEGER NOT NULL CHECK (throttle_at_ms > 0),
      pause_at_ms INTEGER NOT NULL CHECK (pause_at_ms > throttle_at_ms)
    ) STRICT;
  `,
};
