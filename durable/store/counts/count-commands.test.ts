import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { asHoldId, asOpId, asOrderId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import { eventsIn, holdStock, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { planCounts, requestCount, startCount, submitCount } from './count-commands.ts';
import { reconcile, reportAccuracy } from './count-questions.ts';
import { reportNotFound } from './count-not-found.ts';
import { blockStock, unblockStock, writeOffStock } from '../goods/goods-commands.ts';
import { commitToOrder } from '../holds/hold-commands.ts';
import { SWEEP_AFTER_MS, sweepLedger } from '../ledger/auditor.ts';
import { liftQuarantine } from '../ledger/lift-quarantine.ts';

const TEA = asSku('TEA');
const DAY_MS = 24 * 60 * 60 * 1000;
const ASHA = operator(1);
const RAVI = operator(2);
function operator(n: number) {
  return { kind: 'operator', userId: asUserId(`usr_${String(n).padStart(26, '0')}`) } as const;
}

let ops = 0;
function by(actor = ASHA) {
  ops += 1;
  return { v: RPC_VERSION, actor, opId: asOpId(`op-${String(ops).padStart(8, '0')}`) } as const;
}
function must<T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
function levelOf({ books }: StoreWorld, sku: Sku = TEA) {
  return books.stock.accounts([sku]).get(sku)?.level;
}
function ids(n: number) {
  const body = String(n).padStart(26, '0');
  return { holdId: asHoldId(`hld_${body}`), orderId: asOrderId(`ord_${body}`) };
}
/** A hold of so many packs of tea. */
function hold({ books }: StoreWorld, n: number, kind: 'cart' | 'order', quantity: number, nowMs: number): void {
  const { holdId, orderId } = ids(n);
  const lines = [{ sku: TEA, quantity }];
  must(holdStock(books, { ...by(), holdId, kind, ...(kind === 'order' && { orderId }), lines }, lines, nowMs));
}
/** An order on the floor that is promised so many packs of tea. */
function place(world: StoreWorld, n: number, quantity: number, promisedAtMs: number): void {
  hold(world, n, 'order', quantity, 0);
  must(commitToOrder(world.books, { ...by(), ...ids(n), orderNumber: `K-${n}`, promisedAtMs }, 0));
}
function count({ books }: StoreWorld, quantity: number, nowMs = 1_000, sku: Sku = TEA) {
  const { countId } = must(requestCount(books, { ...by(), do: 'RequestCount', sku }, nowMs));
  must(startCount(books, { ...by(), do: 'StartCount', countId }, nowMs));
  return must(submitCount(books, { ...by(), do: 'SubmitCount', countId, quantity }, nowMs));
}

describe('a cycle count', () => {
  it('is blind: it names the shelf and never what should be on it', () => {
    const { books } = openStoreWorld({ TEA: 7 });
    const task = must(requestCount(books, { ...by(), do: 'RequestCount', sku: TEA }, 5));
    const started = must(startCount(books, { ...by(), do: 'StartCount', countId: task.countId }, 6));
    expect(started).toEqual({
      countId: task.countId,
      sku: 'TEA',
      name: 'TEA',
      bin: 'A01-1-1',
      reason: 'REQUESTED',
      status: 'COUNTING',
      attempt: 1,
      counterId: ASHA.userId,
      requestedAtMs: 5,
      risk: 1,
    });
  });

  it('posts the variance as a movement, up and down, with the promises left alone [I6] [R2]', () => {
    const world = openStoreWorld({ TEA: 10 });
    place(world, 1, 3, 100);
    expect(count(world, 8)).toMatchObject({
      outcome: 'COUNTED',
      expected: 10,
      variance: -2,
      shortfall: 0,
      available: 5,
    });
    expect(levelOf(world)).toMatchObject({ adjusted: -2, available: 5, allocated: 3 });
    expect(count(world, 9)).toMatchObject({ expected: 8, variance: 1, available: 6 });
    expect(world.books.audit().discrepancies).toEqual([]);
  });

  it('counts what was picked as gone from the shelf', () => {
    const world = openStoreWorld({ TEA: 10 });
    place(world, 1, 3, 100);
    const cause = { opId: asOpId('op-pick-0'), orderId: ids(1).orderId };
    world.books.stock.postTo([{ kind: 'picked', sku: TEA, quantity: 3, ...cause }], { actor: ASHA, atMs: 1 });
    expect(count(world, 7)).toMatchObject({ expected: 7, variance: 0 });
  });

  it('asks for a second count when it is far off, and tells nobody by how much', () => {
    const world = openStoreWorld({ TEA: 10 });
    expect(count(world, 4)).toEqual({ outcome: 'RECOUNT', countId: 1, sku: TEA, attempt: 2 });
    expect(levelOf(world)).toMatchObject({ available: 10, adjusted: 0 });
    expect(count(world, 7)).toMatchObject({ outcome: 'RECOUNT', attempt: 3 });
    expect(count(world, 4)).toMatchObject({ outcome: 'COUNTED', variance: -6, available: 4 });
  });

  it('believes the second count when it finds the same', () => {
    const world = openStoreWorld({ TEA: 10 });
    count(world, 4);
    expect(count(world, 4)).toMatchObject({ outcome: 'COUNTED', variance: -6 });
  });

  it('clears what is in doubt and nothing else: not what was found before, nor what is damaged', () => {
    const world = openStoreWorld({ TEA: 6 });
    const { books } = world;
    const goods = { ...by(), sku: TEA, quantity: 6 };
    reportNotFound(books, { sku: TEA, cause: by(), hand: { actor: ASHA, atMs: 0 }, orderId: null });
    must(unblockStock(books, { ...goods, do: 'UnblockStock', reason: 'FOUND' }, 1));
    must(blockStock(books, { ...goods, ...by(), do: 'BlockStock', quantity: 2, reason: 'DAMAGED' }, 2));
    must(blockStock(books, { ...goods, ...by(), do: 'BlockStock', quantity: 1, reason: 'IN_DOUBT' }, 3));
    expect(levelOf(world)).toMatchObject({ available: 3, blocked: 3 });
    expect(count(world, 6)).toMatchObject({ outcome: 'COUNTED', variance: 0 });
    expect(levelOf(world)).toMatchObject({ available: 4, blocked: 2 });
  });

  it('knows of no more doubt than is blocked, whatever was thrown away or put up for sale again', () => {
    const world = openStoreWorld({ TEA: 6 });
    const { books } = world;
    reportNotFound(books, { sku: TEA, cause: by(), hand: { actor: ASHA, atMs: 0 }, orderId: null });
    const gone = { ...by(), do: 'WriteOffStock', sku: TEA, quantity: 2, reason: 'DAMAGE', from: 'blocked' } as const;
    must(writeOffStock(books, gone, 1));
    expect(books.shelves.inDoubt(9)).toEqual([{ sku: TEA, units: 4 }]);
    must(unblockStock(books, { ...by(), do: 'UnblockStock', sku: TEA, quantity: 3, reason: 'CHECKED' }, 2));
    expect(books.shelves.inDoubt(9)).toEqual([{ sku: TEA, units: 1 }]);
  });

  it('is not held against a level in doubt: what it would post is wrong by as much once the quarantine is lifted [R1]', () => {
    const world = openStoreWorld({ TEA: 10 });
    const { books, sql } = world;
    sql.run("UPDATE stock SET received = 5, available = 5 WHERE sku = 'TEA'");
    const { countId } = must(requestCount(books, { ...by(), do: 'RequestCount', sku: TEA }, 0));
    must(startCount(books, { ...by(), do: 'StartCount', countId }, 0));
    sweepLedger(books, SWEEP_AFTER_MS);
    const submit = { ...by(), do: 'SubmitCount', countId, quantity: 10 } as const;
    expect(submitCount(books, submit, SWEEP_AFTER_MS)).toMatchObject({
      ok: false,
      error: { code: 'COUNT_STATE', numbers: { status: 'COUNTING', quarantined: true } },
    });
    must(liftQuarantine(books, { ...by(), do: 'LiftQuarantine', sku: TEA }, SWEEP_AFTER_MS));
    expect(must(submitCount(books, submit, SWEEP_AFTER_MS))).toMatchObject({ outcome: 'COUNTED', variance: 0 });
    expect(levelOf(world)?.available).toBe(10);
  });

  it('is one open task a SKU, and one counter’s for half an hour', () => {
    const { books } = openStoreWorld({ TEA: 7 });
    const { countId } = must(requestCount(books, { ...by(), do: 'RequestCount', sku: TEA }, 0));
    expect(must(requestCount(books, { ...by(), do: 'RequestCount', sku: TEA }, 1)).countId).toBe(countId);
    const start = { do: 'StartCount', countId } as const;
    must(startCount(books, { ...by(), ...start }, 0));
    const minutes = 60_000;
    expect(startCount(books, { ...by(RAVI), ...start }, 29 * minutes)).toMatchObject({
      error: { code: 'COUNT_TAKEN' },
    });
    const submit = { do: 'SubmitCount', countId, quantity: 7 } as const;
    expect(submitCount(books, { ...by(RAVI), ...submit }, 1)).toMatchObject({ error: { code: 'COUNT_TAKEN' } });
    must(startCount(books, { ...by(RAVI), ...start }, 30 * minutes));
    must(submitCount(books, { ...by(RAVI), ...submit }, 31 * minutes));
    expect(submitCount(books, { ...by(RAVI), ...submit }, 32 * minutes)).toMatchObject({
      error: { code: 'COUNT_STATE' },
    });
  });

  it.each([
    ['of a SKU that the store does not sell', 'UNKNOWN_SKU'],
    ['that there is not', 'COUNT_NOT_FOUND'],
    ['that nobody started', 'COUNT_STATE'],
  ])('%s is refused: %s', (what, code) => {
    const { books } = openStoreWorld({ TEA: 7 });
    const asked = requestCount(books, { ...by(), do: 'RequestCount', sku: TEA }, 0);
    const { countId } = must(asked);
    const answer = {
      'of a SKU that the store does not sell': () =>
        requestCount(books, { ...by(), do: 'RequestCount', sku: asSku('COFFEE') }, 0),
      'that there is not': () => startCount(books, { ...by(), do: 'StartCount', countId: countId + 1 }, 0),
      'that nobody started': () => submitCount(books, { ...by(), do: 'SubmitCount', countId, quantity: 7 }, 0),
    }[what];
    expect(answer?.()).toMatchObject({ ok: false, error: { code } });
  });
});

describe('a count that finds fewer units than were promised', () => {
  it('ends the newest cart first, then the newest order’s hold, then shortens the latest promise [I3] [R1]', () => {
    const world = openStoreWorld({ TEA: 10 });
    place(world, 1, 2, 100);
    place(world, 2, 3, 200);
    hold(world, 3, 'order', 2, 10);
    hold(world, 4, 'cart', 2, 20);
    expect(levelOf(world)).toMatchObject({ available: 1, held: 4, allocated: 5 });
    count(world, 3);
    expect(count(world, 3)).toMatchObject({ outcome: 'COUNTED', variance: -7, shortfall: 6, available: 0 });
    expect(levelOf(world)).toMatchObject({ available: 0, held: 0, allocated: 3, adjusted: -7 });
    expect([3, 4].map((n) => world.books.holds.find(ids(n).holdId)?.status)).toEqual(['RELEASED', 'RELEASED']);
    expect(allocatedOf(world, 1)).toBe(2);
    expect(allocatedOf(world, 2)).toBe(1);
    expect(world.books.audit().discrepancies).toEqual([]);
    expect(reconcile(world.books, { ask: 'Reconcile', actor: ASHA }, 0)).toMatchObject({
      ledger: [],
      found: [{ sku: TEA, source: 'COUNT', expected: 10, counted: 3, shortfall: 6, endedHolds: 2, shortenedLines: 1 }],
    });
    expect(eventsIn(world, STORE_EVENTS, 'stock.discrepancy_found')).toEqual([
      { sku: 'TEA', source: 'COUNT', expected: 10, counted: 3, shortfall: 6, endedHolds: 2, shortenedLines: 1 },
    ]);
  });

  it('tells an order whose hold was ended that it is gone when it comes to commit', () => {
    const world = openStoreWorld({ TEA: 2 });
    hold(world, 1, 'order', 2, 10);
    expect(count(world, 0)).toMatchObject({ shortfall: 2 });
    const commit = { ...by(), ...ids(1), orderNumber: 'K-1', promisedAtMs: 100 };
    expect(commitToOrder(world.books, commit, 20)).toMatchObject({ ok: false, error: { code: 'HOLD_RELEASED' } });
  });

  it('gives back what an ended hold had beyond the shortfall', () => {
    const world = openStoreWorld({ TEA: 6 });
    hold(world, 1, 'cart', 4, 10);
    expect(count(world, 3)).toMatchObject({ outcome: 'RECOUNT' });
    expect(count(world, 3)).toMatchObject({ shortfall: 1, available: 3 });
    expect(levelOf(world)).toMatchObject({ held: 0, available: 3 });
  });
});

function allocatedOf({ books }: StoreWorld, n: number): number {
  const units = books.discrepancies.allocatedUnits(TEA).find(({ orderId }) => orderId === ids(n).orderId);
  return units?.quantity ?? 0;
}

describe('a scan that found nothing', () => {
  it('takes the rest of the shelf from sale at once, and a count puts it right [I9] [R1]', () => {
    const world = openStoreWorld({ TEA: 5 });
    const report = { sku: TEA, cause: { opId: asOpId('op-scan-1') }, hand: { actor: ASHA, atMs: 9 }, orderId: null };
    expect(reportNotFound(world.books, report)).toEqual({ blockedUnits: 5, countId: 1 });
    expect(levelOf(world)).toMatchObject({ available: 0, blocked: 5 });
    expect(reconcile(world.books, { ask: 'Reconcile', actor: ASHA }, 0)).toMatchObject({
      inDoubt: [{ sku: TEA, units: 5 }],
      openCounts: 1,
    });
    expect(world.books.counts.ranked(9)).toMatchObject([{ sku: TEA, reason: 'NOT_FOUND' }]);
    expect(count(world, 4)).toMatchObject({ expected: 5, variance: -1, available: 4 });
    expect(levelOf(world)).toMatchObject({ available: 4, blocked: 0, adjusted: -1 });
    expect(reconcile(world.books, { ask: 'Reconcile', actor: ASHA }, 0)).toMatchObject({ inDoubt: [], openCounts: 0 });
  });

  it('counts once, however often its command is repeated', () => {
    const world = openStoreWorld({ TEA: 30 });
    const report = { sku: TEA, cause: { opId: asOpId('op-scan-1') }, hand: { actor: ASHA, atMs: 9 }, orderId: null };
    expect(reportNotFound(world.books, report).blockedUnits).toBe(12);
    expect(reportNotFound(world.books, report)).toEqual({ blockedUnits: 0, countId: 1 });
    expect(levelOf(world)).toMatchObject({ available: 18, blocked: 12 });
    expect(reportNotFound(world.books, { ...report, cause: { opId: asOpId('op-scan-2') } }).blockedUnits).toBe(12);
  });

  it('doubts the units of a short pick too, and leaves alone what is blocked for another reason', () => {
    const world = openStoreWorld({ TEA: 6 });
    place(world, 1, 2, 100);
    const { stock } = world.books;
    const [cause, hand] = [{ opId: asOpId('op-short-1') }, { actor: ASHA, atMs: 9 }];
    stock.postTo([{ kind: 'blocked', sku: TEA, quantity: 1, ...cause, reason: 'EXPIRED' }], hand);
    stock.postTo([{ kind: 'shorted', sku: TEA, quantity: 2, ...cause }], hand);
    reportNotFound(world.books, { sku: TEA, cause, hand, orderId: ids(1).orderId, shortedUnits: 2 });
    expect(levelOf(world)).toMatchObject({ available: 0, blocked: 6 });
    expect(count(world, 4)).toMatchObject({ expected: 6, variance: -2, available: 3 });
    expect(levelOf(world)).toMatchObject({ blocked: 1 });
  });

  it('comes first among the counts', () => {
    const world = openStoreWorld({ EGGS: 5, MILK: 5, TEA: 5 });
    planCounts(world.books, { ...by(), do: 'PlanCounts', tasks: 2 }, 5);
    const report = { sku: TEA, cause: { opId: asOpId('op-scan-1') }, hand: { actor: ASHA, atMs: 9 }, orderId: null };
    reportNotFound(world.books, report);
    expect(world.books.counts.ranked(9).map(({ sku, reason }) => `${sku} ${reason}`)[0]).toBe('TEA NOT_FOUND');
  });
});

describe('planning and accuracy', () => {
  it('opens counts of the shelves that are most worth one, and none twice', () => {
    const world = openStoreWorld({ EGGS: 5, MILK: 5, TEA: 5 });
    count(world, 5, 10 * DAY_MS);
    const plan = { do: 'PlanCounts', tasks: 2 } as const;
    const { opened } = must(planCounts(world.books, { ...by(), ...plan }, 10 * DAY_MS));
    expect(opened.map(({ sku, reason }) => [sku, reason])).toEqual([
      ['EGGS', 'PLANNED'],
      ['MILK', 'PLANNED'],
    ]);
    const again = must(planCounts(world.books, { ...by(), ...plan }, 10 * DAY_MS));
    expect(again.opened.map(({ sku }) => sku)).toEqual(['TEA']);
  });

  it('reports how right the ledger was over the last days [R2] [I12]', () => {
    const world = openStoreWorld({ EGGS: 100, MILK: 100, TEA: 100 });
    count(world, 60, 0);
    count(world, 60, 0);
    count(world, 100, 40 * DAY_MS, asSku('EGGS'));
    count(world, 99, 40 * DAY_MS, asSku('MILK'));
    const ask = { ask: 'AskAccuracy', actor: ASHA } as const;
    expect(reportAccuracy(world.books, { ...ask, days: 30 }, 41 * DAY_MS)).toEqual({
      days: 30,
      counts: 2,
      accurateCounts: 2,
      expectedUnits: 200,
      absoluteVarianceUnits: 1,
      shrinkUnits: 1,
      countAccuracy: 1,
      unitAccuracy: 0.995,
      target: 0.99,
      onTarget: true,
    });
    expect(reportAccuracy(world.books, { ...ask, days: 60 }, 41 * DAY_MS)).toMatchObject({
      counts: 3,
      onTarget: false,
    });
  });
});
