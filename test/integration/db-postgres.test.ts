import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startPostgres, type LocalPostgres, type StartPostgresOptions } from '../../db/local/postgres.ts';

const PARENT = fileURLToPath(new URL('../support/start-postgres.ts', import.meta.url));
const PASSWORD = 's3cret';

let folder: string;
const servers: LocalPostgres[] = [];
const parents: ChildProcess[] = [];

/** A cluster made once: initdb takes a second, a copy of it a tenth. */
const made = mkdtempSync(join(tmpdir(), 'kirana-postgres-made-'));

beforeAll(async () => {
  const server = await startPostgres({ folder: made, password: PASSWORD, durable: false });
  if (!server.ok) throw new Error(server.error.detail);
  await server.value.stop();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

function copyMadeCluster(): void {
  execFileSync('cp', ['-a', join(made, 'data'), folder]);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kirana-postgres-'));
});
afterEach(async () => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<StartPostgresOptions> = {}): Promise<LocalPostgres> {
  const started = await startPostgres({ folder, password: PASSWORD, durable: false, ...options });
  if (!started.ok) throw new Error(started.error.detail);
  servers.push(started.value);
  return started.value;
}

/** Another process that starts the server; resolves with what it says. */
async function startInParent(): Promise<{ parent: ChildProcess; said: { pid: number; url: string } }> {
  const parent = spawn(process.execPath, [PARENT, folder, PASSWORD], { stdio: ['ignore', 'pipe', 'inherit'] });
  parents.push(parent);
  const [line] = await once(parent.stdout, 'data');
  return { parent, said: JSON.parse(String(line)) };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('starts, keeps its data over a stop, and listens on the loopback interface only', async () => {
  const lines: string[] = [];
  const first = await start({ onProgress: (line) => lines.push(line) });
  expect(lines).toEqual(['creating the PostgreSQL cluster', 'starting PostgreSQL']);
  await query(first.url(), 'CREATE TABLE kept AS SELECT 7 AS n');
  expect(
    await query(first.url(), "SELECT current_setting('listen_addresses') AS a, current_setting('TimeZone') AS z"),
  ).toEqual([{ a: '127.0.0.1', z: 'UTC' }]);
  await first.stop();
  await first.stop();
  const second = await start({ port: first.port });
  expect(second.port).toBe(first.port);
  expect(await query(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('is durable unless a test says otherwise', async () => {
  const server = await start({ durable: true });
  expect(
    await query(
      server.url(),
      "SELECT current_setting('fsync') AS f, current_setting('synchronous_commit') AS s, current_setting('data_checksums') AS c",
    ),
  ).toEqual([{ f: 'on', s: 'on', c: 'on' }]);
});

test('an orphan of a killed parent is stopped and its data taken over', async () => {
  copyMadeCluster();
  const { parent, said } = await startInParent();
  await query(said.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(isAlive(said.pid)).toBe(true);

  const server = await start();
  expect(server.pid).not.toBe(said.pid);
  expect(await query(server.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('after a kill -9 of everything the next start recovers what was committed', async () => {
  copyMadeCluster();
  const { parent, said } = await startInParent();
  await query(said.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  // Work in flight, so that a backend is busy when its postmaster dies.
  const busy = query(said.url, 'SELECT pg_sleep(60)').catch(() => 'cut');
  process.kill(said.pid, 'SIGKILL');
  parent.kill('SIGKILL');

  const server = await start();
  expect(await busy).toBe('cut');
  expect(await query(server.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('says when the server of this process dies', async () => {
  copyMadeCluster();
  const server = await start();
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  await server.stop();
  expect(await query((await start()).url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a lock file whose number belongs to another process now is no obstacle', async () => {
  copyMadeCluster();
  await (await start()).stop();
  const data = join(folder, 'data');
  // PostgreSQL itself looks no further than whether a process of its own user has that number.
  const owner = process.getuid?.() === 0 ? { uid: statSync(data).uid } : {};
  const stranger = spawn('sleep', ['60'], { ...owner, stdio: 'ignore' });
  parents.push(stranger);
  const stale = [stranger.pid, data, 1_700_000_000, 5432, '', '127.0.0.1', '    12345    67890', 'ready   '];
  writeFileSync(join(data, 'postmaster.pid'), `${stale.join('\n')}\n`);
  const server = await start();
  expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
});

test('a backend that outlives its postmaster delays the next start, no more', async () => {
  copyMadeCluster();
  const first = await start();
  const client = new pg.Client({ connectionString: first.url() });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]?.pid ?? 0;
  // Stopped, it does not see the death of its postmaster and keeps the shared memory.
  process.kill(backend, 'SIGSTOP');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;

  const starting = start();
  const log = join(folder, 'server.log');
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('shared memory block'), { timeout: 20_000 });
  process.kill(backend, 'SIGCONT');
  const second = await starting;
  expect(await query(second.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('half a cluster of a killed first start is replaced', async () => {
  mkdirSync(join(folder, 'data.unfinished'));
  writeFileSync(join(folder, 'data.unfinished', 'pg_hba.conf'), 'half');
  const server = await start();
  expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a folder that holds something else is left alone', async () => {
  const precious = join(folder, 'data', 'precious.txt');
  mkdirSync(join(folder, 'data'));
  writeFileSync(precious, 'mine');
  expect(await startPostgres({ folder, password: PASSWORD })).toMatchObject({
    ok: false,
    error: { code: 'INITDB_FAILED' },
  });
  expect(readFileSync(precious, 'utf8')).toBe('mine');
});

test.runIf(process.getuid?.() === 0)('a cluster of another user is run as that user by root', async () => {
  const nobody = 65_534;
  chownSync(folder, nobody, nobody);
  const parent = spawn(process.execPath, [PARENT, folder, PASSWORD], {
    stdio: ['ignore', 'pipe', 'inherit'],
    uid: nobody,
    gid: nobody,
  });
  parents.push(parent);
  const [line] = await once(parent.stdout, 'data');
  expect(JSON.parse(String(line))).toHaveProperty('pid');
  // The next start does not wait for the killed one to be gone.
  parent.kill('SIGKILL');
  const server = await start();
  expect(statSync(join(folder, 'data')).uid).toBe(nobody);
  expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a folder that another living process uses is refused, and that one goes on', async () => {
  copyMadeCluster();
  const { parent, said } = await startInParent();
  const second = await startPostgres({ folder, password: PASSWORD });
  expect(second).toMatchObject({
    ok: false,
    error: { code: 'ALREADY_RUNNING', detail: expect.stringContaining(String(parent.pid)) },
  });
  expect(await query(said.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  process.kill(said.pid, 'SIGINT');
  await vi.waitFor(() => expect(isAlive(said.pid)).toBe(false), { timeout: 10_000 });
});

test('a taken port and a lost password are each answered with a sentence', async () => {
  copyMadeCluster();
  await (await start()).stop();
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await startPostgres({ folder, password: PASSWORD, port })).toMatchObject({
    ok: false,
    error: { code: 'PORT_BUSY', detail: expect.stringContaining(String(port)) },
  });
  blocker.close();
  expect(await startPostgres({ folder, password: 'lost' })).toMatchObject({
    ok: false,
    error: { code: 'WRONG_PASSWORD' },
  });
  expect(() => readFileSync(join(folder, 'data', 'postmaster.pid'))).toThrow('ENOENT');
});

test('a folder below one that is closed to everybody else still works', async () => {
  chmodSync(folder, 0o700);
  const server = await start({ folder: join(folder, 'inner', 'postgres') });
  expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
