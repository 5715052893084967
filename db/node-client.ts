import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export interface NodeDbConfig {
  /** A direct connection, not a transaction pooler: consumers hold row locks over a whole batch. */
  readonly connectionString: string;
  /** Connections at most; what waits for one longer than `CONNECT_WAIT_MS` fails. */
  readonly max?: number;
  readonly applicationName?: string;
  /**
   * What a statement, a wait for a lock, or a transaction that does nothing may last before the server ends it. A consumer
   * that was stopped in the middle of a batch thus gives back its row lock. Absent: no limit.
   */
  readonly patienceMs?: number;
  /** Told when an idle connection dies; the pool opens a new one by itself. */
  readonly onError?: (cause: Error) => void;
}

export interface NodeDb {
  readonly db: NodePgDatabase;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const CONNECTIONS = 10;
const CONNECT_WAIT_MS = 5_000;

/** For long-lived Node processes: consumers, scripts, tests. */
export function createNodeDb(config: NodeDbConfig): NodeDb {
  const pool = new pg.Pool({
    connectionString: config.connectionString,
    max: config.max ?? CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WAIT_MS,
    application_name: config.applicationName ?? 'kirana',
    ...(config.patienceMs === undefined ? {} : limits(config.patienceMs)),
  });
  // Without a listener the death of a connection would end the process. The pool listens to the idle ones only: it stops when
  // it hands one out, a moment before whoever asked for it runs. Queries of a dead connection fail by themselves.
  pool.on('connect', (client) => client.on('error', ignore));
  pool.on('error', config.onError ?? ignore);
  return {
    db: drizzle(pool),
    pool,
    close: () => pool.end(),
  };
}

function ignore(): void {}

function limits(patienceMs: number): pg.PoolConfig {
  return {
    statement_timeout: patienceMs,
    lock_timeout: patienceMs,
    idle_in_transaction_session_timeout: patienceMs,
    // The client's own limit covers a server that does not answer at all; it must be the last to strike.
    query_timeout: patienceMs + CONNECT_WAIT_MS,
  };
}
