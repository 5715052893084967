import type { Migration } from '../../kit/migrate.ts';

export const DEVICES: Migration = {
  id: '010_devices',
  sql: `
    -- The tablets' own journals. seq: the last of its commands that was answered; the next one has seq + 1.
    -- acted_at_ms: when that was done, by the tablet's clock.
    CREATE TABLE devices (
      actor_id TEXT NOT NULL,
      device_id TEXT NOT NULL,
      seq INTEGER NOT NULL CHECK (seq > 0),
      heard_at_ms INTEGER NOT NULL,
      acted_at_ms INTEGER NOT NULL,
      PRIMARY KEY (actor_id, device_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX devices_by_heard ON devices (heard_at_ms);

    -- Whose claim the clock has ended, as long as nobody has claimed since.
    ALTER TABLE pick_tasks ADD COLUMN lapsed_from TEXT CHECK (lapsed_from IS NULL OR status = 'ACCEPTED');
  `,
};
