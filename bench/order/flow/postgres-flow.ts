import { createHash } from 'node:crypto';
import type pg from 'pg';

/** The tables that a team would make for this flow: money and stock in one database, an outbox beside them. */
export const FLOW_SCHEMA = `
  CREATE TABLE IF NOT EXISTS flow_stock (sku text PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0), allocated bigint NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS flow_orders (id text PRIMARY KEY, body_digest text NOT NULL, status text NOT NULL, lines jsonb NOT NULL, total_minor bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS flow_holds (order_id text PRIMARY KEY, lines jsonb NOT NULL, status text NOT NULL, expires_at timestamptz NOT NULL);
  CREATE TABLE IF NOT EXISTS flow_charges (order_id text PRIMARY KEY, amount_minor bigint NOT NULL, status text NOT NULL);
  CREATE TABLE IF NOT EXISTS flow_payments (order_id text PRIMARY KEY, amount_minor bigint NOT NULL, status text NOT NULL);
  CREATE TABLE IF NOT EXISTS flow_pick_tasks (order_id text PRIMARY KEY, lines jsonb NOT NULL, status text NOT NULL);
  CREATE TABLE IF NOT EXISTS flow_outbox (id bigserial PRIMARY KEY, topic text NOT NULL, key text NOT NULL, payload jsonb NOT NULL);
`;

export interface FlowLine {
  readonly sku: string;
  readonly quantity: number;
}
export interface FlowOrder {
  readonly id: string;
  readonly status: string;
  readonly totalMinor: number;
}
export type FlowOutcome =
  | { readonly kind: 'placed'; readonly order: FlowOrder }
  | { readonly kind: 'short' }
  | { readonly kind: 'reused' };

const UNIT_PRICE_MINOR = 100;
const PAY_WITHIN_S = 600;

