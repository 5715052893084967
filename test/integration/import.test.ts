import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CatalogPage } from '../../contracts/http/catalog.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { auditStore } from '../../scripts/client/admin.ts';
import { Operator } from '../../scripts/client/operator.ts';
import { readSecrets } from '../../scripts/start/secrets.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { readSystemFile } from '../../scripts/start/system-file.ts';
import { start, type RunningStart } from '../support/running-start.ts';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURE = join(ROOT, 'test/fixtures/marketplace-inventory.csv');
/** What the fixture's forty lines add up to. */
const FIXTURE_UNITS = 116;
const OWN_HEADER = 'sku,name,category,price,quantity';
const STORE = DEMO_STORES[0]?.id ?? '';

let folder: string;
let running: RunningStart;
let operator: Operator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kirana-import-'));
  // PostgreSQL runs as a user of its own when we are root, and has to walk through.
  chmodSync(folder, 0o755);
  running = await start(join(folder, 'state'), '--port', '0');
  const secrets = readSecrets(stateFolder(join(folder, 'state')));
  if (!secrets.ok) throw new Error(secrets.error);
  operator = new Operator(running.verdict.url, secrets.value.operatorKey);
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Imported {
  readonly exitCode: number | null;
  /** The last line of stdout; nothing when the run was killed. */
  readonly verdict: Record<string, unknown>;
  readonly problems: readonly unknown[];
}

/** Runs the command; `killAt` ends it with SIGKILL at the first line of progress that holds this text. */
function importFile(
  file: string,
  options: { readonly args?: readonly string[]; readonly killAt?: string } = {},
): Promise<Imported> {
  const script = join(ROOT, 'scripts/import.ts');
  const args = [
    script,
    file,
    '--json',
    '--state-dir',
    join(folder, 'state'),
    '--store',
    STORE,
    ...(options.args ?? []),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (options.killAt !== undefined && line.includes(options.killAt)) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const verdict = lines.findLast((line) => line['command'] === 'import') ?? {};
      resolve({ exitCode, verdict, problems: lines.filter((line) => line !== verdict) });
    });
  });
}

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, [OWN_HEADER, ...lines, ''].join('\n'));
  return path;
}

async function ledger(): Promise<{ readonly received: number; readonly movements: number }> {
  const { totals, movements, discrepancies } = await auditStore(operator, STORE);
  expect(discrepancies).toEqual([]);
  return { received: totals.received, movements };
}

describe('a marketplace export', () => {
  test('goes in: articles, prices, minted codes, and its units through the ledger [C1, C2, I6]', async () => {
    const before = await ledger();
    const { exitCode, verdict, problems } = await importFile(FIXTURE);
    expect(verdict).toMatchObject({
      ok: true,
      lines: 40,
      good: 40,
      bad: 0,
      created: 40,
      received: FIXTURE_UNITS,
      warnings: 1,
    });
    expect({ exitCode, problems }).toEqual({ exitCode: 0, problems: [] });
    expect((await ledger()).received).toBe(before.received + FIXTURE_UNITS);
    const path = `/api/v1/stores/${STORE}/products/8`;
    const response = await fetch(new URL(path, running.verdict.url));
    expect(await response.json()).toMatchObject({
      name: 'Crème Fraîche',
      size: '200 g',
      price: { amount: 12_900, currency: 'INR' },
    });
    expect(await codesOf(['8', '36'])).toEqual([
      expect.stringMatching(/^20\d{11}$/),
      expect.stringMatching(/^20\d{11}$/),
    ]);
    // Price 0: the floor knows it, customers do not see it.
    const hidden = await fetch(new URL(`/api/v1/stores/${STORE}/products/36`, running.verdict.url));
    expect(hidden.status).toBe(404);
  });

  test('a second time changes nothing', async () => {
    const before = await ledger();
    const page = { method: 'GET', path: `/api/v1/stores/${STORE}/catalog?limit=1` } as const;
    const { catalogVersion } = await operator.call(page, CatalogPage);
    const { exitCode, verdict } = await importFile(FIXTURE);
    expect(verdict).toMatchObject({
      ok: true,
      created: 0,
      changed: 0,
      unchanged: 40,
      received: 0,
      receivedBefore: FIXTURE_UNITS,
    });
    expect(exitCode).toBe(0);
    expect(await ledger()).toEqual(before);
    expect((await operator.call(page, CatalogPage)).catalogVersion).toBe(catalogVersion);
  });
});

