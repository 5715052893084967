import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ReadinessView } from '../../contracts/http/health.ts';
import { openingStock } from '../../db/seed/assortment.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { readPostmaster } from '../../db/local/postmaster.ts';
import { auditStore, receiveStock } from '../../scripts/client/admin.ts';
import { send } from '../../scripts/client/http.ts';
import { Operator } from '../../scripts/client/operator.ts';
import { isAlive, readRecord } from '../../scripts/start/process-record.ts';
import { readSecrets } from '../../scripts/start/secrets.ts';
import { stateFolder, type StateFolder } from '../../scripts/start/state-folder.ts';
import { readSystemFile } from '../../scripts/start/system-file.ts';
import { start, type RunningStart } from '../support/running-start.ts';

/** A busy machine takes its time. */
const PATIENTLY = { timeout: 60_000, interval: 50 };
const PARTS = ['worker', 'workerd', 'streams'];
const [STORE] = DEMO_STORES.map(({ id }) => ({ id, stock: openingStock(id) }));

let state: StateFolder;
let running: RunningStart;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kirana-start-'));
  // PostgreSQL runs as a user of its own when we are root, and has to walk through.
  chmodSync(folder, 0o755);
  state = stateFolder(folder);
  running = await start(state.path, '--port', '0');
});
afterAll(async () => {
  await running.stop();
  rmSync(state.path, { recursive: true, force: true });
});

function operator(): Operator {
  const secrets = readSecrets(state);
  if (!secrets.ok) throw new Error(secrets.error);
  return new Operator(running.verdict.url, secrets.value.operatorKey);
}

async function unitsReceived(): Promise<number> {
  return (await auditStore(operator(), STORE?.id ?? '')).totals.received;
}

async function receive(receiptId: string, quantity: number): Promise<void> {
  const [line] = STORE?.stock ?? [];
  await receiveStock(operator(), STORE?.id ?? '', { receiptId, lines: [{ sku: line?.sku ?? '', quantity }] });
}

function pidOf(name: string): number {
  const record = readRecord(state.run, name);
  if (record === undefined) throw new Error(`${name} has no record`);
  return record.pid;
}

/** Another process than the killed one has its name. */
async function isBack(name: string, killed: number): Promise<void> {
  await expect
    .poll(() => {
      const record = readRecord(state.run, name);
      return record !== undefined && record.pid !== killed && isAlive(record);
    }, PATIENTLY)
    .toBe(true);
}

async function readiness(): Promise<ReadinessView> {
  return operator().call({ method: 'GET', path: '/readyz' }, ReadinessView);
}

test('the first start leaves stores that sell what was delivered', async () => {
  const opening = STORE?.stock.reduce((sum, { quantity }) => sum + quantity, 0);
  expect(await unitsReceived()).toBe(opening);
  const page = await send(running.verdict.url, { method: 'GET', path: `/api/v1/stores/${STORE?.id}/catalog?limit=1` });
  expect(await page.json()).toMatchObject({ open: true, catalogVersion: 1, products: [{ price: expect.anything() }] });
  expect(await readiness()).toMatchObject({
    ready: true,
    parts: { postgres: { state: 'up' }, log: { state: 'up' } },
  });
});

test('the first tour of the README works as it is written', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const tour = /## First tour.*?```sh\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const here = tour.replaceAll('http://127.0.0.1:8787', running.verdict.url);
  const { stdout, status } = spawnSync('bash', ['-c', `set -e\n${here}`], { encoding: 'utf8' });
  expect(status).toBe(0);
  for (const seen of [
    '"serviceable":true',
    'x-stock-age-ms:',
    '"status":"ASSIGNED_TO_STORE"',
    'idempotent-replayed: true',
  ]) {
    expect(stdout).toContain(seen);
  }
  for (const seen of ['"code":"IDEMPOTENCY_KEY_REUSED"', '"status":"CANCELLED"', '"ready":true']) {
    expect(stdout).toContain(seen);
  }
});

test.each(['workerd', 'worker', 'streams'])(
  'a killed %s comes back by itself with all it had acknowledged',
  async (part) => {
    const before = await unitsReceived();
    await receive(`before-the-kill-of-${part}`, 3);
    const killed = pidOf(part);
    process.kill(killed, 'SIGKILL');
    await isBack(part, killed);
    expect(await unitsReceived()).toBe(before + 3);
    await receive(`before-the-kill-of-${part}`, 3);
    await receive(`after-the-kill-of-${part}`, 2);
    expect(await unitsReceived()).toBe(before + 5);
  },
);

test('a killed PostgreSQL comes back, and the Worker reaches it without a restart of its own', async () => {
  const workerd = pidOf('workerd');
  const killed = readPostmaster(join(state.postgres, 'data'))?.pid ?? 0;
  process.kill(killed, 'SIGKILL');
  await expect.poll(() => readPostmaster(join(state.postgres, 'data'))?.pid, PATIENTLY).not.toBe(killed);
  await expect.poll(async () => (await readiness()).parts.postgres.state, PATIENTLY).toBe('up');
  expect(pidOf('workerd')).toBe(workerd);
});

test('a second start on the same folder, or on a taken port, says what to do', async () => {
  const second = await start(state.path, '--port', '0');
  expect(second.verdict).toMatchObject({
    ok: false,
    error: expect.stringMatching(/already runs in .*: stop it first/),
  });
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
  const folder = mkdtempSync(join(tmpdir(), 'kirana-start-'));
  const third = await start(folder, '--port', String(port));
  taken.close();
  rmSync(folder, { recursive: true, force: true });
  expect(third.verdict).toMatchObject({ ok: false, error: expect.stringContaining(`Port ${port} is taken`) });
});

test('after kill -9 of the supervisor, and of everything at once, the next start needs no clean-up and knows all', async () => {
  const { port } = new URL(running.verdict.url);
  const units = await unitsReceived();
  process.kill(pidOf('supervisor'), 'SIGKILL');
  running = await start(state.path, '--port', port);
  expect(running.verdict).toMatchObject({ ok: true, url: `http://127.0.0.1:${port}` });
  expect(await unitsReceived()).toBe(units);
  await receive('before-the-kill-of-all', 4);
  const postmaster = readPostmaster(join(state.postgres, 'data'))?.pid ?? 0;
  // workerd is left alive, with the port and the databases open: nobody is there to end it.
  for (const pid of [pidOf('supervisor'), pidOf('worker'), pidOf('streams'), postmaster]) process.kill(pid, 'SIGKILL');
  running = await start(state.path, '--port', port);
  expect(running.verdict.ok).toBe(true);
  expect(await unitsReceived()).toBe(units + 4);
});

test('an asked stop leaves no process, and other commands see that nothing runs', async () => {
  const records = PARTS.map((name) => readRecord(state.run, name));
  const postmaster = readPostmaster(join(state.postgres, 'data'))?.pid;
  expect(await running.stop()).toBe(0);
  expect(records.filter((record) => record !== undefined && isAlive(record))).toEqual([]);
  expect(readPostmaster(join(state.postgres, 'data'))?.pid ?? 'none').not.toBe(postmaster);
  expect(existsSync(state.systemFile)).toBe(false);
  expect(readSystemFile(state)).toMatchObject({ ok: false, error: expect.stringContaining('Nothing runs in') });
  running = await start(state.path, '--port', '0');
  expect(running.verdict.ok).toBe(true);
});
