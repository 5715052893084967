import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { openingStock } from '../../db/seed/assortment.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { auditStore } from '../../scripts/client/admin.ts';
import { Operator } from '../../scripts/client/operator.ts';
import { readSecrets } from '../../scripts/start/secrets.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { start, type RunningStart } from '../support/running-start.ts';

// Requests of many clients at the same time, in the runtime as it is deployed: the pool of the other tests switches off that one
// request may settle what another one waits for.

const folder = mkdtempSync(join(tmpdir(), 'kirana-holds-'));
const [STORE] = DEMO_STORES;
let running: RunningStart;
let operator: Operator;
let authorization: string;

beforeAll(async () => {
  // PostgreSQL runs as a user of its own when we are root, and has to walk through.
  chmodSync(folder, 0o755);
  running = await start(folder, '--port', '0');
  const secrets = readSecrets(stateFolder(folder));
  if (!secrets.ok) throw new Error(secrets.error);
  operator = new Operator(running.verdict.url, secrets.value.operatorKey);
  authorization = `Bearer ${secrets.value.channelKey}`;
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const Body = v.object({
  id: v.optional(v.string()),
  code: v.optional(v.string()),
  numbers: v.optional(v.object({ retryAfterMs: v.optional(v.number()) })),
});
type Outcome = v.InferOutput<typeof Body> & { readonly status: number };

/** A client of its own that holds one unit, and comes again under its key for as long as it is told to. */
async function hold(storeId: string, sku: string, key: string, signal?: AbortSignal): Promise<Outcome> {
  for (;;) {
    const outcome = await holdOnce(storeId, sku, key, signal);
    if (outcome.status !== 503) return outcome;
    await sleep(outcome.numbers?.retryAfterMs ?? 100);
  }
}

async function holdOnce(storeId: string, sku: string, key: string, signal?: AbortSignal): Promise<Outcome> {
  const response = await fetch(`${running.verdict.url}/api/v1/stores/${storeId}/holds`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ lines: [{ sku, quantity: 1 }] }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: response.status, ...v.parse(Body, await response.json()) };
}

/** One of the SKUs of which a store has plenty, with the units it opens with. */
function shelf(index: number): { storeId: string; sku: string; units: number } {
  const line = STORE === undefined ? undefined : openingStock(STORE.id).filter(({ quantity }) => quantity >= 20)[index];
  if (STORE === undefined || line === undefined) throw new Error('the seed has no such shelf');
  return { storeId: STORE.id, sku: line.sku, units: line.quantity };
}

async function heldUnits(storeId: string): Promise<number> {
  const { totals, discrepancies } = await auditStore(operator, storeId);
  expect(discrepancies).toEqual([]);
  return totals.held;
}

test('a crowd gets what is there and not a unit more, each request its own answer [I3]', async () => {
  const { storeId, sku, units } = shelf(0);
  const before = await heldUnits(storeId);
  const crowd = Array.from({ length: units + 200 }, (_, i) => hold(storeId, sku, `crowd-of-clients-${i}`));
  const outcomes = await Promise.all(crowd);
  const ids = outcomes.flatMap(({ id }) => (id === undefined ? [] : [id]));
  expect([ids.length, new Set(ids).size]).toEqual([units, units]);
  const refusals = outcomes.flatMap(({ code }) => (code === undefined ? [] : [code]));
  expect([refusals.length, ...new Set(refusals)]).toEqual([200, 'INSUFFICIENT_STOCK']);
  expect(await heldUnits(storeId)).toBe(before + units);
});

test('twenty taps at once are one hold, and at most one is told that it made it [I3] [X3]', async () => {
  const { storeId, sku } = shelf(1);
  const before = await heldUnits(storeId);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => hold(storeId, sku, 'twenty-taps')));
  expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
  expect(outcomes.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
  expect(await heldUnits(storeId)).toBe(before + 1);
});

test('clients that hang up, also the one whose request sends for the others, harm nobody else [I3] [X3]', async () => {
  const { storeId, sku, units } = shelf(2);
  const before = await heldUnits(storeId);
  const clients = Array.from({ length: units }, (_, i) => {
    const impatient = i % 2 === 0;
    const signal = impatient ? AbortSignal.timeout(1 + (i % 7)) : undefined;
    return { impatient, key: `clients-that-hang-up-${i}`, signal };
  });
  const outcomes = await Promise.allSettled(clients.map(({ key, signal }) => hold(storeId, sku, key, signal)));
  const patient = outcomes.filter((_, i) => clients[i]?.impatient === false);
  expect(patient.filter((outcome) => outcome.status === 'rejected' || outcome.value.id === undefined)).toEqual([]);
  // Asked again under its key, each has what it asked for, whether or not it had come through.
  const again = await Promise.all(clients.map(({ key }) => hold(storeId, sku, key)));
  expect(again.filter(({ id }) => id === undefined)).toEqual([]);
  expect(await heldUnits(storeId)).toBe(before + units);
});
