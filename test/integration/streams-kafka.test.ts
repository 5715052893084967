import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, test } from 'vitest';
import { partitionOf } from '../../contracts/events/partition.ts';
import { TOPICS } from '../../contracts/events/topics.ts';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { KafkajsLog } from '../../streams/kit/kafkajs-log.ts';
import type { ConsumerProblem, TopicShape } from '../../streams/kit/log-port.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { CONTRACT_TOPICS, testLogContract } from '../support/log-contract.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { append, deadLetters, lag, readModels, runProjections } from '../support/projections.ts';
import { orderLife, paymentLife, stockLife, toRecord } from '../support/stream-events.ts';
import { caughtUp, publish, publishUntilTaken, startStreams, streamsStatus } from '../support/streams-process.ts';

const LONG = { timeout: 90_000, interval: 50 };

const kafka = await kafkaOrSkip();
const brokers = [kafka?.address ?? ''];
afterAll(() => kafka?.remove());

/** A client of its own, to do what the log port must not. */
function stranger() {
  return new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
}

async function withDatabase<T>(work: (db: NodeDb, url: string) => Promise<T>): Promise<T> {
  const database = await createTestDatabase();
  const db = createNodeDb({ connectionString: database.url, max: 20 });
  try {
    return await work(db, database.url);
  } finally {
    await db.close();
    await database.drop();
  }
}

test('a key goes to the partition that Kafka clients choose for it [E3]', () => {
  const choose = kafkajs.Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 50 }), (key, partitions) => {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionId,
        leader: 1,
        partitionErrorCode: 0,
        replicas: [],
        isr: [],
      }));
      const chosen = choose({ topic: 'any', partitionMetadata, message: { key, value: null } });
      expect(partitionOf(key, partitions)).toBe(chosen);
    }),
    { numRuns: 1_000 },
  );
});

