import { createDb, isDatabaseAway } from '../db/client.ts';
import type { Db, DbConfig } from '../db/client.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import type { EdgeEnv } from './env.ts';

type DatabaseEnv = Pick<EdgeEnv, 'DATABASE_URL' | 'DATABASE_LOCAL_ENDPOINT'>;

/** A pooled statement takes milliseconds; a database that wakes up takes a few hundred. */
const PATIENCE_MS = 2_500;
/** The admin's batches and whole-catalog reads. */
export const LONG_PATIENCE_MS = 20_000;
/** After a failure nobody waits for the database again until this has passed: answers stay quick while it is away. */
const REST_MS = 1_000;

let awayUntilMs = 0;

/** Runs statements; `UNAVAILABLE`, and quickly, when Postgres is away. What else goes wrong is a bug and is thrown. */
export async function withPostgres<T>(
  env: DatabaseEnv,
  work: (db: Db) => Promise<T>,
  patienceMs: number = PATIENCE_MS,
): Promise<Result<T, Refusal<'UNAVAILABLE'>>> {
  if (Date.now() < awayUntilMs) return err(AWAY);
  const timeout = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => {
    timeout.resolve('late');
  }, patienceMs);
  try {
    const done = await Promise.race([work(createDb(databaseOf(env))).then((value) => ({ value })), timeout.promise]);
    if (done !== 'late') return ok(done.value);
  } catch (cause) {
    if (!isDatabaseAway(cause)) throw cause;
  } finally {
    clearTimeout(timer);
  }
  awayUntilMs = Date.now() + REST_MS;
  return err(AWAY);
}

function databaseOf(env: DatabaseEnv): DbConfig {
  const { DATABASE_URL: connectionString, DATABASE_LOCAL_ENDPOINT: localEndpoint } = env;
  return localEndpoint === undefined ? { connectionString } : { connectionString, localEndpoint };
}

const AWAY = refuse('UNAVAILABLE', 'The database is away. Ordering goes on without it; try this again shortly.');
