import type { Migration } from '../../kit/migrate.ts';

export const FLOOR: Migration = {
  id: '005_floor',
  sql: `
    -- lease_ends_at_ms: when the picker's claim ends, or the time in which only offered_to may claim. changed_by: who took
    -- the task's last step, for whoever comes late; '' where it was not kept. Times that were not kept are the last change's.
    CREATE TABLE pick_tasks_now (
      order_id TEXT PRIMARY KEY,
      order_number TEXT NOT NULL,
      hold_id TEXT NOT NULL UNIQUE,
      status TEXT NOT NULL CHECK (status IN
        ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED', 'HANDED_OVER', 'CANCELLED', 'REJECTED', 'RESTOCK')),
      promised_at_ms INTEGER NOT NULL,
      picker_id TEXT,
      offered_to TEXT,
      lease_ends_at_ms INTEGER,
      reject_reason TEXT,
      bags INTEGER CHECK (bags >= 0),
      courier_id TEXT,
      handover_code TEXT,
      wrong_codes INTEGER NOT NULL DEFAULT 0 CHECK (wrong_codes >= 0),
      codes_locked_until_ms INTEGER NOT NULL DEFAULT 0,
      assigned_at_ms INTEGER NOT NULL,
      estimated_ready_at_ms INTEGER NOT NULL,
      accepted_at_ms INTEGER,
      claimed_at_ms INTEGER,
      packed_at_ms INTEGER,
      handed_over_at_ms INTEGER,
      changed_at_ms INTEGER NOT NULL,
      changed_by TEXT NOT NULL,
      CHECK ((status IN ('PICKING', 'PACKED', 'HANDED_OVER')) = (picker_id IS NOT NULL)),
      CHECK (offered_to IS NULL OR status = 'ACCEPTED'),
      CHECK ((status = 'PICKING' OR offered_to IS NOT NULL) = (lease_ends_at_ms IS NOT NULL)),
      CHECK ((status = 'REJECTED') = (reject_reason IS NOT NULL)),
      CHECK ((status IN ('PACKED', 'HANDED_OVER')) = (bags IS NOT NULL)),
      CHECK ((courier_id IS NULL) = (handover_code IS NULL))
    ) STRICT, WITHOUT ROWID;
    INSERT INTO pick_tasks_now (order_id, order_number, hold_id, status, promised_at_ms, picker_id, lease_ends_at_ms, bags,
      courier_id, handover_code, assigned_at_ms, estimated_ready_at_ms, accepted_at_ms, claimed_at_ms, packed_at_ms,
      handed_over_at_ms, changed_at_ms, changed_by)
    SELECT order_id, order_number, hold_id, status, promised_at_ms, picker_id,
      CASE WHEN status = 'PICKING' THEN changed_at_ms + 90000 END, bags, courier_id, handover_code, changed_at_ms,
      promised_at_ms, CASE WHEN status NOT IN ('QUEUED', 'CANCELLED') THEN changed_at_ms END,
      CASE WHEN picker_id IS NOT NULL THEN changed_at_ms END, CASE WHEN bags IS NOT NULL THEN changed_at_ms END,
      CASE WHEN status = 'HANDED_OVER' THEN changed_at_ms END, changed_at_ms, ''
    FROM pick_tasks;
    DROP TABLE pick_tasks;
    ALTER TABLE pick_tasks_now RENAME TO pick_tasks;
    CREATE INDEX pick_tasks_open ON pick_tasks (promised_at_ms, order_id)
      WHERE status IN ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED', 'RESTOCK');
    CREATE INDEX pick_tasks_leased ON pick_tasks (lease_ends_at_ms) WHERE status = 'PICKING';
    CREATE INDEX pick_tasks_over ON pick_tasks (changed_at_ms) WHERE status IN ('HANDED_OVER', 'CANCELLED', 'REJECTED');

    ALTER TABLE pick_lines ADD COLUMN shorted INTEGER NOT NULL DEFAULT 0 CHECK (shorted BETWEEN 0 AND quantity - picked);
    ALTER TABLE pick_lines ADD COLUMN short_reason TEXT CHECK (shorted = 0 OR short_reason IS NOT NULL);
    ALTER TABLE pick_lines ADD COLUMN restocked INTEGER NOT NULL DEFAULT 0 CHECK (restocked BETWEEN 0 AND picked);
    ALTER TABLE pick_lines ADD COLUMN weight_mg INTEGER NOT NULL DEFAULT 0 CHECK (weight_mg >= 0);

    -- A seal closes one bag, once: its row stays as long as the task's.
    CREATE TABLE sealed_bags (
      seal TEXT PRIMARY KEY,
      order_id TEXT NOT NULL,
      size TEXT NOT NULL CHECK (size IN ('S', 'M', 'L')),
      zone TEXT NOT NULL CHECK (zone IN ('ambient', 'chilled', 'frozen'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sealed_bags_by_order ON sealed_bags (order_id);

    -- A code on the wrapping of several units.
    ALTER TABLE item_barcodes ADD COLUMN units INTEGER NOT NULL DEFAULT 1 CHECK (units > 0);
  `,
};
