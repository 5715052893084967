import { expect, test } from 'vitest';
import { CONTRACT_TOPICS } from '../../test/support/log-contract.ts';
import type { LogPort, NewRecord } from '../kit/log-port.ts';
import { MemoryLog } from '../kit/memory-log.ts';
import { AppendQueue } from './append-queue.ts';

const [TOPIC] = CONTRACT_TOPICS;

function text(value: string | Buffer, partition = 0): NewRecord {
  return { topic: TOPIC.name, partition, key: null, value: Buffer.from(value) };
}

/** A log that counts appends and keeps how large each was. */
function counted(fails = false) {
  const log = new MemoryLog(CONTRACT_TOPICS);
  const appends: number[] = [];
  const port: Pick<LogPort, 'produce'> = {
    produce: async (records) => {
      appends.push(records.length);
      return fails ? { ok: false, error: { code: 'LOG_AWAY', detail: 'gone' } } : log.produce(records);
    },
  };
  return { log, port, appends };
}

test('what comes in one turn goes in one append, each gets its own offsets and order is kept [E1]', async () => {
  const { log, port, appends } = counted();
  const queue = new AppendQueue(port);
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, index) => queue.append([text(`${index}`), text(`${index}b`, 1), text(`${index}c`)])),
  );
  expect(appends).toEqual([150]);
  for (const [index, result] of results.entries()) {
    expect(result).toEqual({
      ok: true,
      value: [
        { topic: TOPIC.name, partition: 0, baseOffset: index * 2, errorCode: 0 },
        { topic: TOPIC.name, partition: 1, baseOffset: index, errorCode: 0 },
      ],
    });
  }
  const [batch] = await log.fetch([{ topic: TOPIC.name, partition: 1, nextOffset: 0 }]);
  expect(batch?.records.map(({ value }) => Buffer.from(value ?? []).toString())).toEqual(
    Array.from({ length: 50 }, (_, index) => `${index}b`),
  );
});

test('what comes while an append is under way goes together in the next one', async () => {
  const { port, appends } = counted();
  const queue = new AppendQueue(port);
  const first = queue.append([text('a')]);
  await expect.poll(() => appends.length).toBe(1);
  const more = [queue.append([text('b')]), queue.append([text('c')])];
  await Promise.all([first, ...more]);
  expect(appends).toEqual([1, 2]);
});

test('an append stays within what a broker takes in one batch', async () => {
  const { port, appends } = counted();
  const queue = new AppendQueue(port);
  await Promise.all(Array.from({ length: 10 }, () => queue.append([text(Buffer.alloc(200_000))])));
  expect(appends).toEqual([4, 4, 2]);
});

test('a refused place is refused for everyone who wrote to it, and for nobody else', async () => {
  const { port } = counted();
  const queue = new AppendQueue(port);
  const [good, bad, both] = await Promise.all([
    queue.append([text('a')]),
    queue.append([text('b', 99)]),
    queue.append([text('c', 99), text('d')]),
  ]);
  expect(good).toMatchObject({ value: [{ partition: 0, baseOffset: 0, errorCode: 0 }] });
  expect(bad).toMatchObject({ value: [{ partition: 99, baseOffset: -1, errorCode: 3 }] });
  expect(both).toMatchObject({
    value: [
      { partition: 99, baseOffset: -1, errorCode: 3 },
      { partition: 0, baseOffset: 1, errorCode: 0 },
    ],
  });
});

test('a log that is away is told to everyone who waited for that append', async () => {
  const { port } = counted(true);
  const queue = new AppendQueue(port);
  const results = await Promise.all([queue.append([text('a')]), queue.append([text('b')])]);
  for (const result of results) expect(result).toMatchObject({ ok: false, error: { code: 'LOG_AWAY' } });
});

test('is full at a bound of bytes, and takes again when it has drained', async () => {
  const { port } = counted();
  const queue = new AppendQueue(port);
  const large = Array.from({ length: 33 }, () => queue.append([text(Buffer.alloc(1024 * 1024))]));
  const results = await Promise.all(large);
  expect(results.filter((result) => result.ok)).toHaveLength(32);
  expect(results.at(-1)).toEqual({ ok: false, error: { code: 'QUEUE_FULL' } });
  await queue.drained();
  expect(await queue.append([text('again')])).toMatchObject({ ok: true });
});
