import type { Migration } from '../../kit/migrate.ts';

export const LAYOUT: Migration = {
  id: '007_layout',
  sql: `
    -- One row: the floor as an operator described it, as JSON that is read and written whole. version counts its changes.
    CREATE TABLE store_layout (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      version INTEGER NOT NULL CHECK (version > 0),
      layout TEXT NOT NULL CHECK (json_valid(layout)),
      set_at_ms INTEGER NOT NULL
    ) STRICT;

    -- From packed bags to the customer's door; 0 where nobody has said.
    ALTER TABLE pick_tasks ADD COLUMN to_door_ms INTEGER NOT NULL DEFAULT 0 CHECK (to_door_ms >= 0);

    -- What one picker set out to collect on one walk: one order or several. wave: as the tablets see it, JSON that is read
    -- and written whole.
    CREATE TABLE waves (
      wave_id TEXT PRIMARY KEY,
      wave TEXT NOT NULL CHECK (json_valid(wave))
    ) STRICT, WITHOUT ROWID;
    -- The wave of each task's last claim.
    CREATE TABLE wave_tasks (
      order_id TEXT PRIMARY KEY,
      wave_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX wave_tasks_by_wave ON wave_tasks (wave_id);
  `,
};
