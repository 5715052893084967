import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  UNKNOWN_TOPIC_OR_PARTITION,
  type ConsumerProblem,
  type LogBatch,
  type LogConsumer,
  type LogPort,
  type NewRecord,
  type PartitionOffset,
} from '../../streams/kit/log-port.ts';

/** How long a record may take from `produce` to a consumer before the test gives up; nothing is measured. */
const PATIENCE_MS = 45_000;

/** Two topics that only this suite writes: one kept for ever, one that forgets. */
export const CONTRACT_TOPICS = [
  { name: 'contract-kept', partitions: 3, retentionDays: null },
  { name: 'contract-other', partitions: 2, retentionDays: 7 },
] as const;
const [KEPT, OTHER] = CONTRACT_TOPICS;

/** What every adapter of the log port must do. `open` makes another adapter of the same log. */
export function testLogContract(open: () => Promise<LogPort>): void {
  let log: LogPort;
  let groups = 0;
  beforeAll(async () => {
    log = await open();
  });
  afterAll(() => log.close());

  /** A consumer of its own group that keeps what it was given, per partition. */
  function follow(options: FollowOptions = {}) {
    groups += 1;
    return startFollower(options.log ?? log, `contract-${groups}`, options);
  }

  test('keeps records of a partition in order, bytes and all, with contiguous offsets [E3]', async () => {
    const sent = [
      bytes('a', new Uint8Array([0, 255, 10, 13, 0])),
      bytes('', new Uint8Array(0)),
      { ...bytes('c', new Uint8Array()), key: null },
      ...Array.from({ length: 40 }, (_, index) => text(KEPT.name, 1, `${index}`)),
    ];
    const [ack] = await produced(log, sent);
    expect(ack).toMatchObject({ topic: KEPT.name, partition: 1, errorCode: 0 });
    const follower = follow();
    await expect.poll(() => follower.records(KEPT.name, 1).length, LONG).toBeGreaterThanOrEqual(sent.length);
    const received = follower.records(KEPT.name, 1);
    expect(received.map(({ offset }) => offset)).toEqual(received.map((_, index) => index));
    const own = received.slice(ack?.baseOffset, (ack?.baseOffset ?? 0) + sent.length);
    expect(own.map(({ key, value }) => [hex(key), hex(value)])).toEqual(
      sent.map(({ key, value }) => [hex(key), hex(value)]),
    );
    await follower.close();
  });

  test('acknowledges each topic and partition of one append by itself [E3]', async () => {
    const before = await heads(log);
    const acks = await produced(log, [
      text(KEPT.name, 0, 'a'),
      text(OTHER.name, 1, 'b'),
      text(KEPT.name, 2, 'c'),
      text(KEPT.name, 0, 'd'),
    ]);
    expect(acks).toHaveLength(3);
    for (const [topic, partition, records] of [
      [KEPT.name, 0, 2],
      [OTHER.name, 1, 1],
      [KEPT.name, 2, 1],
    ] as const) {
      const base = before.get(`${topic}/${partition}`);
      expect(acks).toContainEqual({ topic, partition, baseOffset: base, errorCode: 0 });
      expect((await heads(log)).get(`${topic}/${partition}`)).toBe((base ?? 0) + records);
    }
  });

  test('refuses an unknown topic and an unknown partition, and takes the rest [E3]', async () => {
    const acks = await produced(log, [
      text('contract-nowhere', 0, 'x'),
      text(KEPT.name, KEPT.partitions, 'x'),
      text(KEPT.name, -1, 'x'),
      text(OTHER.name, 0, 'x'),
    ]);
    const refused = { baseOffset: -1, errorCode: UNKNOWN_TOPIC_OR_PARTITION };
    expect(acks).toContainEqual({ topic: 'contract-nowhere', partition: 0, ...refused });
    expect(acks).toContainEqual({ topic: KEPT.name, partition: KEPT.partitions, ...refused });
    expect(acks).toContainEqual({ topic: KEPT.name, partition: -1, ...refused });
    expect(acks.filter(({ errorCode }) => errorCode === 0)).toMatchObject([{ topic: OTHER.name, partition: 0 }]);
    expect(await produced(log, [text('contract-nowhere', 0, 'x')])).toHaveLength(1);
  });

  test('several appenders at once lose nothing and share no offset [E3]', async () => {
    const second = await open();
    const before = (await heads(log)).get(`${KEPT.name}/2`) ?? 0;
    const appends = Array.from({ length: 40 }, (_, index) =>
      produced(index % 2 === 0 ? log : second, [
        text(KEPT.name, 2, `${index}-first`),
        text(KEPT.name, 0, `${index}-elsewhere`),
        text(KEPT.name, 2, `${index}-second`),
      ]),
    );
    const bases = (await Promise.all(appends)).map((acks) => acks.find(({ partition }) => partition === 2)?.baseOffset);
    const follower = follow();
    await expect.poll(() => follower.records(KEPT.name, 2).length, LONG).toBeGreaterThanOrEqual(before + 80);
    const values = follower.records(KEPT.name, 2).map(({ value }) => Buffer.from(value ?? []).toString());
    for (const [index, base = -1] of bases.entries()) {
      expect([values[base], values[base + 1]]).toEqual([`${index}-first`, `${index}-second`]);
    }
    await follower.close();
    await second.close();
  });

  test('starts where the caller says, and what is appended later arrives by itself [E3]', async () => {
    const [ack] = await produced(log, [text(KEPT.name, 1, 'old'), text(KEPT.name, 1, 'wanted')]);
    const nextOffset = (ack?.baseOffset ?? 0) + 1;
    const follower = follow({ startAt: [{ topic: KEPT.name, partition: 1, nextOffset }] });
    await expect.poll(() => follower.records(KEPT.name, 1).at(0)?.offset, LONG).toBe(nextOffset);
    await produced(log, [text(KEPT.name, 1, 'new')]);
    await expect
      .poll(() => follower.records(KEPT.name, 1).map(({ offset }) => offset), LONG)
      .toEqual([nextOffset, nextOffset + 1]);
    await follower.close();
  });

  test('asks again where to start when the caller cannot say yet [E3]', async () => {
    let asked = 0;
    const nextOffset = (await heads(log)).get(`${KEPT.name}/1`) ?? 0;
    const follower = follow({
      startAt: () => {
        asked += 1;
        if (asked < 3) throw new Error('the database is away');
        return [{ topic: KEPT.name, partition: 1, nextOffset }];
      },
    });
    await produced(log, [text(KEPT.name, 1, 'first of mine')]);
    await expect.poll(() => follower.records(KEPT.name, 1).map(({ offset }) => offset), LONG).toEqual([nextOffset]);
    expect(asked).toBeGreaterThanOrEqual(3);
    await follower.close();
  });

  test('brings again what was not worked off, and goes on from where the caller says [E3]', async () => {
    const [ack] = await produced(
      log,
      ['a', 'b', 'c', 'd'].map((each) => text(OTHER.name, 0, each)),
    );
    const base = ack?.baseOffset ?? 0;
    let tries = 0;
    const follower = follow({
      topics: [OTHER],
      startAt: [{ topic: OTHER.name, partition: 0, nextOffset: base }],
      next: (batch) => {
        tries += 1;
        // First nothing of it, then only its first record, then everything.
        if (tries === 1) return batch.records[0]?.offset ?? 0;
        return tries === 2 ? base + 1 : (batch.records.at(-1)?.offset ?? 0) + 1;
      },
      only: { topic: OTHER.name, partition: 0 },
    });
    await expect.poll(() => follower.firsts(OTHER.name, 0), LONG).toEqual([base, base, base + 1]);
    await follower.close();
  });

  test('delivers nothing of a paused partition, and the others go on [E3]', async () => {
    const acks = await produced(log, [text(KEPT.name, 0, 'first'), text(KEPT.name, 1, 'first')]);
    const follower = follow({
      startAt: acks.map(({ topic, partition, baseOffset }) => ({ topic, partition, nextOffset: baseOffset })),
    });
    await expect.poll(() => follower.records(KEPT.name, 0).length, LONG).toBe(1);
    follower.consumer.pause(KEPT.name, 0);
    await produced(log, [text(KEPT.name, 0, 'held back'), text(KEPT.name, 1, 'second')]);
    await expect.poll(() => follower.records(KEPT.name, 1).length, LONG).toBe(2);
    expect(follower.records(KEPT.name, 0)).toHaveLength(1);
    follower.consumer.resume(KEPT.name, 0);
    await expect.poll(() => follower.records(KEPT.name, 0).length, LONG).toBe(2);
    await follower.close();
  });

  test('works off one batch of a partition at a time, and closes only when none is under way [E3]', async () => {
    const base = (await heads(log)).get(`${KEPT.name}/2`) ?? 0;
    let running = 0;
    let most = 0;
    let finished = 0;
    const follower = follow({
      startAt: [{ topic: KEPT.name, partition: 2, nextOffset: base }],
      next: async (batch) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
        running -= 1;
        finished += 1;
        return (batch.records.at(-1)?.offset ?? 0) + 1;
      },
      only: { topic: KEPT.name, partition: 2 },
    });
    for (let index = 0; index < 5; index += 1) await produced(log, [text(KEPT.name, 2, `${index}`)]);
    await expect.poll(() => finished, LONG).toBeGreaterThan(0);
    await follower.close();
    expect(most).toBe(1);
    expect(running).toBe(0);
  });

  test('says that an offset is not in the log, and skips nothing [E3]', async () => {
    const beyond = ((await heads(log)).get(`${KEPT.name}/0`) ?? 0) + 1_000;
    const [there] = await produced(log, [text(KEPT.name, 1, 'elsewhere')]);
    const follower = follow({
      startAt: [
        { topic: KEPT.name, partition: 0, nextOffset: beyond },
        { topic: KEPT.name, partition: 1, nextOffset: there?.baseOffset ?? 0 },
      ],
    });
    await expect
      .poll(() => follower.problems, LONG)
      .toEqual([{ code: 'OFFSET_OUT_OF_RANGE', topic: KEPT.name, partition: 0, wantedOffset: beyond }]);
    await produced(log, [text(KEPT.name, 0, 'not for you')]);
    await expect.poll(() => follower.records(KEPT.name, 1).length, LONG).toBe(1);
    expect(follower.records(KEPT.name, 0)).toEqual([]);
    await follower.close();
  });

  test('a bug in the consumer ends it and is told', async () => {
    const [ack] = await produced(log, [text(OTHER.name, 1, 'poison')]);
    const follower = follow({
      topics: [OTHER],
      startAt: [{ topic: OTHER.name, partition: 1, nextOffset: ack?.baseOffset ?? 0 }],
      next: () => {
        throw new Error('a bug');
      },
      only: { topic: OTHER.name, partition: 1 },
    });
    await expect.poll(() => follower.problems, LONG).toMatchObject([{ code: 'CRASHED' }]);
    await follower.close();
  });

  test('has a name that every adapter of the same log agrees on', async () => {
    const second = await open();
    expect(await second.identity()).toEqual(await log.identity());
    expect(await log.identity()).toMatchObject({ ok: true, value: expect.stringMatching(/^\w/) });
    await second.close();
  });
}

