import type { Migration } from '../../kit/migrate.ts';
import { HoldNames } from '../holds/hold-names.ts';

export const HOLD_NAMES: Migration = {
  id: '011_hold_names',
  sql: `
    -- By which names a hold is found: hashes of its id and of the operation that asked for it. New names are gathered in a small
    -- table and moved to the large one in order.
    CREATE TABLE hold_names_new (hash INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (hash, position)) STRICT, WITHOUT ROWID;
    CREATE TABLE hold_names (hash INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (hash, position)) STRICT, WITHOUT ROWID;
    DROP INDEX holds_by_id;
    DROP INDEX holds_by_op;
    ALTER TABLE holds DROP COLUMN op_hash;
  `,
  fill: (sql) => {
    const names = new HoldNames(sql);
    const rows = sql.all<{ position: number; hold_id: string; op_id: string | null }>(
      'SELECT position, hold_id, op_id FROM holds ORDER BY position',
    );
    for (const { position, hold_id: holdId, op_id: opId } of rows) names.add([{ holdId, opId }], position);
  },
};
