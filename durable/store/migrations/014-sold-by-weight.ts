import type { Migration } from '../../kit/migrate.ts';

export const SOLD_BY_WEIGHT: Migration = {
  id: '014_sold_by_weight',
  sql: `
    -- Whether the weight of an article is taken when it is picked.
    ALTER TABLE item_cards ADD COLUMN sold_by_weight INTEGER NOT NULL DEFAULT 0 CHECK (sold_by_weight IN (0, 1));
  `,
};
