import type { Migration } from '../kit/migrate.ts';

export const SESSION_MIGRATIONS: readonly Migration[] = [
  {
    id: '001_families',
    // Hashes only: whoever reads this table can present no token. The successor key turns the secret of one token into
    // that of the next, so that a repeated refresh gets the very same answer without the answer being stored.
    sql: `
      CREATE TABLE families (
        family_id TEXT PRIMARY KEY,
        device_id TEXT NOT NULL,
        actor TEXT NOT NULL,
        successor_key TEXT NOT NULL,
        current_hash TEXT NOT NULL,
        previous_hash TEXT,
        opened_at_ms INTEGER NOT NULL,
        rotated_at_ms INTEGER NOT NULL,
        expires_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
