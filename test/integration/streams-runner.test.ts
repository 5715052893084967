import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ORDER_EVENTS } from '../../contracts/events/orders.ts';
import { TOPICS } from '../../contracts/events/topics.ts';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { ok } from '../../domain/shared/result.ts';
import { commitBatch } from '../../streams/kit/commit-batch.ts';
import { EmbeddedLog } from '../../streams/kit/embedded-log.ts';
import type { RunningGroup } from '../../streams/kit/runner.ts';
import { inTransaction } from '../../streams/kit/sql.ts';
import type { Topology } from '../../streams/kit/topology.ts';
import { orderProjection } from '../../streams/topologies/order-projection.ts';
import { stockProjection } from '../../streams/topologies/stock-projection.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { append, deadLetters, lag, readModels, runProjections } from '../support/projections.ts';
import {
  idOf,
  orderLife,
  paymentLife,
  rawRecord,
  stockLife,
  stockMoved,
  toRecord,
  type TestEvent,
} from '../support/stream-events.ts';

const LONG = { timeout: 60_000, interval: 20 };

let database: TestDatabase;
let db: NodeDb;
let log: EmbeddedLog;
let running: readonly RunningGroup[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  db = createNodeDb({ connectionString: database.url, max: 20 });
  log = new EmbeddedLog(db.pool, TOPICS);
});
afterEach(async () => {
  await Promise.all(running.map((group) => group.stop()));
  running = [];
  await log.close();
  await db.close();
  await database.drop();
});

const KEY = { group: 'order-projection', log: 'embedded', topic: orderProjection.topics[0]?.name ?? '', partition: 0 };
const STOCK_KEY = { ...KEY, group: 'stock-projection', topic: stockProjection.topics[0]?.name ?? '' };

/** Events as one partition would hold them, from an offset on. */
function batch(events: readonly TestEvent[], from = 0) {
  return events.map((event, index) => ({ ...toRecord(event), offset: from + index }));
}

function commitOrders(events: readonly TestEvent[], from = 0) {
  const [topic] = orderProjection.topics;
  if (topic === undefined) throw new Error('no topic');
  return commitBatch(orderProjection, topic, { pool: db.pool, key: KEY, records: batch(events, from) });
}

function commitStock(events: readonly TestEvent[], from = 0) {
  const [topic] = stockProjection.topics;
  if (topic === undefined) throw new Error('no topic');
  return commitBatch(stockProjection, topic, { pool: db.pool, key: STOCK_KEY, records: batch(events, from) });
}

