import pg from 'pg';

/** One statement as the Neon driver sends it: parameters are text already, or values that become text. */
export interface NeonQuery {
  readonly query: string;
  readonly params: readonly unknown[];
}

export interface NeonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What a batch may ask for in its headers. */
export interface BatchOptions {
  readonly isolationLevel?: string;
  readonly readOnly: boolean;
  readonly deferrable: boolean;
}

const ISOLATION_LEVELS: ReadonlyMap<string, string> = new Map([
  ['ReadUncommitted', 'READ UNCOMMITTED'],
  ['ReadCommitted', 'READ COMMITTED'],
  ['RepeatableRead', 'REPEATABLE READ'],
  ['Serializable', 'SERIALIZABLE'],
]);

/** Besides these, Neon's error body has `message`. Names as in PostgreSQL's protocol, section 54.8. */
const ERROR_FIELDS = [
  'code',
  'severity',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

/** Every value stays the text that the server sent: the driver on the other side knows the types. */
const AS_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/** Runs one statement, outside a transaction of its own. */
export function runOne(pool: pg.Pool, query: NeonQuery): Promise<NeonAnswer> {
  return withClient(pool, (client) => runStatement(client, query));
}

/** Runs all of them in one transaction; the first error rolls all of them back. */
export function runBatch(pool: pg.Pool, queries: readonly NeonQuery[], options: BatchOptions): Promise<NeonAnswer> {
  const begin = beginStatement(options);
  if (begin === undefined) return Promise.resolve(refused('unknown Neon-Batch-Isolation-Level'));
  return withClient(pool, async (client) => {
    await client.query(begin);
    const results = [];
    for (const query of queries) results.push(await runStatement(client, query));
    await client.query('COMMIT');
    return { results };
  });
}

/** Where the driver looks for an error: status 400 and a JSON body. */
export function refused(message: string, code = '08P01'): NeonAnswer {
  return { status: 400, body: { message, code, severity: 'ERROR' } };
}

async function withClient(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<unknown>): Promise<NeonAnswer> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (cause) {
    return errorAnswer(cause);
  }
  let answered = true;
  try {
    return { status: 200, body: await work(client) };
  } catch (cause) {
    answered = cause instanceof pg.DatabaseError;
    return errorAnswer(cause);
  } finally {
    // Inside a transaction (a failed batch, a lone BEGIN), or still owing an answer: ending the connection rolls back.
    client.release(!answered || client.getTransactionStatus() !== 'I');
  }
}

async function runStatement(client: pg.PoolClient, { query, params }: NeonQuery): Promise<unknown> {
  // Neon prepares each statement, so several in one string are an error there, and `extended` makes them one here.
  const config = { text: query, values: [...params], rowMode: 'array' as const, types: AS_TEXT, queryMode: 'extended' };
  const { fields, rows, command, rowCount } = await client.query<unknown[]>(config);
  return { rowAsArray: true, fields, rows, command, rowCount };
}

function beginStatement({ isolationLevel, readOnly, deferrable }: BatchOptions): string | undefined {
  const level = ISOLATION_LEVELS.get(isolationLevel ?? 'ReadCommitted');
  if (level === undefined) return undefined;
  return `BEGIN ISOLATION LEVEL ${level} ${readOnly ? 'READ ONLY' : 'READ WRITE'}${deferrable ? ' DEFERRABLE' : ''}`;
}

function errorAnswer(cause: unknown): NeonAnswer {
  if (!(cause instanceof Error)) return refused(String(cause), '58000');
  if (!(cause instanceof pg.DatabaseError)) {
    // No answer from the server: refused, reset or timed out. Class 08 is "connection exception".
    return {
      status: 400,
      body: { message: `cannot reach PostgreSQL: ${cause.message}`, code: '08006', severity: 'FATAL' },
    };
  }
  const fields = ERROR_FIELDS.map((field) => [field, cause[field] ?? null] as const);
  return { status: 400, body: { message: cause.message, ...Object.fromEntries(fields) } };
}
