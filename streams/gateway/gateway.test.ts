import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONTRACT_TOPICS } from '../../test/support/log-contract.ts';
import type { LogPort } from '../kit/log-port.ts';
import { MemoryLog } from '../kit/memory-log.ts';
import { startGateway, type Gateway } from './gateway.ts';
import { BODY_BYTES_MAX, RECORDS_MAX } from './produce-request.ts';
import type { StreamsStatus } from './status.ts';

const TOKEN = 'a-token-for-the-tests';
const [TOPIC] = CONTRACT_TOPICS;
const BINARY = 'application/vnd.kafka.binary.v2+json';
const STATUS: StreamsStatus = {
  ok: true,
  log: { kind: 'embedded', ready: true },
  postgres: { ready: true },
  topics: [],
  groups: [],
  deadLetters: 0,
};

let log: MemoryLog;
let gateway: Gateway;
beforeEach(async () => {
  log = new MemoryLog(CONTRACT_TOPICS);
  gateway = await open(log);
});
afterEach(() => gateway.stop());

function open(port: LogPort, status: StreamsStatus = STATUS): Promise<Gateway> {
  return startGateway({ log: port, host: '127.0.0.1', port: 0, token: TOKEN, status: () => Promise.resolve(status) });
}

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

async function send({ path = `/topics/${TOPIC.name}`, method = 'POST', headers = {}, body }: Sent) {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { 'content-type': BINARY, authorization: `Bearer ${TOKEN}`, ...headers },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // Whatever a test expects of it, it compares.
  const answer: { readonly offsets: readonly Record<string, number>[] } = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, body: answer };
}

