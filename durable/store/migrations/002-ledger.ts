import type { Migration } from '../../kit/migrate.ts';

export const LEDGER: Migration = {
  id: '002_ledger',
  sql: `
    -- What keeps units from being sold. Whoever changes it, the feed of what can be sold moves on.
    DROP INDEX stock_by_version;
    ALTER TABLE stock DROP COLUMN version;
    ALTER TABLE stock ADD COLUMN safety_units INTEGER NOT NULL DEFAULT 0 CHECK (safety_units >= 0);
    ALTER TABLE stock ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0 CHECK (quarantined IN (0, 1));

    -- Why units moved: one row for what one operation did for one reason, numbered by its first movement.
    CREATE TABLE causes (
      cause INTEGER PRIMARY KEY,
      op_id TEXT NOT NULL,
      actor_kind TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      reason TEXT,
      hold_id TEXT,
      order_id TEXT,
      channel TEXT,
      traceparent TEXT,
      at_ms INTEGER NOT NULL
    ) STRICT;

    -- The ledger in the order of commits, and its own outbox: appended to, read after a cursor. Sequences are contiguous by SKU,
    -- positions only grow; the last row always stays, for it says where to go on.
    -- after: the level then, as JSON in the order of the columns of "stock". No index by SKU: it would cost every hold a random
    -- page.
    CREATE TABLE movements_now (
      position INTEGER PRIMARY KEY,
      cause INTEGER NOT NULL,
      sku TEXT NOT NULL,
      sequence INTEGER NOT NULL CHECK (sequence > 0),
      kind TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0 OR (kind IN ('adjusted', 'counted') AND quantity < 0)),
      lot_id TEXT,
      after TEXT NOT NULL
    ) STRICT;

    -- Movements whose events the log has not got yet are the last ones, in the order of the outbox.
    CREATE TABLE moved AS
      SELECT movements.*, seq, sent_at_ms, body ->> '$.traceparent' AS traceparent,
        row_number() OVER (ORDER BY seq IS NOT NULL, seq, at_ms, movements.sku, sequence) AS position
      FROM movements LEFT JOIN (
        SELECT seq, sent_at_ms, body, body ->> '$.data.sku' AS event_sku, body ->> '$.sequence' AS event_sequence
        FROM outbox WHERE lane = 'topic stock.movements.v1'
      ) ON event_sku = movements.sku AND event_sequence = movements.sequence;
    INSERT INTO causes (cause, op_id, actor_kind, actor_id, reason, hold_id, order_id, channel, traceparent, at_ms)
      SELECT position, op_id, actor_kind, actor_id, reason, hold_id, order_id, NULL, traceparent, at_ms FROM moved;
    INSERT INTO movements_now (position, cause, sku, sequence, kind, quantity, lot_id, after)
      SELECT position, position, sku, sequence, kind, quantity, NULL,
        json_array(received, adjusted, transferred_in, available, blocked, held, allocated, picked, sold, written_off, transferred_out)
      FROM moved;
    CREATE TABLE ledger_cursor (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      published_to INTEGER NOT NULL
    ) STRICT;
    INSERT INTO ledger_cursor
      SELECT 1, coalesce(max(position), 0) FROM moved WHERE seq IS NULL OR sent_at_ms IS NOT NULL;
    DELETE FROM outbox WHERE lane = 'topic stock.movements.v1' AND sent_at_ms IS NULL;
    DROP TABLE moved;
    DROP TABLE movements;
    ALTER TABLE movements_now RENAME TO movements;
    -- Every movement with its cause, for whoever reads the ledger.
    CREATE VIEW ledger AS
      SELECT position, sku, sequence, kind, quantity, lot_id, after, op_id, actor_kind, actor_id, reason, hold_id, order_id, channel,
        traceparent, at_ms
      FROM movements JOIN causes USING (cause);

    -- Changes of what can be sold that moved no units, numbered with the movements; sku '' is every SKU.
    CREATE TABLE sellable_changes (
      position INTEGER PRIMARY KEY,
      sku TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER stock_sellable_changed AFTER UPDATE OF safety_units, quarantined ON stock
      WHEN old.safety_units <> new.safety_units OR old.quarantined <> new.quarantined
      BEGIN
        INSERT INTO sellable_changes (position, sku) SELECT 1 + max(
          (SELECT coalesce(max(position), 0) FROM movements), (SELECT coalesce(max(position), 0) FROM sellable_changes)), new.sku;
      END;

    -- A hold is its own journal: op_id is the operation that asked for it, op_hash finds it, unless it is
    -- "hold:" and the hold's own id: then the row needs no entry in a second, random place. set_aside: what is kept of the lines
    -- as JSON, NULL when it is all of them and none is ring-fenced.
    CREATE TABLE holds_now (
      position INTEGER PRIMARY KEY,
      hold_id TEXT NOT NULL,
      op_id TEXT,
      op_hash INTEGER,
      kind TEXT NOT NULL CHECK (kind IN ('cart', 'order')),
      status TEXT NOT NULL CHECK (status IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
      order_id TEXT,
      owner TEXT,
      channel TEXT NOT NULL,
      for_ms INTEGER NOT NULL CHECK (for_ms > 0),
      renewed INTEGER NOT NULL CHECK (renewed IN (0, 1)),
      lines TEXT NOT NULL CHECK (json_valid(lines)),
      set_aside TEXT CHECK (json_valid(set_aside)),
      expires_at_ms INTEGER,
      changed_at_ms INTEGER NOT NULL,
      CHECK ((status = 'HELD') = (expires_at_ms IS NOT NULL)),
      CHECK (status <> 'COMMITTED' OR order_id IS NOT NULL)
    ) STRICT;
    INSERT INTO holds_now (hold_id, kind, status, order_id, owner, channel, for_ms, renewed, lines, expires_at_ms, changed_at_ms)
      SELECT hold_id, kind, status, order_id, order_id, 'app', CASE kind WHEN 'cart' THEN 300000 ELSE 600000 END, 0, lines,
        expires_at_ms, changed_at_ms
      FROM holds ORDER BY changed_at_ms, hold_id;
    DROP TABLE holds;
    ALTER TABLE holds_now RENAME TO holds;
    CREATE UNIQUE INDEX holds_by_id ON holds (hold_id);
    CREATE INDEX holds_by_op ON holds (op_hash) WHERE op_hash IS NOT NULL;
    CREATE INDEX holds_by_expiry ON holds (expires_at_ms) WHERE status = 'HELD';

    -- One row: how the store treats carts.
    CREATE TABLE store_policy (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      hold_on TEXT NOT NULL CHECK (hold_on IN ('cart', 'scarce', 'checkout')),
      scarce_at_units INTEGER NOT NULL CHECK (scarce_at_units >= 0)
    ) STRICT;
    -- What channels may take of the shelf. unused_units: what a channel has not taken yet of what is ring-fenced for it.
    CREATE TABLE channel_terms (
      channel TEXT PRIMARY KEY,
      buffer_units INTEGER NOT NULL CHECK (buffer_units >= 0)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE channel_allocations (
      sku TEXT NOT NULL,
      channel TEXT NOT NULL,
      allocation_units INTEGER NOT NULL CHECK (allocation_units > 0),
      unused_units INTEGER NOT NULL CHECK (unused_units BETWEEN 0 AND allocation_units),
      PRIMARY KEY (sku, channel)
    ) STRICT, WITHOUT ROWID;
  `,
};
