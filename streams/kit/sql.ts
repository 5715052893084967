import pg from 'pg';
import type { Statement } from '../../db/statement.ts';

/** `pg` wants arrays it may write to. */
export function toQuery({ name, text, values }: Statement): pg.QueryConfig {
  return { name, text, values: [...values] };
}

/** What a unit of work sees of its transaction. */
export interface Transaction {
  rows<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
  run(statement: Statement): Promise<void>;
  /** Undoes what `work` wrote when it fails, and fails with the same error; what was written before it stays. */
  attempt(work: () => Promise<void>): Promise<void>;
}

/**
 * Runs `work` in one transaction. After a failure the connection is thrown away, whatever state it is in: also a plan that a
 * migration has made stale goes with it. A commit whose answer was lost rejects, though it may have happened. The pool must
 * listen to the errors of its clients (`createNodeDb`): the death of a connection is an event as well as a failed query.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(transactionOf(client));
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    failure = cause instanceof Error ? cause : new Error(String(cause));
    throw cause;
  } finally {
    client.release(failure);
  }
}

function transactionOf(client: pg.PoolClient): Transaction {
  return {
    async rows<Row extends pg.QueryResultRow>(statement: Statement) {
      const { rows } = await client.query<Row>(toQuery(statement));
      return rows;
    },
    async run(statement) {
      await client.query(toQuery(statement));
    },
    async attempt(work) {
      await client.query('SAVEPOINT attempt');
      try {
        await work();
      } catch (cause) {
        await client.query('ROLLBACK TO SAVEPOINT attempt');
        throw cause;
      }
      await client.query('RELEASE SAVEPOINT attempt');
    },
  };
}

/**
 * True when the row itself is to blame: class 22 (its data does not fit) or 23 (it breaks a constraint). Everything else, from
 * a lost connection to a missing table, says nothing about the record and may pass by itself or with the next deployment.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export function blamesTheRow(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && /^2[23]/.test(cause.code ?? '');
}

/** An AggregateError (one connection attempt per address) has an empty message. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