/** The same flow as an order's: order and hold, the provider, then the commit of both; an outbox row with each change. */
export class PostgresFlow {
  readonly #pool: pg.Pool;
  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async receive(lines: readonly FlowLine[]): Promise<void> {
    for (const { sku, quantity } of lines) {
      // oxlint-disable-next-line no-await-in-loop -- a few rows, once
      await this.#pool.query(
        'INSERT INTO flow_stock (sku, available) VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET available = flow_stock.available + excluded.available',
        [sku, quantity],
      );
    }
  }

  /** `authorize` is the provider: it takes as long as providers take. */
  async place(
    id: string,
    lines: readonly FlowLine[],
    authorize: (id: string, amountMinor: number) => Promise<void>,
  ): Promise<FlowOutcome> {
    const sorted = lines.toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
    const text = JSON.stringify(sorted);
    const digest = createHash('sha256').update(text).digest('hex');
    const totalMinor = sorted.reduce((sum, { quantity }) => sum + quantity * UNIT_PRICE_MINOR, 0);
    const begun = await this.#begin(id, digest, sorted, totalMinor);
    if (begun === 'short') return { kind: 'short' };
    if (begun === 'known') return this.#repeated(id, digest);
    await authorize(id, totalMinor);
    await this.#conclude(id, sorted, totalMinor);
    return { kind: 'placed', order: { id, status: 'ASSIGNED_TO_STORE', totalMinor } };
  }

  #begin(
    id: string,
    digest: string,
    lines: readonly FlowLine[],
    totalMinor: number,
  ): Promise<'begun' | 'known' | 'short'> {
    const text = JSON.stringify(lines);
    return this.#transaction(async (client) => {
      const written = await client.query({
        name: 'order',
        text: `INSERT INTO flow_orders (id, body_digest, status, lines, total_minor) VALUES ($1, $2, 'PENDING', $3, $4) ON CONFLICT (id) DO NOTHING`,
        values: [id, digest, text, totalMinor],
      });
      if (written.rowCount === 0) return { commit: false, value: 'known' as const };
      for (const line of lines) {
        // oxlint-disable-next-line no-await-in-loop -- statements of one transaction
        const taken = await client.query({
          name: 'take',
          text: 'UPDATE flow_stock SET available = available - $2 WHERE sku = $1 AND available >= $2',
          values: [line.sku, line.quantity],
        });
        if (taken.rowCount === 0) return { commit: false, value: 'short' as const };
      }
      await client.query({
        name: 'hold',
        text: `INSERT INTO flow_holds (order_id, lines, status, expires_at) VALUES ($1, $2, 'HELD', now() + make_interval(secs => $3))`,
        values: [id, text, PAY_WITHIN_S],
      });
      await tell(client, 'orders', id, { type: 'order.placed', lines });
      await tell(client, 'stock', id, { type: 'stock.held', lines });
      return { commit: true, value: 'begun' as const };
    });
  }

  async #conclude(id: string, lines: readonly FlowLine[], totalMinor: number): Promise<void> {
    const text = JSON.stringify(lines);
    await this.#transaction(async (client) => {
      await client.query({
        name: 'paid',
        text: `INSERT INTO flow_payments (order_id, amount_minor, status) VALUES ($1, $2, 'AUTHORIZED')`,
        values: [id, totalMinor],
      });
      await client.query({
        name: 'allocate',
        text: "UPDATE flow_holds SET status = 'COMMITTED' WHERE order_id = $1",
        values: [id],
      });
      for (const line of lines) {
        // oxlint-disable-next-line no-await-in-loop -- statements of one transaction
        await client.query({
          name: 'allocated',
          text: 'UPDATE flow_stock SET allocated = allocated + $2 WHERE sku = $1',
          values: [line.sku, line.quantity],
        });
      }
      await client.query({
        name: 'assign',
        text: "UPDATE flow_orders SET status = 'ASSIGNED_TO_STORE' WHERE id = $1",
        values: [id],
      });
      await client.query({
        name: 'task',
        text: "INSERT INTO flow_pick_tasks (order_id, lines, status) VALUES ($1, $2, 'QUEUED')",
        values: [id, text],
      });
      await tell(client, 'payments', id, { type: 'payment.authorized', amountMinor: totalMinor });
      await tell(client, 'orders', id, { type: 'order.assigned_to_store' });
      await tell(client, 'stock', id, { type: 'stock.allocated', lines });
      return { commit: true, value: null };
    });
  }

  /** The provider's own books: one row and one commit a charge, as the sandbox's. */
  async charge(id: string, amountMinor: number): Promise<void> {
    await this.#pool.query({
      name: 'charge',
      text: "INSERT INTO flow_charges (order_id, amount_minor, status) VALUES ($1, $2, 'AUTHORIZED') ON CONFLICT (order_id) DO NOTHING",
      values: [id, amountMinor],
    });
  }

  async sums(): Promise<{ readonly available: number; readonly allocated: number; readonly orders: number }> {
    const { rows } = await this.#pool.query<{ available: string; allocated: string; orders: string }>(
      `SELECT (SELECT sum(available) FROM flow_stock) AS available, (SELECT sum(allocated) FROM flow_stock) AS allocated,
        (SELECT count(*) FROM flow_orders WHERE status = 'ASSIGNED_TO_STORE') AS orders`,
    );
    const [row] = rows;
    return {
      available: Number(row?.available ?? 0),
      allocated: Number(row?.allocated ?? 0),
      orders: Number(row?.orders ?? 0),
    };
  }

  async #repeated(id: string, digest: string): Promise<FlowOutcome> {
    const { rows } = await this.#pool.query<{ body_digest: string; status: string; total_minor: string }>({
      name: 'repeated',
      text: 'SELECT body_digest, status, total_minor FROM flow_orders WHERE id = $1',
      values: [id],
    });
    const [row] = rows;
    if (row === undefined || row.body_digest !== digest) return { kind: 'reused' };
    return { kind: 'placed', order: { id, status: row.status, totalMinor: Number(row.total_minor) } };
  }

  async #transaction<T>(
    work: (client: pg.PoolClient) => Promise<{ readonly commit: boolean; readonly value: T }>,
  ): Promise<T> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      const { commit, value } = await work(client);
      await client.query(commit ? 'COMMIT' : 'ROLLBACK');
      return value;
    } catch (cause) {
      await client.query('ROLLBACK').catch(() => {});
      throw cause;
    } finally {
      client.release();
    }
  }
}

async function tell(client: pg.PoolClient, topic: string, key: string, payload: object): Promise<void> {
  await client.query({
    name: 'tell',
    text: 'INSERT INTO flow_outbox (topic, key, payload) VALUES ($1, $2, $3)',
    values: [topic, key, JSON.stringify(payload)],
  });
}
