import type { Migration } from '../../kit/migrate.ts';

export const SUBSTITUTION: Migration = {
  id: '009_substitution',
  sql: `
    -- What the customer said beforehand, as JSON: allergens to avoid, and by SKU what to do when it is missing. Forgotten with the
    -- task's last step.
    CREATE TABLE order_wishes (
      order_id TEXT PRIMARY KEY,
      avoid_allergens TEXT NOT NULL CHECK (json_valid(avoid_allergens)),
      preferences TEXT NOT NULL CHECK (json_valid(preferences))
    ) STRICT, WITHOUT ROWID;

    -- Substitutes that were proposed. The units of an open one are kept by the hold that is named after it.
    CREATE TABLE substitutions (
      proposal_id TEXT PRIMARY KEY,
      order_id TEXT NOT NULL,
      missing TEXT NOT NULL,
      substitute TEXT NOT NULL,
      units INTEGER NOT NULL CHECK (units > 0),
      answer_by_ms INTEGER NOT NULL,
      on_silence TEXT NOT NULL CHECK (on_silence IN ('SUBSTITUTE', 'REFUND')),
      status TEXT NOT NULL CHECK (status IN ('PROPOSED', 'APPROVED', 'DECLINED', 'TIMED_OUT', 'WITHDRAWN')),
      ended_at_ms INTEGER,
      CHECK (missing <> substitute),
      CHECK ((status = 'PROPOSED') = (ended_at_ms IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX substitutions_by_order ON substitutions (order_id);
    CREATE INDEX substitutions_open ON substitutions (answer_by_ms) WHERE status = 'PROPOSED';
    -- An article stands on a list once.
    CREATE UNIQUE INDEX substitutions_live ON substitutions (order_id, substitute) WHERE status IN ('PROPOSED', 'APPROVED');

    -- The missing article that a line stands in for.
    ALTER TABLE pick_lines ADD COLUMN substitute_for TEXT;

    ALTER TABLE item_cards ADD COLUMN for_sale INTEGER NOT NULL DEFAULT 1 CHECK (for_sale IN (0, 1));
    -- Substitutes are looked for below the same root.
    CREATE INDEX item_cards_by_root ON item_cards (category_path ->> '$[0]');
  `,
};