const LONG = { timeout: PATIENCE_MS, interval: 10 };

interface FollowOptions {
  readonly log?: LogPort;
  readonly topics?: readonly (typeof CONTRACT_TOPICS)[number][];
  readonly startAt?: readonly PartitionOffset[] | (() => readonly PartitionOffset[]);
  /** Where to go on after a batch; after its last record if absent. */
  readonly next?: (batch: LogBatch) => number | Promise<number>;
  /** The one partition that `next` is asked about. */
  readonly only?: { readonly topic: string; readonly partition: number };
}

function startFollower(log: LogPort, group: string, options: FollowOptions) {
  const batches: LogBatch[] = [];
  const problems: ConsumerProblem[] = [];
  const { topics = [KEPT], startAt = [], only } = options;
  const consumer: LogConsumer = log.subscribe({
    group: `${group}-${process.pid}-${Date.now()}`,
    topics,
    startAt: async () => (typeof startAt === 'function' ? startAt() : startAt),
    eachBatch: async (batch) => {
      batches.push(batch);
      const asked = only === undefined || (only.topic === batch.topic && only.partition === batch.partition);
      if (options.next !== undefined && asked) return options.next(batch);
      return (batch.records.at(-1)?.offset ?? 0) + 1;
    },
    onProblem: (problem) => problems.push(problem),
  });
  function of(topic: string, partition: number): LogBatch[] {
    return batches.filter((batch) => batch.topic === topic && batch.partition === partition);
  }
  return {
    consumer,
    problems,
    records: (topic: string, partition: number) => of(topic, partition).flatMap(({ records }) => records),
    firsts: (topic: string, partition: number) => of(topic, partition).map(({ records }) => records[0]?.offset),
    close: () => consumer.close(),
  };
}

async function produced(log: LogPort, records: readonly NewRecord[]) {
  const result = await log.produce(records);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

async function heads(log: LogPort): Promise<ReadonlyMap<string, number>> {
  const result = await log.highWatermarks(CONTRACT_TOPICS);
  if (!result.ok) throw new Error(result.error.detail);
  return new Map(result.value.map(({ topic, partition, nextOffset }) => [`${topic}/${partition}`, nextOffset]));
}

function text(topic: string, partition: number, value: string): NewRecord {
  return { topic, partition, key: Buffer.from('key'), value: Buffer.from(value) };
}

function bytes(key: string, value: Uint8Array): NewRecord {
  return { topic: KEPT.name, partition: 1, key: Buffer.from(key), value };
}

function hex(value: Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString('hex');
}
