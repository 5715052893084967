import type pg from 'pg';
import type { HoldOutcome, HoldRecord, Shelf, ShelfLine, Shortage, WantedHold } from '../shop/shelf.ts';
import { PostgresStock, toRecord, TOPIC, type HoldRow } from './postgres-schema.ts';

/** BEGIN, a statement a step, COMMIT: what an ORM's transaction sends. */
export class PostgresTransactionShelf extends PostgresStock implements Shelf {
  readonly #pool: pg.Pool;
  constructor(pool: pg.Pool) {
    super(pool);
    this.#pool = pool;
  }

  async hold(wanted: WantedHold): Promise<HoldOutcome> {
    const { storeId, holdId, lines, linesText, expiresAtMs } = wanted;
    const outcome = await this.#transaction<'held' | 'known' | readonly ShelfLine[]>(async (client) => {
      const written = await client.query({
        name: 'hold',
        text: `INSERT INTO holds (hold_id, store_id, lines, status, expires_at_ms) VALUES ($1, $2, $3, 'HELD', $4)
          ON CONFLICT (hold_id) DO NOTHING`,
        values: [holdId, storeId, linesText, expiresAtMs],
      });
      if (written.rowCount === 0) return { commit: false, value: 'known' };
      const short: ShelfLine[] = [];
      for (const line of lines) {
        const taken = await client.query({
          name: 'take',
          text: 'UPDATE stock SET available = available - $3 WHERE store_id = $1 AND sku = $2 AND available >= $3',
          values: [storeId, line.sku, line.quantity],
        });
        if (taken.rowCount === 0) short.push(line);
      }
      if (short.length > 0) return { commit: false, value: short };
      await tell(client, storeId, 'held', holdId, linesText);
      return { commit: true, value: 'held' };
    });
    if (outcome === 'held') return { kind: 'held', hold: { status: 'HELD', lines, expiresAtMs } };
    return outcome === 'known' ? this.repeated(wanted) : this.#short(storeId, outcome);
  }

  release(storeId: string, holdId: string): Promise<HoldRecord | null> {
    return this.#end(storeId, holdId, 'RELEASED');
  }

  async expireDue(nowMs: number): Promise<void> {
    const { rows } = await this.#pool.query<{ readonly store_id: string; readonly hold_id: string }>(
      "SELECT store_id, hold_id FROM holds WHERE status = 'HELD' AND expires_at_ms <= $1 LIMIT 1000",
      [nowMs],
    );
    for (const row of rows) await this.#end(row.store_id, row.hold_id, 'EXPIRED');
  }

  #end(storeId: string, holdId: string, status: 'RELEASED' | 'EXPIRED'): Promise<HoldRecord | null> {
    return this.#transaction(async (client) => {
      const { rows } = await client.query<HoldRow>({
        name: 'end',
        text: `UPDATE holds SET status = $3 WHERE hold_id = $1 AND store_id = $2 AND status = 'HELD'
          RETURNING status, lines, expires_at_ms`,
        values: [holdId, storeId, status],
      });
      const [row] = rows;
      if (row === undefined) return { commit: false, value: await this.find(storeId, holdId) };
      for (const { sku, quantity } of row.lines.toSorted((a, b) => (a.sku < b.sku ? -1 : 1))) {
        await client.query({
          name: 'give-back',
          text: 'UPDATE stock SET available = available + $3 WHERE store_id = $1 AND sku = $2',
          values: [storeId, sku, quantity],
        });
      }
      await tell(client, storeId, status, holdId, JSON.stringify(row.lines));
      return { commit: true, value: toRecord(row) };
    });
  }

  async #short(storeId: string, lines: readonly ShelfLine[]): Promise<HoldOutcome> {
    const units = await this.available(
      storeId,
      lines.map(({ sku }) => sku),
    );
    const shortages = lines.map(({ sku, quantity }, index): Shortage => ({
      sku,
      requested: quantity,
      available: units[index] ?? 0,
    }));
    return { kind: 'short', shortages };
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

async function tell(
  client: pg.PoolClient,
  storeId: string,
  type: string,
  holdId: string,
  linesText: string,
): Promise<void> {
  await client.query({
    name: 'tell',
    text: 'INSERT INTO outbox (topic, key, payload) VALUES ($1, $2, $3)',
    values: [TOPIC, storeId, `{"type":"${type}","holdId":"${holdId}","lines":${linesText}}`],
  });
}
