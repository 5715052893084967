import type { Migration } from '../../kit/migrate.ts';

export const COUNTS: Migration = {
  id: '004_counts',
  sql: `
    -- What is remembered of a shelf, to decide what to count next; forgotten by half-life since at_ms.
    -- doubt_units: blocked because someone could not find them; a count clears them.
    CREATE TABLE shelf_history (
      sku TEXT PRIMARY KEY,
      not_found REAL NOT NULL DEFAULT 0 CHECK (not_found >= 0),
      shrink_units REAL NOT NULL DEFAULT 0 CHECK (shrink_units >= 0),
      at_ms INTEGER NOT NULL DEFAULT 0,
      counted_at_ms INTEGER,
      doubt_units INTEGER NOT NULL DEFAULT 0 CHECK (doubt_units >= 0)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX shelf_history_in_doubt ON shelf_history (sku, doubt_units) WHERE doubt_units > 0;

    -- Scans that found nothing: each counts once, whoever repeats it.
    CREATE TABLE not_found_scans (
      op_id TEXT NOT NULL,
      sku TEXT NOT NULL,
      order_id TEXT,
      at_ms INTEGER NOT NULL,
      PRIMARY KEY (op_id, sku)
    ) STRICT, WITHOUT ROWID;

    -- variance_before: what the attempt before found. Closed ones stay: they are what accuracy is measured by.
    CREATE TABLE count_tasks (
      count_id INTEGER PRIMARY KEY,
      sku TEXT NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('REQUESTED', 'PLANNED', 'NOT_FOUND')),
      status TEXT NOT NULL CHECK (status IN ('OPEN', 'COUNTING', 'DONE')),
      risk REAL NOT NULL CHECK (risk BETWEEN 0 AND 1),
      attempt INTEGER NOT NULL CHECK (attempt > 0),
      variance_before INTEGER,
      counter_id TEXT,
      started_at_ms INTEGER,
      requested_at_ms INTEGER NOT NULL,
      expected INTEGER,
      counted INTEGER CHECK (counted >= 0),
      shortfall INTEGER CHECK (shortfall >= 0),
      accurate INTEGER CHECK (accurate IN (0, 1)),
      done_at_ms INTEGER,
      CHECK (status <> 'COUNTING' OR (counter_id IS NOT NULL AND started_at_ms IS NOT NULL)),
      CHECK ((status = 'DONE') = (done_at_ms IS NOT NULL AND counted IS NOT NULL AND expected IS NOT NULL))
    ) STRICT;
    CREATE UNIQUE INDEX count_tasks_open ON count_tasks (sku) WHERE status <> 'DONE';
    CREATE INDEX count_tasks_by_risk ON count_tasks (risk DESC, requested_at_ms) WHERE status <> 'DONE';
    CREATE INDEX count_tasks_done ON count_tasks (done_at_ms) WHERE status = 'DONE';

    -- Promises that the shelf could not keep.
    CREATE TABLE discrepancies (
      discrepancy_id INTEGER PRIMARY KEY,
      sku TEXT NOT NULL,
      source TEXT NOT NULL,
      expected INTEGER NOT NULL,
      counted INTEGER NOT NULL,
      shortfall INTEGER NOT NULL CHECK (shortfall > 0),
      ended_holds INTEGER NOT NULL,
      shortened_lines INTEGER NOT NULL,
      op_id TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT;

    -- How fast a SKU goes and whether that is news. low_at_units: NULL is the store's policy.
    CREATE TABLE stock_watch (
      sku TEXT PRIMARY KEY,
      low_at_units INTEGER CHECK (low_at_units >= 0),
      state TEXT NOT NULL DEFAULT 'OK' CHECK (state IN ('OK', 'LOW', 'OUT')),
      units_per_hour REAL NOT NULL DEFAULT 0 CHECK (units_per_hour >= 0),
      demand_at_ms INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX stock_watch_low ON stock_watch (state) WHERE state <> 'OK';

    -- lines, received: baskets as JSON, merged and in order of SKU; each is read and written whole.
    CREATE TABLE transfers_out (
      transfer_id TEXT PRIMARY KEY,
      to_store_id TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('IN_TRANSIT', 'CANCELLING', 'CANCELLED', 'RECEIVED')),
      lines TEXT NOT NULL CHECK (json_valid(lines)),
      received TEXT CHECK (json_valid(received)),
      changed_at_ms INTEGER NOT NULL,
      CHECK ((status = 'RECEIVED') = (received IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX transfers_out_by_change ON transfers_out (changed_at_ms);
    CREATE TABLE transfers_in (
      from_store_id TEXT NOT NULL,
      transfer_id TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('EXPECTED', 'CLOSED', 'RECEIVED')),
      lines TEXT NOT NULL CHECK (json_valid(lines)),
      received TEXT CHECK (json_valid(received)),
      changed_at_ms INTEGER NOT NULL,
      PRIMARY KEY (from_store_id, transfer_id),
      CHECK ((status = 'RECEIVED') = (received IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX transfers_in_by_change ON transfers_in (changed_at_ms);
  `,
};