describe('a batch is one transaction', () => {
  test('a batch that is delivered again, whole or in part, changes nothing [E4]', async () => {
    const events = [...orderLife(1), ...orderLife(2)];
    expect(await commitOrders(events)).toEqual({ nextOffset: 20, deadLetters: [] });
    const before = await readModels(db.pool);
    expect(before.orders).toHaveLength(2);
    expect(await commitOrders(events)).toEqual({ nextOffset: 20, deadLetters: [] });
    expect(await commitOrders(events.slice(5, 8), 5)).toEqual({ nextOffset: 20, deadLetters: [] });
    expect(await readModels(db.pool)).toEqual(before);
  });

  test('events that a producer sent twice count once [E3 E4]', async () => {
    const life = orderLife(1);
    const twice = [...life.slice(0, 6), ...life.slice(2, 6), ...life.slice(4)];
    await commitOrders(twice);
    const after = await readModels(db.pool);
    expect(await commitOrders(life, twice.length)).toEqual({ nextOffset: twice.length + life.length, deadLetters: [] });
    expect(await readModels(db.pool)).toEqual(after);
    expect(after.order_status_history).toHaveLength(10);
    expect(after.order_lines).toHaveLength(2);
  });

  test('a gap parks its subject in the same transaction, and nobody else waits [E3]', async () => {
    const [one, , three, ...rest] = orderLife(1);
    const events = [one, three, ...rest.slice(0, 1), ...orderLife(2)].filter((event) => event !== undefined);
    const { deadLetters: parked, nextOffset } = await commitOrders(events);
    expect(nextOffset).toBe(events.length);
    expect(parked.map(({ code }) => code)).toEqual(['SEQUENCE_GAP', 'SUBJECT_PARKED']);
    const stored = await deadLetters(db.pool);
    expect(stored).toMatchObject([
      { subject: idOf('ord', 1), sequence: '3', code: 'SEQUENCE_GAP' },
      { subject: idOf('ord', 1), sequence: '4', code: 'SUBJECT_PARKED' },
    ]);
    // Byte for byte, so that it can be replayed.
    expect(stored[0]?.value).toEqual(three === undefined ? null : toRecord(three).value);
    // It stays parked in later batches; the order behind it is whole.
    const later = await commitOrders(rest.slice(1, 2), nextOffset);
    expect(later.deadLetters).toMatchObject([{ code: 'SUBJECT_PARKED' }]);
    const { rows } = await db.pool.query('SELECT id, version::int, status FROM orders ORDER BY id');
    expect(rows).toEqual([
      { id: idOf('ord', 1), version: 1, status: 'PENDING' },
      { id: idOf('ord', 2), version: 10, status: 'CLOSED' },
    ]);
  });

  test.each([0, 1, 2])(
    'an event that its table refuses, at place %i of the batch, is parked and the others are written [E3]',
    async (place) => {
      const sold = { type: 'stock.sold', quantity: -5, after: { received: 5, sold: 5 } };
      const lives = [stockLife(1, 'MILK'), stockLife(1, 'BREAD')].toSpliced(place, 0, [
        stockMoved(1, 'BROKEN', 1, sold),
      ]);
      const after = stockMoved(1, 'BROKEN', 2, {
        type: 'stock.received',
        quantity: 5,
        after: { received: 10, available: 10 },
      });
      const { deadLetters: parked, nextOffset } = await commitStock([...lives.flat(), after]);
      expect(parked.map(({ code, sequence }) => [code, sequence])).toEqual([
        ['ROW_REFUSED', 1],
        ['SUBJECT_PARKED', 2],
      ]);
      expect(nextOffset).toBe(12);
      const { rows } = await db.pool.query('SELECT sku, available, sold, version::int FROM stock_levels ORDER BY sku');
      expect(rows).toEqual([
        { sku: 'BREAD', available: 7, sold: 3, version: 5 },
        { sku: 'MILK', available: 7, sold: 3, version: 5 },
      ]);
    },
  );

  test('a movement that breaks the ledger is parked, wherever the batch is cut [E3 I7]', async () => {
    const broken = stockMoved(1, 'MILK', 1, {
      type: 'stock.received',
      quantity: 5,
      after: { received: 5, available: 4 },
    });
    const mended = stockMoved(1, 'MILK', 2, {
      type: 'stock.received',
      quantity: 5,
      after: { received: 10, available: 10 },
    });
    const { deadLetters: parked } = await commitStock([broken, mended]);
    expect(parked.map(({ code }) => code)).toEqual(['NOT_CONSERVED', 'SUBJECT_PARKED']);
    expect((await readModels(db.pool)).stock_movements).toEqual([]);
  });

  test('text that PostgreSQL cannot hold is parked, wherever it is [E3]', async () => {
    const [placed, ...steps] = orderLife(1);
    if (placed === undefined) throw new Error('no order');
    const events = [
      { ...placed, subject: `${placed.subject}\0` },
      placed,
      { ...steps[0], data: { ...steps[0]?.data, reason: 'half \uD83D and \0' } } as TestEvent,
      ...orderLife(2),
    ];
    const { deadLetters: parked, nextOffset } = await commitOrders(events);
    expect(parked.map(({ code }) => code)).toEqual(['BAD_ENVELOPE', 'ROW_REFUSED']);
    expect(nextOffset).toBe(13);
    expect((await readModels(db.pool)).orders).toHaveLength(2);
  });

  test('what is not the fault of a record is no dead letter: a missing table fails the batch, whole', async () => {
    await db.pool.query('ALTER TABLE order_lines RENAME TO order_lines_away');
    await expect(commitOrders(orderLife(1))).rejects.toThrow('order_lines');
    expect(await deadLetters(db.pool)).toEqual([]);
    expect((await db.pool.query('SELECT FROM orders')).rowCount).toBe(0);
    await db.pool.query('ALTER TABLE order_lines_away RENAME TO order_lines');
    expect(await commitOrders(orderLife(1))).toEqual({ nextOffset: 10, deadLetters: [] });
  });

  test('a consumer that lost its partition and wakes up writes nothing [E3]', async () => {
    const life = orderLife(1);
    await commitOrders(life.slice(0, 4));
    const [late, zombie] = await Promise.all([commitOrders(life.slice(4), 4), commitOrders(life.slice(2, 6), 2)]);
    expect([late.deadLetters, zombie.deadLetters]).toEqual([[], []]);
    // Whoever came second found its records older, or went on where the first one stopped.
    expect(Math.max(late.nextOffset, zombie.nextOffset)).toBe(10);
    expect((await readModels(db.pool)).order_status_history).toHaveLength(10);
  });

  test('even an effect that is not idempotent happens once when two members have the same batch in hand [E3]', async () => {
    await db.pool.query('CREATE TABLE effects (sequence bigint)');
    // Both are in their transactions at the same time, whoever is first.
    await db.pool.query(`CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$`);
    await db.pool.query('CREATE TRIGGER linger BEFORE INSERT ON effects EXECUTE FUNCTION linger()');
    const counted: Topology<typeof ORDER_EVENTS, number, number> = {
      group: 'counted',
      topics: [ORDER_EVENTS],
      step: (_, { sequence }) => ok({ state: sequence, outputs: [sequence] }),
      write: (_, sequences) => [
        { name: 'effects', text: 'INSERT INTO effects SELECT unnest($1::bigint[])', values: [sequences] },
      ],
    };
    const work = { pool: db.pool, key: { ...KEY, group: counted.group }, records: batch(orderLife(1)) };
    await commitBatch(counted, ORDER_EVENTS, { ...work, records: work.records.slice(0, 1) });
    await Promise.all([1, 2, 3].map(() => commitBatch(counted, ORDER_EVENTS, work)));
    expect((await db.pool.query('SELECT FROM effects')).rowCount).toBe(10);
  });

  test('a connection that dies between two statements fails its transaction, not the process', async () => {
    const backend = { name: 'backend', text: 'SELECT pg_backend_pid() AS pid', values: [] };
    const cut = inTransaction(db.pool, async (transaction) => {
      const [found] = await transaction.rows<{ pid: number }>(backend);
      await db.pool.query('SELECT pg_terminate_backend($1, 5000)', [found?.pid]);
      await expect.poll(async () => transaction.rows(backend).catch(() => 'dead'), LONG).toBe('dead');
      return transaction.rows(backend);
    });
    await expect(cut).rejects.toThrow(/connection|terminat/i);
  });

  test('a connection that dies while nobody listens to it harms nobody', async () => {
    // A pool stops listening when it hands a client out, a moment before whoever asked for it has it.
    const client = await db.pool.connect();
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
    });
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    client.release(true);
    expect(await commitOrders(orderLife(1))).toEqual({ nextOffset: 10, deadLetters: [] });
  });

  test('a consumer that stands still with the row locked loses the lock', async () => {
    await commitOrders(orderLife(1).slice(0, 1));
    const still = createNodeDb({ connectionString: database.url, patienceMs: 300 });
    const client = await still.pool.connect();
    client.on('error', () => {});
    await client.query('BEGIN');
    await client.query('SELECT FROM consumer_offsets FOR UPDATE');
    expect(await commitOrders(orderLife(1).slice(1), 1)).toEqual({ nextOffset: 10, deadLetters: [] });
    client.release(true);
    await still.close();
  });
});

