import type { Migration } from '../../kit/migrate.ts';

export const AUDIT: Migration = {
  id: '006_audit',
  sql: `
    -- The ledger added up once more, apart from the levels: what each level must equal. sequence: movements added up.
    CREATE TABLE audit_balances (
      sku TEXT PRIMARY KEY,
      sequence INTEGER NOT NULL,
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
      transferred_out INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_cursor (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      audited_to INTEGER NOT NULL
    ) STRICT;
    INSERT INTO audit_cursor VALUES (1, 0);

    -- SKUs whose level is in doubt: not sold until someone has looked. what: the first thing that did not agree.
    CREATE TABLE quarantines (
      sku TEXT PRIMARY KEY,
      what TEXT NOT NULL,
      gap_units INTEGER NOT NULL,
      found_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Movements that were published and are old, as sums by day (UTC, days since 1970), SKU and kind.
    CREATE TABLE ledger_days (
      day INTEGER NOT NULL,
      sku TEXT NOT NULL,
      kind TEXT NOT NULL,
      quantity INTEGER NOT NULL,
      movements INTEGER NOT NULL CHECK (movements > 0),
      PRIMARY KEY (day, sku, kind)
    ) STRICT, WITHOUT ROWID;
  `,
};
