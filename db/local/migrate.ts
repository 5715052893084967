import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { err, ok, type Result } from '../../domain/shared/result.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/** Any fixed number will do: it keeps two processes that migrate the same database one after the other. */
const MIGRATION_LOCK = 7_264_011;

export interface MigrateProblem {
  readonly code: 'DATABASE_UNREACHABLE' | 'MIGRATION_FAILED';
  /** One sentence for a person, with the cause. */
  readonly detail: string;
}

/** Applies what is missing, all of it in one transaction. Needs a direct connection, as the lock belongs to the session. */
export async function migrateDatabase(
  connectionString: string,
): Promise<Result<{ readonly applied: number }, MigrateProblem>> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  // drizzle's migrator alone ends without a word when nobody listens there.
  try {
    await client.connect();
  } catch (cause) {
    const { hostname, port } = new URL(connectionString);
    return err({
      code: 'DATABASE_UNREACHABLE',
      detail: `No PostgreSQL answers at ${hostname}:${port || '5432'}: ${messageOf(cause)}`,
    });
  }
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const before = await countApplied(client);
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
    return ok({ applied: (await countApplied(client)) - before });
  } catch (cause) {
    return err({ code: 'MIGRATION_FAILED', detail: messageOf(cause) });
  } finally {
    await client.end();
  }
}

async function countApplied(client: pg.Client): Promise<number> {
  const { rows: tables } = await client.query<{ name: string | null }>(
    "SELECT to_regclass('drizzle.__drizzle_migrations')::text AS name",
  );
  if (tables[0]?.name == null) return 0;
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM drizzle.__drizzle_migrations',
  );
  return rows[0]?.count ?? 0;
}

/** drizzle wraps the server's error; the reason is in the cause. An AggregateError (IPv4 and IPv6) has an empty message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${messageOf(error.cause)})`;
}
