import pg from 'pg';
import type { HoldOutcome, HoldRecord, Shelf, ShelfLine, Shortage, WantedHold } from '../shop/shelf.ts';
import { PostgresStock, toRecord, TOPIC, type HoldRow } from './postgres-schema.ts';

const UNIQUE_VIOLATION = '23505';

/** One line: the condition is in the update, which looks again at a row that it had to wait for. */
const HOLD_ONE = `
WITH taken AS (
  UPDATE stock SET available = available - $4 WHERE store_id = $2 AND sku = $3 AND available >= $4 RETURNING 1),
held AS (
  INSERT INTO holds (hold_id, store_id, lines, status, expires_at_ms) SELECT $1, $2, $5, 'HELD', $6 FROM taken
  RETURNING 1),
told AS (INSERT INTO outbox (topic, key, payload) SELECT '${TOPIC}', $2, $7::jsonb FROM held)
SELECT count(*)::int AS held FROM held`;

/**
 * Correct under READ COMMITTED: rows are locked in the order of SKUs, `FOR UPDATE` reads them as they are after any wait,
 * and the update goes on from there. Two requests with one key meet at the stock rows, and the later one fails as a whole
 * at the hold's key. https://www.postgresql.org/docs/18/transaction-iso.html#XACT-READ-COMMITTED
 */
const HOLD_BASKET = `
WITH line AS (SELECT sku, quantity FROM unnest($3::text[], $4::int[]) AS one (sku, quantity)),
known AS (SELECT 1 FROM holds WHERE hold_id = $1),
locked AS (
  SELECT sku, available FROM stock JOIN line USING (sku) WHERE store_id = $2 AND NOT EXISTS (SELECT FROM known)
  ORDER BY sku FOR UPDATE OF stock),
short AS (
  SELECT sku, quantity AS requested, coalesce(locked.available, 0) AS available
  FROM line LEFT JOIN locked USING (sku) WHERE coalesce(locked.available, 0) < quantity),
taken AS (
  UPDATE stock SET available = stock.available - line.quantity FROM line
  WHERE stock.store_id = $2 AND stock.sku = line.sku AND NOT EXISTS (SELECT FROM short)),
held AS (
  INSERT INTO holds (hold_id, store_id, lines, status, expires_at_ms)
  SELECT $1, $2, $5, 'HELD', $6 WHERE NOT EXISTS (SELECT FROM short)),
told AS (
  INSERT INTO outbox (topic, key, payload) SELECT '${TOPIC}', $2, $7::jsonb WHERE NOT EXISTS (SELECT FROM short))
SELECT EXISTS (SELECT FROM known) AS known, (SELECT json_agg(short) FROM short) AS short`;

const END = `
WITH ended AS (
  UPDATE holds SET status = $3 WHERE hold_id = $1 AND store_id = $2 AND status = 'HELD'
  RETURNING hold_id, status, lines, expires_at_ms),
line AS (SELECT sku, quantity FROM ended, jsonb_to_recordset(ended.lines) AS one (sku text, quantity integer)),
locked AS (SELECT sku FROM stock JOIN line USING (sku) WHERE store_id = $2 ORDER BY sku FOR UPDATE OF stock),
given_back AS (
  UPDATE stock SET available = stock.available + line.quantity FROM line
  WHERE store_id = $2 AND stock.sku = line.sku AND (SELECT count(*) FROM locked) > 0),
told AS (
  INSERT INTO outbox (topic, key, payload)
  SELECT '${TOPIC}', $2, jsonb_build_object('type', status, 'holdId', hold_id, 'lines', lines) FROM ended)
SELECT status, lines, expires_at_ms FROM ended`;

interface BasketAnswer {
  readonly known: boolean;
  readonly short: readonly Shortage[] | null;
}

/** Everything in one statement: one round trip, and the stock row is locked for no longer than its commit takes. */
export class PostgresStatementShelf extends PostgresStock implements Shelf {
  readonly #pool: pg.Pool;
  constructor(pool: pg.Pool) {
    super(pool);
    this.#pool = pool;
  }

  async hold(wanted: WantedHold): Promise<HoldOutcome> {
    try {
      const [line, ...more] = wanted.lines;
      return line !== undefined && more.length === 0
        ? await this.#holdOne(wanted, line)
        : await this.#holdBasket(wanted);
    } catch (cause) {
      // The hold's key is taken, and with it nothing of this statement was done.
      if (cause instanceof pg.DatabaseError && cause.code === UNIQUE_VIOLATION) return this.repeated(wanted);
      throw cause;
    }
  }

  async release(storeId: string, holdId: string): Promise<HoldRecord | null> {
    return (await this.#end(storeId, holdId, 'RELEASED')) ?? (await this.find(storeId, holdId));
  }

  async expireDue(nowMs: number): Promise<void> {
    const { rows } = await this.#pool.query<{ readonly store_id: string; readonly hold_id: string }>(
      "SELECT store_id, hold_id FROM holds WHERE status = 'HELD' AND expires_at_ms <= $1 LIMIT 1000",
      [nowMs],
    );
    for (const row of rows) await this.#end(row.store_id, row.hold_id, 'EXPIRED');
  }

  async #holdOne(wanted: WantedHold, { sku, quantity }: ShelfLine): Promise<HoldOutcome> {
    const { storeId, holdId, lines, linesText, expiresAtMs } = wanted;
    const { rows } = await this.#pool.query<{ readonly held: number }>({
      name: 'hold-one',
      text: HOLD_ONE,
      values: [holdId, storeId, sku, quantity, linesText, expiresAtMs, eventOf(wanted)],
    });
    if (rows[0]?.held === 1) return { kind: 'held', hold: { status: 'HELD', lines, expiresAtMs } };
    if ((await this.find(storeId, holdId)) !== null) return this.repeated(wanted);
    const [available = 0] = await this.available(storeId, [sku]);
    return { kind: 'short', shortages: [{ sku, requested: quantity, available }] };
  }

  async #holdBasket(wanted: WantedHold): Promise<HoldOutcome> {
    const { storeId, holdId, lines, linesText, expiresAtMs } = wanted;
    const skus = lines.map(({ sku }) => sku);
    const quantities = lines.map(({ quantity }) => quantity);
    const { rows } = await this.#pool.query<BasketAnswer>({
      name: 'hold-basket',
      text: HOLD_BASKET,
      values: [holdId, storeId, skus, quantities, linesText, expiresAtMs, eventOf(wanted)],
    });
    const [answer] = rows;
    if (answer === undefined || answer.known) return this.repeated(wanted);
    if (answer.short !== null) return { kind: 'short', shortages: answer.short };
    return { kind: 'held', hold: { status: 'HELD', lines, expiresAtMs } };
  }

  async #end(storeId: string, holdId: string, status: 'RELEASED' | 'EXPIRED'): Promise<HoldRecord | null> {
    const { rows } = await this.#pool.query<HoldRow>({ name: 'end', text: END, values: [holdId, storeId, status] });
    return rows[0] === undefined ? null : toRecord(rows[0]);
  }
}

function eventOf({ holdId, linesText }: WantedHold): string {
  return `{"type":"held","holdId":"${holdId}","lines":${linesText}}`;
}
