import type { Migration } from '../../kit/migrate.ts';

export const TRANSFER_LOTS: Migration = {
  id: '012_transfer_lots',
  sql: `
    -- The lots on the van, as JSON. What was under way before came and comes back without any.
    ALTER TABLE transfers_out ADD COLUMN lots TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lots));
    ALTER TABLE transfers_in ADD COLUMN lots TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lots));
  `,
};