function record(value: string, partition = 0, key = 'key') {
  return { key: base64(key), value: base64(value), partition };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function kept(partition: number) {
  const batches = await log.fetch([{ topic: TOPIC.name, partition, nextOffset: 0 }]);
  return batches.flatMap(({ records }) => records.map(({ value }) => Buffer.from(value ?? []).toString()));
}

describe('produce', () => {
  test('answers one entry a partition, with the offset of its first record [E1]', async () => {
    const records = [record('a'), record('b', 1), record('c')];
    const first = await send({ body: { records } });
    expect(first).toMatchObject({
      status: 200,
      body: {
        offsets: [
          { partition: 0, offset: 0 },
          { partition: 1, offset: 0 },
        ],
      },
    });
    expect(first.headers.get('content-type')).toBe('application/vnd.kafka.v2+json');
    expect((await send({ body: { records } })).body).toEqual({
      offsets: [
        { partition: 0, offset: 2 },
        { partition: 1, offset: 1 },
      ],
    });
    expect(await kept(0)).toEqual(['a', 'c', 'a', 'c']);
  });

  test('stores the bytes that base64 stands for, and an empty key where there is none', async () => {
    await send({ body: { records: [{ value: 'AP8K', partition: 2 }] } });
    const [batch] = await log.fetch([{ topic: TOPIC.name, partition: 2, nextOffset: 0 }]);
    expect(batch?.records).toEqual([{ offset: 0, key: Buffer.alloc(0), value: Buffer.from([0, 255, 10]) }]);
  });

  test('an unknown topic or partition is an entry with an error, in a 200', async () => {
    const nowhere = await send({ path: '/topics/nowhere.v1', body: { records: [record('a'), record('b')] } });
    expect(nowhere).toMatchObject({ status: 200, body: { offsets: [{ partition: 0, error_code: 3, offset: -1 }] } });
    const mixed = await send({ body: { records: [record('a', 99), record('b')] } });
    expect(mixed.body.offsets).toHaveLength(2);
    expect(mixed.body.offsets).toContainEqual({ partition: 99, error_code: 3, offset: -1 });
    expect(mixed.body.offsets).toContainEqual({ partition: 0, offset: 0 });
  });

  test.each([
    ['application/json', 415],
    ['application/vnd.kafka.json.v2+json', 415],
    ['text/plain', 415],
    ['*/*', 415],
    [`${BINARY}; charset=utf-8`, 200],
    [BINARY.toUpperCase(), 200],
  ])('a content type of %s is answered %i', async (type, status) => {
    expect((await send({ headers: { 'content-type': type }, body: { records: [record('a')] } })).status).toBe(status);
  });

  test('an answer that the client does not accept is 406', async () => {
    const body = { records: [record('a')] };
    expect((await send({ headers: { accept: 'text/html' }, body })).status).toBe(406);
    expect((await send({ headers: { accept: 'text/html, application/*;q=0.1' }, body })).status).toBe(200);
  });

  test.each<[string, unknown]>([
    ['no JSON', '{"records":'],
    ['no object', []],
    ['no records', {}],
    ['an empty list', { records: [] }],
    ['too many records', { records: Array.from({ length: RECORDS_MAX + 1 }, () => record('a')) }],
    ['a field beside the records', { records: [record('a')], headers: [] }],
    ['record headers', { records: [{ ...record('a'), headers: [] }] }],
    ['a timestamp', { records: [{ ...record('a'), timestamp: 1 }] }],
    ['a tombstone', { records: [{ ...record('a'), value: null }] }],
    ['no value', { records: [{ partition: 0 }] }],
    ['no partition', { records: [{ value: 'YQ==' }] }],
    ['a partition that is no number', { records: [{ value: 'YQ==', partition: '0' }] }],
    ['a negative partition', { records: [{ value: 'YQ==', partition: -1 }] }],
    ['a value that is not base64', { records: [{ value: 'a b!', partition: 0 }] }],
    ['base64 that is cut short', { records: [{ value: 'YWI', partition: 0 }] }],
  ])('%s is 422, and nothing is stored', async (_, body) => {
    const answer = await send({ body });
    expect(answer).toMatchObject({ status: 422, body: { error_code: 42201, message: expect.any(String) } });
    expect(await kept(0)).toEqual([]);
  });

  test('a body beyond the limit is 413, whether it says so beforehand or not', async () => {
    const body = 'x'.repeat(BODY_BYTES_MAX + 1);
    expect((await send({ body })).status).toBe(413);
    const chunked = await fetch(`${gateway.url}/topics/${TOPIC.name}`, {
      method: 'POST',
      headers: { 'content-type': BINARY, authorization: `Bearer ${TOKEN}` },
      body: new Blob([body]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    await chunked.arrayBuffer();
  });

  test('a value beyond what an event may have is 413', async () => {
    expect((await send({ body: { records: [record('x'.repeat(300_000))] } })).status).toBe(413);
  });

  test.each([
    ['none', ''],
    ['another', 'Bearer another-token'],
    ['a prefix of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['it with more', `Bearer ${TOKEN}x`],
    ['it in another scheme', `Basic ${TOKEN}`],
  ])('a token that is %s is 401, and nothing is stored', async (_, authorization) => {
    const answer = await send({ headers: { authorization }, body: { records: [record('a')] } });
    expect(answer).toMatchObject({ status: 401, body: { error_code: 40101 } });
    expect(await kept(0)).toEqual([]);
    expect((await send({ headers: { authorization }, path: '/streams/status', method: 'GET' })).status).toBe(401);
  });

  test.each([
    ['GET', `/topics/${TOPIC.name}`, 405],
    ['POST', '/topics/', 404],
    ['POST', '/topics/a/b', 404],
    ['POST', '/elsewhere', 404],
  ])('%s %s is %i', async (method, path, status) => {
    expect((await send({ method, path, body: { records: [record('a')] } })).status).toBe(status);
  });
});

describe('while the log is away', () => {
  test('records are answered 503 with Retry-After, and the gateway is not ready', async () => {
    await gateway.stop();
    const away = { ...STATUS, ok: false, log: { ...STATUS.log, ready: false } };
    gateway = await open(
      { ...passOn(log), produce: () => Promise.resolve({ ok: false, error: { code: 'LOG_AWAY', detail: 'gone' } }) },
      away,
    );
    const answer = await send({ body: { records: [record('a')] } });
    expect(answer).toMatchObject({ status: 503, body: { error_code: 50302 } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await send({ path: '/status/ready', method: 'GET' })).status).toBe(503);
    expect(await send({ path: '/streams/status', method: 'GET' })).toMatchObject({
      status: 200,
      body: { log: { ready: false } },
    });
  });
});

describe('under load', () => {
  /** Answers nothing until it is let go. */
  function held() {
    const gate = Promise.withResolvers<void>();
    let appends = 0;
    const port: LogPort = {
      ...passOn(log),
      async produce(records) {
        appends += 1;
        await gate.promise;
        return log.produce(records);
      },
    };
    return { port, letGo: gate.resolve, appends: () => appends };
  }

  test('requests beyond the bound are 429 with Retry-After, those within it are answered', async () => {
    await gateway.stop();
    const { port, letGo } = held();
    gateway = await open(port);
    const refused: (string | null)[] = [];
    const requests = Array.from({ length: 520 }, async () => {
      const { status, headers } = await send({ body: { records: [record('a')] } });
      if (status === 429) refused.push(headers.get('retry-after'));
      return status;
    });
    await expect.poll(() => refused.length, { timeout: 30_000 }).toBe(20);
    letGo();
    const statuses = await Promise.all(requests);
    expect(statuses.filter((status) => status === 200)).toHaveLength(500);
    expect(new Set(refused)).toEqual(new Set(['1']));
  }, 60_000);

  test('a stop answers what is under way and takes nothing new', async () => {
    await gateway.stop();
    const { port, letGo, appends } = held();
    gateway = await open(port);
    const request = send({ body: { records: [record('last')] } });
    await expect.poll(appends).toBe(1);
    const stopped = gateway.stop();
    letGo();
    expect((await request).body).toEqual({ offsets: [{ partition: 0, offset: 0 }] });
    await stopped;
    await expect(send({ body: { records: [record('late')] } })).rejects.toThrow('fetch failed');
    expect(await kept(0)).toEqual(['last']);
  });

  test('a client that goes away in the middle of a body harms nobody', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /topics/${TOPIC.name} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: ${BINARY}\r\ncontent-length: 500\r\n\r\n{"records":[`,
    );
    await new Promise((resolve) => {
      socket.once('connect', resolve);
    });
    socket.destroy();
    expect((await send({ body: { records: [record('a')] } })).status).toBe(200);
    expect(await kept(0)).toEqual(['a']);
  });
});

test('says its state to who has the token, and its readiness to everyone', async () => {
  expect(await send({ path: '/streams/status', method: 'GET' })).toMatchObject({ status: 200, body: STATUS });
  const ready = await fetch(`${gateway.url}/status/ready`);
  expect(ready.status).toBe(200);
  await ready.arrayBuffer();
});

function passOn(port: LogPort): LogPort {
  return {
    identity: () => port.identity(),
    produce: (records) => port.produce(records),
    subscribe: (subscription) => port.subscribe(subscription),
    highWatermarks: (topics) => port.highWatermarks(topics),
    close: () => port.close(),
  };
}
