import type { Migration } from '../../kit/migrate.ts';

export const LOTS: Migration = {
  id: '003_lots',
  sql: `
    -- What else the floor must know of a SKU. category_path and allergens are JSON lists; null allergens are unknown ones.
    ALTER TABLE item_cards ADD COLUMN temperature_zone TEXT NOT NULL DEFAULT 'ambient'
      CHECK (temperature_zone IN ('ambient', 'chilled', 'frozen'));
    ALTER TABLE item_cards ADD COLUMN fragile INTEGER NOT NULL DEFAULT 0 CHECK (fragile IN (0, 1));
    ALTER TABLE item_cards ADD COLUMN grams_per_unit INTEGER CHECK (grams_per_unit > 0);
    ALTER TABLE item_cards ADD COLUMN brand TEXT;
    ALTER TABLE item_cards ADD COLUMN category_path TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(category_path));
    ALTER TABLE item_cards ADD COLUMN size TEXT;
    ALTER TABLE item_cards ADD COLUMN price_minor INTEGER CHECK (price_minor >= 0);
    ALTER TABLE item_cards ADD COLUMN allergens TEXT CHECK (json_valid(allergens));

    -- Where a SKU was last put away in this store, and how cold each bin is: they go before what the catalog says.
    CREATE TABLE bins (
      bin TEXT PRIMARY KEY,
      temperature_zone TEXT NOT NULL CHECK (temperature_zone IN ('ambient', 'chilled', 'frozen'))
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE putaways (
      sku TEXT PRIMARY KEY,
      bin TEXT NOT NULL,
      put_away_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- The lots that were ever received. on_shelf: units still in the store and in no tote. blocked: those of them that
    -- "blocked" of stock counts. Units of a SKU beyond its lots' are of no known lot.
    CREATE TABLE lots (
      sku TEXT NOT NULL,
      lot_id TEXT NOT NULL,
      best_before_ms INTEGER,
      sell_by_ms INTEGER,
      status TEXT NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'EXPIRED', 'RECALLED')),
      received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
      on_shelf INTEGER NOT NULL DEFAULT 0 CHECK (on_shelf >= 0),
      blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked BETWEEN 0 AND on_shelf),
      PRIMARY KEY (sku, lot_id),
      CHECK ((best_before_ms IS NULL) = (sell_by_ms IS NULL)),
      CHECK (status <> 'EXPIRED' OR sell_by_ms IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX lots_on_shelf ON lots (sku, on_shelf) WHERE on_shelf > 0;
    CREATE INDEX lots_by_sell_by ON lots (sell_by_ms, sku) WHERE status = 'OPEN' AND on_shelf > 0;

    -- Which order got units of which lot: what a recall asks.
    CREATE TABLE order_lots (
      sku TEXT NOT NULL,
      lot_id TEXT NOT NULL,
      order_id TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      PRIMARY KEY (sku, lot_id, order_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_lots_by_order ON order_lots (order_id, sku);

    -- Life that a customer must still get, by SKU; the row of '' is the store's rule for all others.
    CREATE TABLE sell_by_margins (
      sku TEXT PRIMARY KEY,
      margin_ms INTEGER NOT NULL CHECK (margin_ms >= 0)
    ) STRICT, WITHOUT ROWID;
  `,
};