describe('a runner', () => {
  /** Lets the first `times` batches of the group fail just before their commit, in the way of `statement`. */
  async function failBeforeCommit(times: number, statement: string): Promise<void> {
    await db.pool.query(`CREATE SEQUENCE failures`);
    await db.pool.query(`CREATE FUNCTION fail_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('failures') <= ${times} THEN ${statement}; END IF; RETURN NEW; END $$`);
    await db.pool.query(
      `CREATE TRIGGER fail_first BEFORE UPDATE ON consumer_offsets FOR EACH ROW EXECUTE FUNCTION fail_first()`,
    );
  }

  test.each([
    ['the connection is cut', 'PERFORM pg_terminate_backend(pg_backend_pid())'],
    ['two transactions collide', "RAISE EXCEPTION USING ERRCODE = '40001'"],
    ['the disk is full', "RAISE EXCEPTION USING ERRCODE = '53100'"],
  ])('writes everything once though, between write and commit, %s [E4]', async (_, statement) => {
    await failBeforeCommit(5, statement);
    running = runProjections(log, db.pool);
    await append(log, [1, 2, 3].flatMap((number) => [...orderLife(number), ...paymentLife(number)]).map(toRecord));
    await expect.poll(() => lag(db.pool, log), LONG).toBe(0);
    const after = await readModels(db.pool);
    expect(after.order_status_history).toHaveLength(30);
    expect(after.payments).toHaveLength(3);
    expect(await deadLetters(db.pool)).toEqual([]);
    const { rows } = await db.pool.query<{ tried: string }>('SELECT last_value AS tried FROM failures');
    expect(Number(rows[0]?.tried)).toBeGreaterThan(5);
  });

  test('a poison record in a partition does not hold up the others of its topic [E3]', async () => {
    running = runProjections(log, db.pool);
    const [topic] = orderProjection.topics;
    if (topic === undefined) throw new Error('no topic');
    const poison = Array.from({ length: 12 }, (_, partition) => ({ ...rawRecord(topic, 'x', 'no event'), partition }));
    await append(log, [...poison, ...orderLife(1).map(toRecord), ...poison, ...orderLife(2).map(toRecord)]);
    await expect.poll(() => lag(db.pool, log), LONG).toBe(0);
    expect(await deadLetters(db.pool)).toHaveLength(24);
    expect((await readModels(db.pool)).order_status_history).toHaveLength(20);
  });

  test('two of one group, who both read everything, write everything once [E3]', async () => {
    const second = new EmbeddedLog(db.pool, TOPICS);
    running = [...runProjections(log, db.pool), ...runProjections(second, db.pool)];
    for (let number = 1; number <= 20; number += 1) {
      await append(log, [...orderLife(number), ...stockLife(number, 'MILK')].map(toRecord));
    }
    await expect.poll(() => lag(db.pool, log), LONG).toBe(0);
    await Promise.all(running.map((group) => group.stop()));
    await second.close();
    const after = await readModels(db.pool);
    expect(after.order_status_history).toHaveLength(200);
    expect(after.stock_movements).toHaveLength(100);
    expect(await deadLetters(db.pool)).toEqual([]);
  });

  test('a rebuild from the first offset is the same, byte for byte [E4 I7 O12]', async () => {
    running = runProjections(log, db.pool);
    const lives = Array.from({ length: 12 }, (_, index) => [
      ...orderLife(index),
      ...paymentLife(index),
      ...stockLife(index % 3, `SKU-${index}`),
    ]);
    // Interleaved, in pieces, with stretches that come twice, while the projections run, stop and run again.
    for (let step = 0; step < 19; step += 3) {
      await append(log, lives.flatMap((life) => life.slice(Math.max(0, step - 2), step + 3)).map(toRecord));
      if (step % 2 === 0) continue;
      await Promise.all(running.map((group) => group.stop()));
      running = runProjections(log, db.pool);
    }
    await expect.poll(() => lag(db.pool, log), LONG).toBe(0);
    const elsewhere = await createTestDatabase();
    const second = createNodeDb({ connectionString: elsewhere.url, max: 20 });
    const rebuild = runProjections(log, second.pool);
    await expect.poll(() => lag(second.pool, log), LONG).toBe(0);
    await Promise.all(rebuild.map((group) => group.stop()));
    const [live, rebuilt] = [await readModels(db.pool), await readModels(second.pool)];
    await second.close();
    await elsewhere.drop();
    expect(live.orders).toHaveLength(12);
    expect(live.stock_movements).toHaveLength(60);
    expect(rebuilt).toEqual(live);
  });
});
