import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../db/local/free-port.ts';
import { migrateDatabase } from '../../db/local/migrate.ts';
import { startPostgres, type LocalPostgres } from '../../db/local/postgres.ts';
import { deadLetters, readModels } from '../support/projections.ts';
import { orderLife, stockLife } from '../support/stream-events.ts';
import {
  caughtUp,
  publish,
  publishUntilTaken,
  startStreams,
  streamsStatus,
  type StreamsProcess,
} from '../support/streams-process.ts';

const LONG = { timeout: 90_000, interval: 50 };

/** A PostgreSQL of its own, since it is killed; the other tests share one. */
let folder: string;
let port: number;
let postgres: LocalPostgres;
let streams: StreamsProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kirana-test-streams-'));
  port = (await freePort(0)) ?? 0;
});
afterEach(async () => {
  await streams?.end('SIGKILL');
  streams = undefined;
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startDatabase(): Promise<void> {
  const started = await startPostgres({ folder, password: 'for-the-tests', port });
  if (!started.ok) throw new Error(started.error.detail);
  postgres = started.value;
  const migrated = await migrateDatabase(postgres.url());
  if (!migrated.ok) throw new Error(migrated.error.detail);
}

/** kill -9 of the postmaster: connections die, nothing says goodbye. */
async function killDatabase(): Promise<void> {
  process.kill(postgres.pid, 'SIGKILL');
  await postgres.exited;
}

async function inDatabase<T>(ask: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: postgres.url(), max: 2 });
  pool.on('error', () => {});
  try {
    return await ask(pool);
  } finally {
    await pool.end();
  }
}

function url(): string {
  return `postgresql://kirana:for-the-tests@127.0.0.1:${port}/kirana`;
}

describe('the streams process', () => {
  test('starts while PostgreSQL is away, refuses records meanwhile, and goes to work when it comes', async () => {
    streams = startStreams({ DATABASE_URL: url() });
    const { gateway } = await streams.ready();
    expect(await publish(gateway, orderLife(1))).toBe(false);
    expect((await fetch(`${gateway}/status/ready`)).status).toBe(503);
    expect(await streamsStatus(gateway)).toMatchObject({
      ok: false,
      postgres: { ready: false },
      log: { ready: false },
    });
    await startDatabase();
    await publishUntilTaken(() => gateway, orderLife(1));
    await expect.poll(() => caughtUp(gateway), LONG).toBe(true);
    expect(await streamsStatus(gateway)).toMatchObject({ ok: true, deadLetters: 0 });
    expect((await inDatabase(readModels)).order_status_history).toHaveLength(10);
    expect(await streams.end('SIGTERM')).toBe(0);
  });

  test('keeps what it has acknowledged through a kill of PostgreSQL, and catches up by itself [E4]', async () => {
    streams = startStreams({ DATABASE_URL: url() });
    const { gateway } = await streams.ready();
    const sending = Array.from({ length: 20 }, async (_, index) => {
      for (const event of orderLife(100 + index)) await publishUntilTaken(() => gateway, [event]);
    });
    await expect.poll(async () => (await inDatabase(readModels)).orders.length, LONG).toBeGreaterThan(5);
    await killDatabase();
    // A backend that has not noticed yet that its postmaster is gone may still take the first one.
    await expect.poll(() => publish(gateway, stockLife(1, 'AWAY')), LONG).toBe(false);
    await startDatabase();
    await Promise.all(sending);
    await expect.poll(() => caughtUp(gateway), LONG).toBe(true);
    const { orders, order_status_history } = await inDatabase(readModels);
    expect(orders).toHaveLength(21);
    expect(order_status_history).toHaveLength(210);
    expect(await inDatabase(deadLetters)).toEqual([]);
  });

  test('keeps what it has acknowledged through kills of itself at any moment, and counts nothing twice [E4]', async () => {
    let gateway = '';
    async function start(): Promise<void> {
      streams = startStreams({ DATABASE_URL: url() });
      ({ gateway } = await streams.ready());
    }
    await start();
    const before = await inDatabase(readModels);
    let sent = 0;
    const sending = Array.from({ length: 12 }, async (_, index) => {
      for (const event of [...orderLife(200 + index), ...stockLife(200 + index, 'MILK')]) {
        await publishUntilTaken(() => gateway, [event]);
        sent += 1;
      }
    });
    for (const reached of [20, 60, 100, 140]) {
      await expect.poll(() => sent, LONG).toBeGreaterThan(reached);
      expect(await streams?.end('SIGKILL')).toBe('SIGKILL');
      await start();
    }
    await Promise.all(sending);
    await expect.poll(() => caughtUp(gateway), LONG).toBe(true);
    const after = await inDatabase(readModels);
    expect(after.order_status_history.length - before.order_status_history.length).toBe(120);
    expect(after.stock_movements.length - before.stock_movements.length).toBe(60);
    expect(await inDatabase(deadLetters)).toEqual([]);
  });

  test('writes one line of JSON when it is ready, and lines of JSON without payloads besides [B2]', async () => {
    streams = startStreams({ DATABASE_URL: url() });
    const { gateway } = await streams.ready();
    await publishUntilTaken(() => gateway, orderLife(300));
    await expect.poll(() => caughtUp(gateway), LONG).toBe(true);
    expect(await streams.end('SIGINT')).toBe(0);
    expect(streams.said().map(({ event }) => event)).toEqual([
      'streams.starting',
      'streams.stopping',
      'streams.stopped',
    ]);
    expect(JSON.stringify(streams.said())).not.toMatch(/ord_|usr_|Milk|a-token/);
  });

  test('ends with 1 and one sentence when it cannot even start', async () => {
    const nameless = startStreams({ GATEWAY_TOKEN: '' });
    expect(await nameless.exited()).toBe(1);
    expect(nameless.said()).toMatchObject([
      { event: 'streams.failed', reason: 'configuration', detail: expect.stringContaining('DATABASE_URL must be') },
    ]);
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const address = taken.address();
    const busy = startStreams({
      DATABASE_URL: url(),
      GATEWAY_PORT: String(typeof address === 'object' ? address?.port : 0),
    });
    expect(await busy.exited()).toBe(1);
    expect(busy.said().at(-1)).toMatchObject({
      event: 'streams.failed',
      detail: expect.stringContaining('EADDRINUSE'),
    });
    taken.close();
  });
});
