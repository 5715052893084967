import { neon, neonConfig, NeonDbError, Pool } from '@neondatabase/serverless';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzleHttp, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { drizzle as drizzlePool, type NeonDatabase } from 'drizzle-orm/neon-serverless';

/** What the drivers have in common in the answer to a raw statement. */
interface Rows<Row> {
  readonly rows: Row[];
}
interface RowsResult extends PgQueryResultHKT {
  readonly type: Rows<this['row']>;
}

/**
 * What a query may be given: Neon over HTTP in the Worker, a pool over WebSocket, or `pg` in Node. HTTP has no
 * interactive transactions, so whoever takes a `Db` works with single statements.
 */
export type Db = PgDatabase<RowsResult>;

export interface DbConfig {
  /** `postgresql://user:password@host/database` of Neon's pooled endpoint, or what the local endpoint allows. */
  readonly connectionString: string;
  /** `<host>:<port>` of a local endpoint that speaks Neon's protocol in the clear. Absent: Neon itself, over TLS. */
  readonly localEndpoint?: string;
}

/** One HTTP request a statement. Makes no connection by itself, so one can be made for each request. */
export function createDb(config: DbConfig): NeonHttpDatabase {
  configureDriver(config);
  return drizzleHttp(neon(config.connectionString));
}

export interface TransactionalDb {
  readonly db: NeonDatabase;
  /** Hand it to `ctx.waitUntil`: a Worker may not keep a socket from one request to the next. */
  close(): Promise<void>;
}

/** A pool over WebSocket for the rare work that needs a transaction with decisions in it: one a request, then close. */
export function createTransactionalDb(config: DbConfig): TransactionalDb {
  configureDriver(config);
  const pool = new Pool({ connectionString: config.connectionString, max: 1 });
  // A socket that closes while idle surfaces here; without a listener it is an uncaught error of the Worker.
  pool.on('error', () => {});
  return { db: drizzlePool(pool), close: () => pool.end() };
}

/** The driver's configuration is global to the process: every database of one process has the same endpoint. */
function configureDriver({ localEndpoint }: DbConfig): void {
  if (localEndpoint === undefined) return;
  neonConfig.fetchEndpoint = `http://${localEndpoint}/sql`;
  neonConfig.wsProxy = (host, port) => `${localEndpoint}/v2?address=${host}:${port}`;
  neonConfig.useSecureWebSocket = false;
  // The default sends the password in the clear ahead of time, which SCRAM, as a stock PostgreSQL asks for it, refuses.
  neonConfig.pipelineConnect = false;
}

/**
 * True when the database could not be asked or could not finish: worth an `UNAVAILABLE` and a retry. Classes 08
 * (connection), 53 (resources) and 57P (shutdown); the driver gives no code when fetch itself fails or for a status
 * other than 400. https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export function isDatabaseAway(error: unknown): boolean {
  const cause = rootOf(error);
  const code = codeOf(cause);
  if (code !== undefined) return /^(08|53|57P)/.test(code) || /^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|AI_AGAIN)/.test(code);
  // A WebSocket that cannot be opened rejects with its ErrorEvent, which is no Error.
  if (!(cause instanceof Error))
    return typeof cause === 'object' && cause !== null && 'type' in cause && cause.type === 'error';
  return cause instanceof NeonDbError || /connection|timeout/i.test(cause.message);
}

/** The name of the unique constraint that a statement broke, or undefined if it failed otherwise. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  const cause = rootOf(error);
  if (codeOf(cause) !== '23505' || typeof cause !== 'object' || cause === null) return undefined;
  return 'constraint' in cause && typeof cause.constraint === 'string' ? cause.constraint : undefined;
}

/** drizzle wraps what the driver threw. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function codeOf(cause: unknown): string | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : undefined;
}
