import type pg from 'pg';
import { sameLines } from '../shop/shelf.ts';
import type { HoldOutcome, HoldRecord, ShelfAudit, ShelfLine, WantedHold } from '../shop/shelf.ts';

/** One unique index a table; stock leaves room in its pages for updates in place. */
export const POSTGRES_SCHEMA = `
CREATE TABLE IF NOT EXISTS stock (
  store_id text NOT NULL,
  sku text NOT NULL,
  received integer NOT NULL,
  available integer NOT NULL CHECK (available BETWEEN 0 AND received),
  PRIMARY KEY (store_id, sku)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS holds (
  hold_id text PRIMARY KEY,
  store_id text NOT NULL,
  lines jsonb NOT NULL,
  status text NOT NULL,
  expires_at_ms bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS holds_due ON holds (expires_at_ms) WHERE status = 'HELD';
CREATE TABLE IF NOT EXISTS outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL
);`;

export const TOPIC = 'stock';

export interface HoldRow {
  readonly status: HoldRecord['status'];
  readonly lines: readonly ShelfLine[];
  readonly expires_at_ms: string;
}

export function toRecord(row: HoldRow): HoldRecord {
  return { status: row.status, lines: row.lines, expiresAtMs: Number(row.expires_at_ms) };
}

/** What is the same however holds are written. */
export class PostgresStock {
  readonly #pool: pg.Pool;
  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async find(storeId: string, holdId: string): Promise<HoldRecord | null> {
    const { rows } = await this.#pool.query<HoldRow>({
      name: 'find',
      text: 'SELECT status, lines, expires_at_ms FROM holds WHERE hold_id = $1 AND store_id = $2',
      values: [holdId, storeId],
    });
    return rows[0] === undefined ? null : toRecord(rows[0]);
  }

  /** The answer to a request whose hold is there already. */
  async repeated({ storeId, holdId, lines }: WantedHold): Promise<HoldOutcome> {
    const hold = await this.find(storeId, holdId);
    if (hold === null) throw new Error('the hold that was there is gone');
    return sameLines(hold.lines, lines) ? { kind: 'held', hold } : { kind: 'reused' };
  }

  async available(storeId: string, skus: readonly string[]): Promise<readonly number[]> {
    const { rows } = await this.#pool.query<{ readonly sku: string; readonly available: number }>({
      name: 'available',
      text: 'SELECT sku, available FROM stock WHERE store_id = $1 AND sku = ANY ($2)',
      values: [storeId, skus],
    });
    const units = new Map(rows.map(({ sku, available }) => [sku, available]));
    return skus.map((sku) => units.get(sku) ?? 0);
  }

  async receive(storeId: string, lines: readonly ShelfLine[]): Promise<void> {
    await this.#pool.query(
      `INSERT INTO stock (store_id, sku, received, available)
      SELECT $1, sku, quantity, quantity FROM unnest($2::text[], $3::int[]) AS line (sku, quantity)
      ON CONFLICT (store_id, sku) DO UPDATE SET received = stock.received + excluded.received,
        available = stock.available + excluded.received`,
      [storeId, lines.map(({ sku }) => sku), lines.map(({ quantity }) => quantity)],
    );
  }

  async audit(storeId: string, deep: boolean): Promise<ShelfAudit> {
    const { rows } = await this.#pool.query<{ readonly available: string }>(
      'SELECT coalesce(sum(available), 0) AS available FROM stock WHERE store_id = $1',
      [storeId],
    );
    const available = Number(rows[0]?.available ?? 0);
    if (!deep) return { available, discrepancies: [] };
    const gaps = await this.#pool.query<{ readonly sku: string; readonly gap: number }>(
      `WITH held AS (
        SELECT line.sku, sum(line.quantity) AS units
        FROM holds, jsonb_to_recordset(holds.lines) AS line (sku text, quantity integer)
        WHERE store_id = $1 AND status = 'HELD' GROUP BY line.sku)
      SELECT sku, (received - available - coalesce(units, 0))::int AS gap FROM stock LEFT JOIN held USING (sku)
      WHERE store_id = $1 AND received - available <> coalesce(units, 0)`,
      [storeId],
    );
    return { available, discrepancies: gaps.rows.map(({ sku, gap }) => ({ sku, gapUnits: gap })) };
  }
}
