import { neon, neonConfig, NeonDbError, Pool } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { brokenUniqueConstraint, createDb, createTransactionalDb, isDatabaseAway } from '../../db/client.ts';
import { startNeonEndpoint, type NeonEndpoint } from '../../db/local/neon-endpoint.ts';
import { startPostgres, type LocalPostgres } from '../../db/local/postgres.ts';
import { cities } from '../../db/schema/cities.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

/** Clients know this one only; where PostgreSQL really listens is the endpoint's business. */
const CONNECTION_STRING = 'postgresql://worker:s3cret@db.kirana.test:5432/kirana';

function useEndpoint(port: number): void {
  neonConfig.fetchEndpoint = `http://127.0.0.1:${port}/sql`;
  neonConfig.wsProxy = (host, wsPort) => `127.0.0.1:${port}/v2?address=${host}:${wsPort}`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineConnect = false;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (cause) {
    return cause;
  }
  throw new Error('it did not fail');
}

describe('in front of a database', () => {
  let database: TestDatabase;
  let endpoint: NeonEndpoint;

  beforeAll(async () => {
    database = await createTestDatabase();
    const started = await startNeonEndpoint({ connectionString: CONNECTION_STRING, postgresUrl: database.url });
    if (!started.ok) throw new Error(started.error.detail);
    endpoint = started.value;
    await neonSql()`CREATE TABLE notes (id int PRIMARY KEY, body text)`;
  });
  afterAll(async () => {
    await endpoint.close();
    await database.drop();
  });
  beforeEach(() => useEndpoint(endpoint.port));

  function neonSql(): ReturnType<typeof neon<false, true>> {
    useEndpoint(endpoint.port);
    return neon(CONNECTION_STRING, { fullResults: true });
  }

  test('one statement over HTTP brings every type back as the driver reads it', async () => {
    const { rows, command, rowCount, fields } = await neonSql()`
      SELECT ${7}::int AS whole, ${'9007199254740993'}::bigint AS big, ${'12.50'}::numeric AS price, ${true}::boolean AS yes,
             ${JSON.stringify({ a: [1] })}::jsonb AS json, ${null}::text AS nothing, ${['a', 'b']}::text[] AS list,
             ${Buffer.from([0, 255])}::bytea AS bytes, ${'2026-11-21T04:05:06.789Z'}::timestamptz AS at`;
    expect(rows).toEqual([
      {
        whole: 7,
        big: '9007199254740993',
        price: '12.50',
        yes: true,
        json: { a: [1] },
        nothing: null,
        list: ['a', 'b'],
        bytes: Buffer.from([0, 255]),
        at: expect.anything(),
      },
    ]);
    expect(new Date(rows[0]?.['at'] ?? 0).toISOString()).toBe('2026-11-21T04:05:06.789Z');
    expect({ command, rowCount }).toEqual({ command: 'SELECT', rowCount: 1 });
    expect(fields.map(({ name }) => name)).toContain('price');
  });

  test('a batch over HTTP is one transaction', async () => {
    const query = neonSql();
    const [inserted, counted] = await query.transaction(
      [query`INSERT INTO notes VALUES (1, 'a'), (2, 'b')`, query`SELECT count(*)::int AS count FROM notes`],
      { isolationLevel: 'Serializable' },
    );
    expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 2 });
    expect(counted?.rows).toEqual([{ count: 2 }]);

    const failure = await failureOf(
      query.transaction([query`INSERT INTO notes VALUES (3, 'c')`, query`INSERT INTO notes VALUES (1, 'again')`]),
    );
    expect(failure).toBeInstanceOf(NeonDbError);
    expect(failure).toMatchObject({ code: '23505', constraint: 'notes_pkey', table: 'notes', severity: 'ERROR' });
    expect((await query`SELECT id FROM notes ORDER BY id`).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('a read-only batch refuses to write', async () => {
    const query = neonSql();
    const failure = await failureOf(query.transaction([query`DELETE FROM notes`], { readOnly: true }));
    expect(failure).toMatchObject({ code: '25006' });
  });

  test('an error over HTTP carries what PostgreSQL said', async () => {
    const failure = await failureOf(neonSql()`SELECT * FROM no_such_table`);
    expect(failure).toBeInstanceOf(NeonDbError);
    expect(failure).toMatchObject({ code: '42P01', position: '15', routine: expect.any(String) });
  });

  test('several statements in one string are refused, as Neon refuses them', async () => {
    const failure = await failureOf(neonSql().query('SELECT 1; SELECT 2'));
    expect(failure).toMatchObject({ code: '42601' });
  });

  test('a lone BEGIN does not leak into the next request', async () => {
    const query = neonSql();
    for (let i = 0; i < 30; i += 1) await query.query('BEGIN');
    await vi.waitFor(async () => {
      const { rows } = await query`SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
      expect(rows).toEqual([{ count: 0 }]);
    });
  });

  test.each([
    ['another password', CONNECTION_STRING.replace('s3cret', 'guess')],
    ['another user', CONNECTION_STRING.replace('worker', 'postgres')],
    ['another database', `${CONNECTION_STRING}2`],
    ['another host', CONNECTION_STRING.replace('db.kirana', 'db2.kirana')],
  ])('a connection string with %s is refused', async (_what, other) => {
    const failure = await failureOf(neon(other)`SELECT 1`);
    expect(failure).toMatchObject({ code: '28P01' });
  });

  test('a body above 10 MiB is answered 413 and the next request works', async () => {
    const query = neonSql();
    const failure = await failureOf(query`SELECT ${'x'.repeat(11 * 1024 * 1024)}::text`);
    expect(String(failure)).toContain('HTTP status 413');
    expect((await query`SELECT 1 AS one`).rows).toEqual([{ one: 1 }]);
  });

  test('an answer above 10 MiB is 507', async () => {
    const failure = await failureOf(neonSql()`SELECT repeat('x', 11 * 1024 * 1024)`);
    expect(String(failure)).toContain('HTTP status 507');
  });

  test('a transaction over WebSocket commits, and rolls back', async () => {
    // The session over WebSocket is PostgreSQL's own, with the user that exists there.
    const real = new URL(database.url);
    const tunnelled = await startNeonEndpoint({ connectionString: real.href, postgresUrl: real.href });
    if (!tunnelled.ok) throw new Error(tunnelled.error.detail);
    useEndpoint(tunnelled.value.port);
    const pool = new Pool({ connectionString: real.href });
    pool.on('error', () => {});
    try {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('INSERT INTO notes VALUES ($1, $2)', [10, 'kept']);
      await client.query('COMMIT');
      await client.query('BEGIN');
      await client.query('INSERT INTO notes VALUES ($1, $2)', [11, 'x'.repeat(2_000_000)]);
      await client.query('ROLLBACK');
      client.release();
      expect((await pool.query('SELECT id, body FROM notes WHERE id >= 10')).rows).toEqual([{ id: 10, body: 'kept' }]);
    } finally {
      await pool.end();
      await tunnelled.value.close();
    }
  });

  test('a WebSocket to another address than the allowed one is refused', async () => {
    const pool = new Pool({ connectionString: 'postgresql://worker:s3cret@10.0.0.1:5432/kirana' });
    pool.on('error', () => {});
    await expect(pool.connect()).rejects.toMatchObject({ type: 'error' });
    await pool.end();
  });

  test('drizzle over HTTP and over WebSocket sees the same rows', async () => {
    const config = { connectionString: database.url, localEndpoint: '' };
    const started = await startNeonEndpoint({ connectionString: database.url, postgresUrl: database.url });
    if (!started.ok) throw new Error(started.error.detail);
    config.localEndpoint = `127.0.0.1:${started.value.port}`;
    const db = createDb(config);
    const transactional = createTransactionalDb(config);
    try {
      const city = {
        id: `cit_${'0'.repeat(26)}`,
        name: 'Testville',
        countryCode: 'IN',
        currency: 'INR',
        timezone: 'Asia/Kolkata',
      };
      await db.insert(cities).values(city);
      const failure = await failureOf(db.insert(cities).values(city));
      expect(brokenUniqueConstraint(failure)).toBe('cities_pkey');
      expect(isDatabaseAway(failure)).toBe(false);
      const [overHttp] = await db.select().from(cities);
      const [overSocket] = await transactional.db.transaction(async (tx) => tx.select().from(cities));
      expect(overHttp).toMatchObject({ ...city, slaMinutes: 20, createdAt: expect.any(Date) });
      expect(overSocket).toEqual(overHttp);
    } finally {
      await transactional.close();
      await started.value.close();
    }
  });
});

describe('while PostgreSQL is away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kirana-neon-'));
  const password = randomBytes(8).toString('hex');
  let server: LocalPostgres;
  let endpoint: NeonEndpoint;

  async function start(port?: number): Promise<LocalPostgres> {
    const started = await startPostgres({ folder, password, durable: false, ...(port === undefined ? {} : { port }) });
    if (!started.ok) throw new Error(started.error.detail);
    return started.value;
  }
  beforeAll(async () => {
    server = await start();
    const started = await startNeonEndpoint({ connectionString: server.url(), postgresUrl: server.url() });
    if (!started.ok) throw new Error(started.error.detail);
    endpoint = started.value;
  });
  afterAll(async () => {
    await endpoint.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('requests are answered with a connection error, and work again when it is back', async () => {
    const config = { connectionString: server.url(), localEndpoint: `127.0.0.1:${endpoint.port}` };
    const db = createDb(config);
    await Promise.all(Array.from({ length: 10 }, () => db.execute(sql`SELECT 1`)));
    await server.stop();

    const failures = await Promise.all(Array.from({ length: 40 }, () => failureOf(db.execute(sql`SELECT 1`))));
    expect(failures.map(isDatabaseAway)).toEqual(Array.from({ length: 40 }, () => true));
    expect(failures[0]).toMatchObject({ cause: { code: '08006' } });
    const transactional = createTransactionalDb(config);
    expect(isDatabaseAway(await failureOf(transactional.db.execute(sql`SELECT 1`)))).toBe(true);
    await transactional.close();

    server = await start(server.port);
    expect((await db.execute(sql`SELECT 1 AS one`)).rows).toEqual([{ one: 1 }]);
    const again = createTransactionalDb(config);
    expect((await again.db.execute(sql`SELECT 1 AS one`)).rows).toEqual([{ one: 1 }]);
    await again.close();
  });

  test('a request without an endpoint is a database that is away', async () => {
    const db = createDb({ connectionString: server.url(), localEndpoint: '127.0.0.1:1' });
    expect(isDatabaseAway(await failureOf(db.execute(sql`SELECT 1`)))).toBe(true);
  });

  test('a statement that takes too long is ended, and a connection that never answers is given up', async () => {
    const hasty = await startNeonEndpoint({
      connectionString: server.url(),
      postgresUrl: server.url(),
      statementMaxMs: 200,
    });
    if (!hasty.ok) throw new Error(hasty.error.detail);
    const db = createDb({ connectionString: server.url(), localEndpoint: `127.0.0.1:${hasty.value.port}` });
    expect(await failureOf(db.execute(sql`SELECT pg_sleep(30)`))).toMatchObject({ cause: { code: '57014' } });

    const { rows } = await db.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
    const backend = rows[0]?.pid ?? 0;
    process.kill(backend, 'SIGSTOP');
    try {
      expect(isDatabaseAway(await failureOf(db.execute(sql`SELECT 1`)))).toBe(true);
      const next = await db.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
      expect(next.rows[0]?.pid).not.toBe(backend);
    } finally {
      process.kill(backend, 'SIGCONT');
      await hasty.value.close();
    }
  });

  test('a taken port is answered with a sentence', async () => {
    const second = await startNeonEndpoint({
      connectionString: server.url(),
      postgresUrl: server.url(),
      port: endpoint.port,
    });
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'PORT_BUSY', detail: expect.stringContaining(String(endpoint.port)) },
    });
  });
});
