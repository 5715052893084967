import type { SqlPort } from './sql.ts';

export interface Migration {
  /** `001_init`: number and purpose. Never renamed, never edited once deployed. */
  readonly id: string;
  readonly sql: string;
  /** What SQL cannot say, after it and in its transaction. */
  readonly fill?: (sql: SqlPort) => void;
}

/**
 * Brings an object's tables up to date; millions of objects do this lazily, each from whatever version it slept at.
 * The list of a scope is append-only: an id that differs from what was applied is a bug and stops the object.
 */
export function migrate(sql: SqlPort, scope: string, migrations: readonly Migration[]): void {
  sql.run(
    'CREATE TABLE IF NOT EXISTS _migrations (scope TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (scope, position)) STRICT, WITHOUT ROWID',
  );
  const applied = sql.all<{ position: number; id: string }>(
    'SELECT position, id FROM _migrations WHERE scope = ? ORDER BY position',
    scope,
  );
  for (const { position, id } of applied) {
    const known = migrations[position]?.id;
    // A newer version of the code was here and was rolled back: its extra tables do no harm.
    if (known === undefined) continue;
    if (known !== id)
      throw new Error(`${scope} migration ${position} was "${id}" and is now "${known}": the list is append-only`);
  }
  for (const [position, migration] of migrations.entries()) {
    if (position < applied.length) continue;
    sql.transaction(() => {
      sql.run(migration.sql);
      migration.fill?.(sql);
      sql.run('INSERT INTO _migrations (scope, position, id) VALUES (?, ?, ?)', scope, position, migration.id);
    });
  }
}