describe.skipIf(kafka === undefined)('the log on Apache Kafka', () => {
  testLogContract(() => Promise.resolve(new KafkajsLog({ brokers, topics: CONTRACT_TOPICS })));

  test('makes its topics with their partitions and retention, and lets nobody change the partitions [E3]', async () => {
    const topics = [
      { name: 'made.forever.v1', partitions: 5, retentionDays: null },
      { name: 'made.month.v1', partitions: 2, retentionDays: 30 },
    ];
    const log = new KafkajsLog({ brokers, topics });
    expect(await log.identity()).toMatchObject({ ok: true, value: expect.stringMatching(/^kafka:.+/) });
    await log.close();
    const admin = stranger().admin();
    await admin.connect();
    const made = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
    expect(new Map(made.topics.map(({ name, partitions }) => [name, partitions.length]))).toEqual(
      new Map([
        ['made.forever.v1', 5],
        ['made.month.v1', 2],
      ]),
    );
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map(({ name }) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms'],
      })),
    });
    expect(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries[0]?.configValue])).toEqual([
      ['made.forever.v1', '-1'],
      ['made.month.v1', String(30 * 24 * 60 * 60 * 1_000)],
    ]);
    await admin.createPartitions({ topicPartitions: [{ topic: 'made.month.v1', count: 3 }] });
    await admin.disconnect();
    const second = new KafkajsLog({ brokers, topics });
    expect(await second.identity()).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining('3 partitions and must have 2') },
    });
    await second.close();
  });

  test('one partition that the broker refuses does not take the others with it', async () => {
    const topics = [
      { name: 'small.messages.v1', partitions: 2, retentionDays: null },
      { name: 'large.messages.v1', partitions: 1, retentionDays: null },
    ];
    const log = new KafkajsLog({ brokers, topics });
    await log.identity();
    const admin = stranger().admin();
    await admin.connect();
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: 'small.messages.v1',
          configEntries: [{ name: 'max.message.bytes', value: '1000' }],
        },
      ],
    });
    await admin.disconnect();
    const value = Buffer.alloc(5_000);
    const result = await log.produce([
      { topic: 'small.messages.v1', partition: 0, key: null, value },
      { topic: 'small.messages.v1', partition: 1, key: null, value: Buffer.from('fits') },
      { topic: 'large.messages.v1', partition: 0, key: null, value },
    ]);
    const acks = result.ok
      ? result.value.toSorted((a, b) => a.partition - b.partition || a.topic.localeCompare(b.topic))
      : [];
    // What the broker took at the first try it may have twice now.
    expect(acks).toEqual([
      { topic: 'large.messages.v1', partition: 0, baseOffset: expect.any(Number), errorCode: 0 },
      { topic: 'small.messages.v1', partition: 0, baseOffset: -1, errorCode: 10 },
      { topic: 'small.messages.v1', partition: 1, baseOffset: expect.any(Number), errorCode: 0 },
    ]);
    await log.close();
  });

  test('does not follow the offsets that the broker remembers [E3]', async () => {
    const topic: TopicShape = { name: 'advisory.v1', partitions: 1, retentionDays: null };
    const log = new KafkajsLog({ brokers, topics: [topic] });
    await append(
      log,
      ['a', 'b', 'c'].map((value) => ({ topic: topic.name, partition: 0, key: null, value: Buffer.from(value) })),
    );
    const admin = stranger().admin();
    await admin.connect();
    await admin.setOffsets({ groupId: 'advised', topic: topic.name, partitions: [{ partition: 0, offset: '3' }] });
    await admin.disconnect();
    const offsets: number[] = [];
    log.subscribe({
      group: 'advised',
      topics: [topic],
      startAt: () => Promise.resolve([{ topic: topic.name, partition: 0, nextOffset: 1 }]),
      eachBatch: ({ records }) => {
        offsets.push(...records.map(({ offset }) => offset));
        return Promise.resolve((records.at(-1)?.offset ?? 0) + 1);
      },
      onProblem: () => {},
    });
    await expect.poll(() => offsets, LONG).toEqual([1, 2]);
    await log.close();
  });

  test('a topic that was made anew under its readers is noticed, not read from its start', async () => {
    const topic: TopicShape = { name: 'remade.v1', partitions: 1, retentionDays: null };
    const log = new KafkajsLog({ brokers, topics: [topic] });
    const record = { topic: topic.name, partition: 0, key: null, value: Buffer.from('x') };
    await append(log, [record, record, record]);
    await log.close();
    const admin = stranger().admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic.name] });
    await expect.poll(() => admin.listTopics(), LONG).not.toContain(topic.name);
    await admin.disconnect();
    const anew = new KafkajsLog({ brokers, topics: [topic] });
    await append(anew, [record]);
    const problems: ConsumerProblem[] = [];
    let read = 0;
    anew.subscribe({
      group: 'remade',
      topics: [topic],
      startAt: () => Promise.resolve([{ topic: topic.name, partition: 0, nextOffset: 3 }]),
      eachBatch: ({ records }) => {
        read += records.length;
        return Promise.resolve((records.at(-1)?.offset ?? 0) + 1);
      },
      onProblem: (problem) => problems.push(problem),
    });
    await expect.poll(() => problems, LONG).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE', wantedOffset: 3 }]);
    expect(read).toBe(0);
    await anew.close();
  });

  test('two members share the partitions; when one leaves, the other goes on, and nothing counts twice [E3 E4]', async () => {
    await withDatabase(async (db) => {
      const [first, second] = [
        new KafkajsLog({ brokers, topics: TOPICS }),
        new KafkajsLog({ brokers, topics: TOPICS }),
      ];
      const standing = (await readModels(db.pool)).orders.length;
      const groups = runProjections(first, db.pool);
      runProjections(second, db.pool);
      for (let number = 1; number <= 10; number += 1) await append(first, orderLife(number).map(toRecord));
      await expect.poll(() => lag(db.pool, first), LONG).toBe(0);
      await Promise.all(groups.map((group) => group.stop()));
      for (let number = 11; number <= 20; number += 1) await append(first, orderLife(number).map(toRecord));
      await expect.poll(() => lag(db.pool, first), LONG).toBe(0);
      await Promise.all([first.close(), second.close()]);
      const { orders, order_status_history } = await readModels(db.pool);
      expect([standing, orders.length, order_status_history.length]).toEqual([0, 20, 200]);
      expect(await deadLetters(db.pool)).toEqual([]);
    });
  });

  test('the process lives through a kill of the broker, and a rebuild afterwards is the same [E4 I7 O12]', async () => {
    await withDatabase(async (db, url) => {
      const streams = startStreams({ DATABASE_URL: url, LOG: 'kafka', KAFKA_BROKERS: brokers.join(',') });
      const { gateway } = await streams.ready();
      const lives = Array.from({ length: 10 }, (_, index) => [
        orderLife(100 + index),
        paymentLife(100 + index),
        stockLife(100 + index, 'MILK'),
      ]);
      for (const [order] of lives) await publishUntilTaken(() => gateway, (order ?? []).slice(0, 4));
      await expect.poll(() => caughtUp(gateway), LONG).toBe(true);
      await kafka?.stop('SIGKILL');
      expect(await publish(gateway, (lives[0]?.[0] ?? []).slice(4))).toBe(false);
      expect(await streamsStatus(gateway)).toMatchObject({
        ok: false,
        log: { ready: false },
        postgres: { ready: true },
      });
      const sending = lives.flat().map((life) => publishUntilTaken(() => gateway, life));
      await kafka?.start();
      await Promise.all(sending);
      await expect.poll(() => caughtUp(gateway), LONG).toBe(true);
      expect(await streams.end('SIGTERM')).toBe(0);
      const live = await readModels(db.pool);
      expect([live.payments.length, live.stock_movements.length]).toEqual([10, 50]);
      expect(await deadLetters(db.pool)).toEqual([]);
      await withDatabase(async (second) => {
        const log = new KafkajsLog({ brokers, topics: TOPICS });
        const rebuild = runProjections(log, second.pool);
        await expect.poll(() => lag(second.pool, log), LONG).toBe(0);
        await Promise.all(rebuild.map((group) => group.stop()));
        await log.close();
        const rebuilt = await readModels(second.pool);
        // This log also has the orders of the test before, which the live one read as well.
        expect(rebuilt).toEqual(live);
      });
    });
  });
});
