import type pg from 'pg';
import type { LogPort, NewRecord } from '../../streams/kit/log-port.ts';
import { runTopology, type RunningGroup } from '../../streams/kit/runner.ts';
import { orderProjection } from '../../streams/topologies/order-projection.ts';
import { paymentProjection } from '../../streams/topologies/payment-projection.ts';
import { stockProjection } from '../../streams/topologies/stock-projection.ts';

/** The tables that the projections write, each with the order that makes two copies comparable. */
const READ_MODELS = {
  orders: 'id',
  order_lines: 'order_id, line_no',
  order_status_history: 'order_id, sequence',
  payments: 'order_id',
  stock_levels: 'store_id, sku',
  stock_movements: 'store_id, sku, sequence',
} as const;

/** Every read model as PostgreSQL prints it, so that equal means byte for byte. */
export async function readModels(pool: pg.Pool): Promise<Record<keyof typeof READ_MODELS, string[]>> {
  const tables = Object.entries(READ_MODELS).map(async ([table, order]) => {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY ${order}`);
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables)) as Record<keyof typeof READ_MODELS, string[]>;
}

/** All three projections of a log into a database. */
export function runProjections(log: LogPort, pool: pg.Pool, onCrash = crashed): readonly RunningGroup[] {
  const deps = { log, pool, onCrash };
  return [runTopology(orderProjection, deps), runTopology(paymentProjection, deps), runTopology(stockProjection, deps)];
}

function crashed(group: string, detail: string): void {
  throw new Error(`${group} crashed: ${detail}`);
}

/** How many records of this log a database's groups have not worked off. */
export async function lag(pool: pg.Pool, log: LogPort): Promise<number> {
  const topics = [orderProjection, paymentProjection, stockProjection].flatMap((topology) => [...topology.topics]);
  const heads = await log.highWatermarks(topics);
  const identity = await log.identity();
  if (!heads.ok || !identity.ok) return Number.POSITIVE_INFINITY;
  const { rows } = await pool.query<{ topic: string; partition: number; next: number }>(
    'SELECT topic, partition, min(next_offset)::int AS next FROM consumer_offsets WHERE log = $1 GROUP BY topic, partition',
    [identity.value],
  );
  const standing = new Map(rows.map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
  return heads.value.reduce(
    (sum, { topic, partition, nextOffset }) => sum + nextOffset - (standing.get(`${topic}/${partition}`) ?? 0),
    0,
  );
}

/** Appends, and fails the test where the log does not take it. */
export async function append(log: LogPort, records: readonly NewRecord[]): Promise<void> {
  const result = await log.produce(records);
  if (!result.ok) throw new Error(result.error.detail);
  const refused = result.value.find(({ errorCode }) => errorCode !== 0);
  if (refused !== undefined) throw new Error(`refused with ${refused.errorCode}`);
}

export interface ParkedLetter {
  readonly subject: string | null;
  readonly sequence: string | null;
  readonly code: string;
  readonly value: Buffer | null;
}

export async function deadLetters(pool: pg.Pool): Promise<readonly ParkedLetter[]> {
  const { rows } = await pool.query<ParkedLetter>(
    'SELECT subject, sequence, code, value FROM dead_letters ORDER BY topic, partition, record_offset',
  );
  return rows;
}
