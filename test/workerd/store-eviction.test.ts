import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asHoldId, asOpId } from '../../domain/shared/ids.ts';
import { objectSql } from '../../durable/kit/sql.ts';
import { difference, dump } from '../../prove/eviction/dump.ts';
import type { Act } from '../../prove/history/act.ts';
import { anyStretch } from '../../prove/history/any-act.ts';
import { callOf } from '../../prove/history/call-of.ts';
import { barcodeOf, COURIER, HANDOVER_CODE, orderAt, pickerActor, SKUS, STORES } from '../../prove/history/cast.ts';
import type { Scene } from '../../prove/history/scene.ts';
import { closeSockets, openSocket, upgradeRequest } from './support/socket.ts';
import type { HandSocket } from './support/socket.ts';
import { by, must, OPERATOR, orderActor, storeAt } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const ORDER = orderAt(99);

beforeEach(() => {
  // The clock stands still: what happens later for being thrown out must not be written down as later.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

/** The acts that need nothing but the store: what is read off the floor or off another store is not for here. */
const SAID_ALONE = [
  'startCount',
  'hold',
  'holdMany',
  'renew',
  'promote',
  'release',
  'receive',
  'execute',
  'expectCourier',
  'cancelPick',
];
const anyActs = fc
  .array(anyStretch, { minLength: 40, maxLength: 40, size: 'max' })
  .map((stretches) => stretches.flat().filter(isAlone));

function isAlone(act: Act): boolean {
  return act.do === 'commit' ? act.keep === null : SAID_ALONE.includes(act.do);
}

/** What the acts, and then an order's way over the floor, leave behind. */
async function play(
  acts: readonly Act[],
  evicts: boolean,
): Promise<{ readonly state: string; readonly answers: string }> {
  const store = storeAt(STORES[0]);
  async function between(): Promise<void> {
    await published(store);
    if (evicts) await evictDurableObject(store.stub);
  }
  const answers: unknown[] = [];
  await open(store);
  for (const [n, act] of acts.entries()) {
    if (act.do === 'pass' || act.do === 'fault' || act.do === 'again' || act.do === 'reuse') continue;
    await between();
    answers.push(await callOf(sceneOf(store), act, n).send());
  }
  for (const step of floorOf(store)) {
    await between();
    answers.push(await step());
  }
  await published(store);
  const state = await runInDurableObject(store.stub, (_object, { storage }) => dump(objectSql(storage)));
  await forget(store);
  return { state, answers: JSON.stringify(answers) };
}

/** The object of this id starts anew: both runs are of one store, for its id is in everything that it writes. */
async function forget({ stub }: TestStore): Promise<void> {
  closeSockets();
  await runInDurableObject(stub, (_object, { storage }) => storage.deleteAll());
  await evictDurableObject(stub, { webSockets: 'close' });
}

async function open(store: TestStore): Promise<void> {
  const cards = SKUS.map((sku, i) => ({ sku, name: sku, bin: `A01-1-${i + 1}`, barcodes: [barcodeOf(sku)] }));
  const command = by(OPERATOR, asOpId('opening-catalog'));
  must(await store.rpc.publishCatalog({ ...command, storeName: 'Indiranagar', catalogVersion: 1, cards }));
  const lines = SKUS.map((sku) => ({ sku, quantity: 20 }));
  must(await store.rpc.receive({ ...command, opId: asOpId('opening-goods'), receiptId: 'GRN-OPENING', lines }));
}

function sceneOf(store: TestStore): Scene {
  function notHere(): never {
    throw new Error('this act is not for here');
  }
  return { nowMs: () => Date.now(), store: () => store.rpc, rows: notHere, taskLines: notHere, tell: notHere };
}

/** An order over the floor by a tablet whose socket sleeps with the object. */
function floorOf(store: TestStore): (() => Promise<unknown>)[] {
  const own = orderActor(ORDER);
  const lines = [{ sku: SKUS[0] ?? missing(), quantity: 2 }];
  const named = { holdId: asHoldId(`hld_${'9'.repeat(26)}`), orderId: ORDER };
  let socket: HandSocket | undefined;
  function say(id: string, command: Record<string, unknown>): () => Promise<unknown> {
    return () => (socket ?? missing()).act({ taskId: ORDER, ...command }, id);
  }
  return [
    () => store.rpc.receive({ ...by(OPERATOR, asOpId('floor-goods')), receiptId: 'GRN-FLOOR', lines }),
    () => store.rpc.hold({ ...by(own, asOpId('floor-hold')), ...named, kind: 'order', lines }),
    () =>
      store.rpc.commit({ ...by(own, asOpId('floor-commit')), ...named, orderNumber: 'K-99', promisedAtMs: Date.now() }),
    async () => {
      socket = await openTablet(store);
      return null;
    },
    say('floor-accept', { do: 'accept' }),
    say('floor-claim', { do: 'claim' }),
    say('floor-scan', { do: 'scan', barcode: barcodeOf(lines[0]?.sku ?? missing()) }),
    say('floor-short', { do: 'short', sku: lines[0]?.sku, quantity: 1, reason: 'DAMAGED' }),
    say('floor-pack', { do: 'pack', bags: [{ seal: 'SEAL-99', size: 'S', zone: 'ambient' }] }),
    () =>
      store.rpc.announceCourier({
        ...by(own, asOpId('floor-courier')),
        orderId: ORDER,
        courierId: COURIER,
        handoverCode: HANDOVER_CODE,
      }),
    say('floor-handover', { do: 'handover', code: HANDOVER_CODE, seals: ['SEAL-99'] }),
  ];
}

function openTablet(store: TestStore): Promise<HandSocket> {
  return openSocket(store.stub, upgradeRequest(pickerActor(0), { ticketId: 'ticket-of-the-floor' }));
}

function missing(): never {
  throw new Error('the cast is not complete');
}

/** An eviction comes when nothing is under way. */
async function published(store: TestStore): Promise<void> {
  // Not `vi.waitUntil`, which runs a clock on that it did not start.
  while (must(await store.rpc.audit(OPERATOR)).unpublishedEvents > 0) await scheduler.wait(5);
}

test.each([1, 2])(
  'history %i, with an eviction before every command and every scan, leaves the same rows and answers behind',
  { timeout: 120_000 },
  async (seed) => {
    const [drawn = []] = fc.sample(anyActs, { seed, numRuns: 1 });
    // Plain objects, as they come over a wire: drawn ones have no prototype, which no call takes.
    const acts = JSON.parse(JSON.stringify(drawn)) as readonly Act[];
    const straight = await play(acts, false);
    const evicted = await play(acts, true);
    expect(evicted.answers).toBe(straight.answers);
    expect(difference(straight.state, evicted.state)).toBeNull();
    expect(straight.answers).toContain('HANDED_OVER');
    expect(acts.length).toBeGreaterThan(10);
  },
);