test('a dry run reads everything and changes nothing', async () => {
  const before = await ledger();
  const file = write('dry.csv', ['dry-1,Dry,Tea,10.50,5']);
  expect(await importFile(file, { args: ['--dry-run'] })).toMatchObject({
    exitCode: 0,
    verdict: { dryRun: true, good: 1, received: 0 },
  });
  expect(await ledger()).toEqual(before);
});

test('bad lines are named and kept for correction, the good ones go in, and the exit code tells', async () => {
  const before = await ledger();
  const bad = ['bad-1,,Tea,1,1', 'bad-2,Tea,Tea,one,1', 'good-1,Twice,Tea,1,1'];
  const file = write('mixed.csv', ['good-1,Fine Tea,Tea > Leaves,10.50,5', ...bad]);
  const rejects = join(folder, 'rejects.csv');
  const { exitCode, verdict, problems } = await importFile(file, { args: ['--rejects', rejects] });
  expect(exitCode).toBe(2);
  expect(verdict).toMatchObject({ ok: false, good: 1, bad: 3, received: 5 });
  expect(problems).toEqual([
    { ok: false, line: 3, column: 'name', reason: 'is empty' },
    { ok: false, line: 4, column: 'price', reason: '"one" is not an amount such as 25.50' },
    { ok: false, line: 5, column: 'sku', reason: '"good-1" is on line 2 already' },
  ]);
  expect(readFileSync(rejects, 'utf8').trim().split('\n')).toEqual([OWN_HEADER, ...bad]);
  expect((await ledger()).received).toBe(before.received + 5);
});

test('a run that was cut is finished by running it again: every unit is received once', async () => {
  const before = await ledger();
  const articles = 4_000;
  const file = write(
    'large.csv',
    Array.from({ length: articles }, (_, index) => `cut-${index},Article ${index},Cut,1,3`),
  );
  for (const killAt of ['lines', 'units']) {
    const { exitCode, verdict } = await importFile(file, { killAt });
    expect({ exitCode, verdict }).toEqual({ exitCode: null, verdict: {} });
  }
  const { exitCode, verdict } = await importFile(file);
  expect({ exitCode, ok: verdict['ok'] }).toEqual({ exitCode: 0, ok: true });
  expect(Number(verdict['received']) + Number(verdict['receivedBefore'])).toBe(3 * articles);
  expect((await ledger()).received).toBe(before.received + 3 * articles);
});

test.each([
  ['an unknown store', ['--store', 'sto_00000000000000000000000000'], /NOT_FOUND/],
  ['nobody to talk to', ['--state-dir', '/nonexistent/kirana'], /Nothing runs in/],
])('with %s it says so and cannot run', async (_, args, error) => {
  const file = write('one.csv', ['one-1,One,Tea,1,1']);
  const { exitCode, verdict } = await importFile(file, { args });
  expect(exitCode).toBe(1);
  expect(verdict).toMatchObject({ ok: false, error: expect.stringMatching(error) });
});

async function codesOf(skus: readonly string[]): Promise<string[]> {
  const system = readSystemFile(stateFolder(join(folder, 'state')));
  if (!system.ok) throw new Error(system.error);
  const client = new pg.Client({ connectionString: system.value.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ code: string }>('SELECT code FROM barcodes WHERE sku = ANY($1) ORDER BY sku', [
    skus,
  ]);
  await client.end();
  return rows.map(({ code }) => code);
}
