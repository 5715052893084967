import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { EmbeddedLog } from '../../streams/kit/embedded-log.ts';
import { CONTRACT_TOPICS, testLogContract } from '../support/log-contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
const opened: NodeDb[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((db) => db.close()));
  await database.drop();
});

/** Each with connections of its own, as another process would have. */
function openLog(): EmbeddedLog {
  const db = createNodeDb({ connectionString: database.url, max: 6 });
  opened.push(db);
  return new EmbeddedLog(db.pool, CONTRACT_TOPICS);
}

describe('the embedded log', () => {
  testLogContract(() => Promise.resolve(openLog()));
});

test('finds what another process appends', async () => {
  const [reader, writer] = [openLog(), openLog()];
  const values: string[] = [];
  const [{ name, partitions, retentionDays }] = CONTRACT_TOPICS;
  reader.subscribe({
    group: 'elsewhere',
    topics: [{ name, partitions, retentionDays }],
    startAt: () => Promise.resolve([]),
    eachBatch: ({ records }) => {
      values.push(...records.map(({ value }) => Buffer.from(value ?? []).toString()));
      return Promise.resolve((records.at(-1)?.offset ?? 0) + 1);
    },
    onProblem: () => {},
  });
  await writer.produce([{ topic: name, partition: 0, key: null, value: Buffer.from('from elsewhere') }]);
  await expect.poll(() => values, { timeout: 30_000 }).toContain('from elsewhere');
  await Promise.all([reader.close(), writer.close()]);
});

test('takes a batch of large records in bounded pieces', async () => {
  const log = openLog();
  const [{ name, partitions, retentionDays }] = CONTRACT_TOPICS;
  const value = Buffer.alloc(200 * 1024, 'x');
  await log.produce(Array.from({ length: 12 }, () => ({ topic: name, partition: 1, key: null, value })));
  const head = await log.highWatermarks([{ name, partitions, retentionDays }]);
  const end = head.ok ? (head.value[1]?.nextOffset ?? 0) : 0;
  const batches = await log.fetch([{ topic: name, partition: 1, nextOffset: end - 12 }]);
  // 1 MiB a fetch: five records and the one that crosses the line.
  expect(batches.map(({ records }) => records.length)).toEqual([6]);
  await log.close();
});

test('says that the log is away while the database is', async () => {
  const db = createNodeDb({ connectionString: 'postgresql://kirana:x@127.0.0.1:1/kirana' });
  const log = new EmbeddedLog(db.pool, CONTRACT_TOPICS);
  const record = { topic: CONTRACT_TOPICS[0].name, partition: 0, key: null, value: Buffer.from('x') };
  expect(await log.produce([record])).toMatchObject({ ok: false, error: { code: 'LOG_AWAY' } });
  expect(await log.highWatermarks(CONTRACT_TOPICS)).toMatchObject({ ok: false, error: { code: 'LOG_AWAY' } });
  await log.close();
  await db.close();
});
