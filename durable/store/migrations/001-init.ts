import type { Migration } from '../../kit/migrate.ts';

export const INIT: Migration = {
  id: '001_init',
  sql: `
    -- One row: what the store was told about itself.
    CREATE TABLE store_state (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      store_name TEXT NOT NULL,
      catalog_version INTEGER NOT NULL CHECK (catalog_version > 0)
    ) STRICT;

    -- Where the units of each SKU are. A row for every SKU that was ever published; none is deleted.
    -- sequence: movements so far. version: the store's change counter when "available" last changed.
    CREATE TABLE stock (
      sku TEXT PRIMARY KEY,
      sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
      version INTEGER NOT NULL DEFAULT 0 CHECK (version >= 0),
      received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
      adjusted INTEGER NOT NULL DEFAULT 0,
      transferred_in INTEGER NOT NULL DEFAULT 0 CHECK (transferred_in >= 0),
      available INTEGER NOT NULL DEFAULT 0 CHECK (available >= 0),
      blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked >= 0),
      held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
      allocated INTEGER NOT NULL DEFAULT 0 CHECK (allocated >= 0),
      picked INTEGER NOT NULL DEFAULT 0 CHECK (picked >= 0),
      sold INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
      written_off INTEGER NOT NULL DEFAULT 0 CHECK (written_off >= 0),
      transferred_out INTEGER NOT NULL DEFAULT 0 CHECK (transferred_out >= 0),
      CONSTRAINT stock_conserved CHECK (
        received + adjusted + transferred_in
          = available + blocked + held + allocated + picked + sold + written_off + transferred_out
      )
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX stock_by_version ON stock (version, available);

    -- The ledger: every movement, with the balance after it.
    CREATE TABLE movements (
      sku TEXT NOT NULL,
      sequence INTEGER NOT NULL CHECK (sequence > 0),
      kind TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0 OR (kind = 'adjusted' AND quantity < 0)),
      actor_kind TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      reason TEXT,
      op_id TEXT NOT NULL,
      hold_id TEXT,
      order_id TEXT,
      at_ms INTEGER NOT NULL,
      received INTEGER NOT NULL,
      adjusted INTEGER NOT NULL,
      transferred_in INTEGER NOT NULL,
      available INTEGER NOT NULL,
      blocked INTEGER NOT NULL,
      held INTEGER NOT NULL,
      allocated INTEGER NOT NULL,
      picked INTEGER NOT NULL,
      sold INTEGER NOT NULL,
      written_off INTEGER NOT NULL,
      transferred_out INTEGER NOT NULL,
      PRIMARY KEY (sku, sequence)
    ) STRICT, WITHOUT ROWID;

    -- lines: the basket as JSON, merged and in order of SKU; it is read and written whole.
    CREATE TABLE holds (
      hold_id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('cart', 'order')),
      status TEXT NOT NULL CHECK (status IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
      order_id TEXT,
      lines TEXT NOT NULL CHECK (json_valid(lines)),
      expires_at_ms INTEGER,
      changed_at_ms INTEGER NOT NULL,
      CHECK ((status = 'HELD') = (expires_at_ms IS NOT NULL)),
      CHECK (status <> 'COMMITTED' OR order_id IS NOT NULL)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE pick_tasks (
      order_id TEXT PRIMARY KEY,
      order_number TEXT NOT NULL,
      hold_id TEXT NOT NULL UNIQUE,
      status TEXT NOT NULL CHECK (status IN ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED', 'HANDED_OVER', 'CANCELLED')),
      promised_at_ms INTEGER NOT NULL,
      picker_id TEXT,
      bags INTEGER,
      courier_id TEXT,
      handover_code TEXT,
      changed_at_ms INTEGER NOT NULL,
      CHECK ((status IN ('PICKING', 'PACKED', 'HANDED_OVER')) = (picker_id IS NOT NULL)),
      CHECK ((status IN ('PACKED', 'HANDED_OVER')) = (bags IS NOT NULL)),
      CHECK ((courier_id IS NULL) = (handover_code IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX pick_tasks_open ON pick_tasks (promised_at_ms, order_id)
      WHERE status IN ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED');

    CREATE TABLE pick_lines (
      order_id TEXT NOT NULL,
      sku TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      picked INTEGER NOT NULL CHECK (picked BETWEEN 0 AND quantity),
      PRIMARY KEY (order_id, sku)
    ) STRICT, WITHOUT ROWID;

    -- What the floor must know of a SKU: a copy from the published catalog.
    CREATE TABLE item_cards (
      sku TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      bin TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE item_barcodes (
      barcode TEXT NOT NULL,
      sku TEXT NOT NULL,
      PRIMARY KEY (barcode, sku)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX item_barcodes_by_sku ON item_barcodes (sku);

    -- Goods-received notes: each is received once, for ever.
    CREATE TABLE receipts (
      receipt_id TEXT PRIMARY KEY,
      lines_digest TEXT NOT NULL,
      lines INTEGER NOT NULL,
      units INTEGER NOT NULL,
      op_id TEXT NOT NULL,
      received_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
