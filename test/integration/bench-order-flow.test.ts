import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FLOW_SCHEMA, PostgresFlow } from '../../bench/order/flow/postgres-flow.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

// A contender that is wrong would make a comparison with it worthless.

const TABLES = ['stock', 'orders', 'holds', 'charges', 'payments', 'pick_tasks', 'outbox'].map(
  (name) => `flow_${name}`,
);
const BASKET = [{ sku: 'milk', quantity: 2 }] as const;

describe('the flow on Postgres', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let flow: PostgresFlow;
  let charged: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    await pool.query(FLOW_SCHEMA);
    flow = new PostgresFlow(pool);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await pool.query(`TRUNCATE ${TABLES.join(', ')}`);
    await flow.receive([{ sku: 'milk', quantity: 5 }]);
    charged = [];
  });

  async function authorize(id: string, amountMinor: number): Promise<void> {
    await flow.charge(id, amountMinor);
    charged.push(id);
  }
  async function count(table: string): Promise<number> {
    const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM flow_${table}`);
    return rows[0]?.n ?? 0;
  }

  test('allocates what was ordered, charges it once and leaves a row for each change', async () => {
    expect(await flow.place('a', BASKET, authorize)).toEqual({
      kind: 'placed',
      order: { id: 'a', status: 'ASSIGNED_TO_STORE', totalMinor: 200 },
    });
    expect(await flow.sums()).toEqual({ available: 3, allocated: 2, orders: 1 });
    expect(charged).toEqual(['a']);
    expect([await count('pick_tasks'), await count('payments'), await count('outbox')]).toEqual([1, 1, 5]);
  });

  test('knows an order that is there, and one under its key that is another', async () => {
    const first = await flow.place('a', BASKET, authorize);
    expect(await flow.place('a', BASKET, authorize)).toEqual(first);
    expect(await flow.place('a', [{ sku: 'milk', quantity: 1 }], authorize)).toEqual({ kind: 'reused' });
    expect(charged).toEqual(['a']);
  });

  test('sells no more than there is, and leaves nothing of an order that was refused', async () => {
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((id) => flow.place(id, BASKET, authorize)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['placed', 'placed', 'short', 'short']);
    expect(await flow.sums()).toEqual({ available: 1, allocated: 4, orders: 2 });
    expect([await count('orders'), charged.length]).toEqual([2, 2]);
  });
});
