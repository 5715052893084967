import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AvailabilityAnswer } from '../contracts/rpc/store.ts';
import { asStoreId } from '../domain/shared/ids.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { STALE_MAX_MS } from '../domain/inventory/availability-feed.ts';
import { IDLE_LOAD } from '../test/support/idle-load.ts';
import { StockReplica } from './replica.ts';
import type { StockSource } from './replica.ts';

const STORE = asStoreId('sto_00000000000000000000000001');

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

/** A store whose stock changes under the replica's hands, and a clock that only moves when told. */
class FakeStore implements StockSource {
  clockMs = 10_000;
  version = 1;
  nextAfterMs = 50;
  load = IDLE_LOAD;
  stock = new Map([['MILK', 5]]);
  questions: number[] = [];
  waiting: Promise<unknown>[] = [];
  timers: { dueMs: number; ring: () => void }[] = [];
  /** What a question does before it is answered. */
  before: () => Promise<void> = () => Promise.resolve();

  sell(sku: string, left: number): void {
    this.version += 1;
    this.stock.set(sku, left);
  }
  async ask(storeId: StoreId, since: number): Promise<AvailabilityAnswer> {
    this.questions.push(since);
    await this.before();
    const { version, nextAfterMs } = this;
    return {
      storeId,
      version,
      full: since === 0,
      items: [...this.stock],
      catalogVersion: 7,
      open: true,
      nextAfterMs,
      load: this.load,
    };
  }
  waitUntil(work: Promise<unknown>): void {
    this.waiting.push(work);
  }
  wait(ms: number): Promise<void> {
    const timer = Promise.withResolvers<void>();
    this.timers.push({ dueMs: this.clockMs + ms, ring: timer.resolve });
    return timer.promise;
  }
  /** Lets time pass, 10 ms at a time, and everything happen that it brings. */
  async pass(ms: number): Promise<void> {
    await setImmediate();
    for (const endMs = this.clockMs + ms; this.clockMs < endMs; await setImmediate()) {
      this.clockMs += Math.min(10, endMs - this.clockMs);
      for (const { dueMs, ring } of this.timers) if (dueMs <= this.clockMs) ring();
    }
  }
  nowMs(): number {
    return this.clockMs;
  }
}

function setUp() {
  const store = new FakeStore();
  const replica = new StockReplica();
  return {
    store,
    replica,
    async read(): Promise<{ units?: number | undefined; ageMs?: number; stale?: boolean; code?: string }> {
      const result = await replica.read(STORE, store);
      if (!result.ok) return { code: result.error.code };
      const { stock, ageMs, stale } = result.value;
      return { units: stock.available.get('MILK'), ageMs, stale };
    },
  };
}

test('asks once and shows the answer for 50 ms, then asks for what changed since [C6]', async () => {
  const shop = setUp();
  expect(await shop.read()).toEqual({ units: 5, ageMs: 0, stale: false });
  shop.store.sell('MILK', 3);
  shop.store.clockMs += 50;
  expect(await shop.read()).toEqual({ units: 5, ageMs: 50, stale: false });
  shop.store.clockMs += 1;
  expect(await shop.read()).toEqual({ units: 3, ageMs: 0, stale: false });
  expect(shop.store.questions).toEqual([0, 1]);
});

test('asks no sooner than the store allows [C6]', async () => {
  const shop = setUp();
  shop.store.nextAfterMs = 400;
  await shop.read();
  shop.store.clockMs += 400;
  expect(await shop.read()).toEqual({ units: 5, ageMs: 400, stale: false });
  expect(shop.store.questions).toHaveLength(1);
});

test('a store that is slow to answer is shown as it was, labelled, up to a second old [C6]', async () => {
  const shop = setUp();
  await shop.read();
  const answer = Promise.withResolvers<void>();
  shop.store.before = () => answer.promise;
  shop.store.clockMs += 60;
  const asker = shop.read();
  // Another request does not ask a second time.
  expect(await shop.read()).toEqual({ units: 5, ageMs: 60, stale: true });
  await shop.store.pass(100);
  expect(await asker).toEqual({ units: 5, ageMs: 160, stale: true });
  expect(shop.store.questions).toHaveLength(2);
  shop.store.sell('MILK', 1);
  answer.resolve();
  await Promise.all(shop.store.waiting);
  expect(await shop.read()).toMatchObject({ units: 1 });
});

test('nothing older than a second is shown, not even labelled [C6]', async () => {
  const shop = setUp();
  await shop.read();
  shop.store.before = () => Promise.reject(new Error('overloaded'));
  shop.store.clockMs += STALE_MAX_MS;
  expect(await shop.read()).toEqual({ units: 5, ageMs: STALE_MAX_MS, stale: true });
  shop.store.clockMs += 1;
  expect(await shop.read()).toEqual({ code: 'STORE_BUSY' });
});

test('a crowd on a cold isolate asks once, and nobody waits for another one to the end [C9]', async () => {
  const shop = setUp();
  const answer = Promise.withResolvers<void>();
  shop.store.before = () => answer.promise;
  const crowd = Array.from({ length: 50 }, () => shop.read());
  await shop.store.pass(20);
  answer.resolve();
  await shop.store.pass(20);
  expect(new Set((await Promise.all(crowd)).map(({ units }) => units))).toEqual(new Set([5]));
  expect(shop.store.questions).toHaveLength(1);
});

test('a question that is lost with its request is asked again by a follower', async () => {
  const shop = setUp();
  const lost = Promise.withResolvers<void>();
  shop.store.before = () => lost.promise;
  const first = shop.read();
  const second = shop.read();
  shop.store.before = () => Promise.resolve();
  await shop.store.pass(250);
  expect(await second).toMatchObject({ units: 5 });
  expect(shop.store.questions).toHaveLength(2);
  lost.resolve();
  expect(await first).toMatchObject({ units: 5 });
});

test('an answer that comes back after a newer one changes nothing', async () => {
  const shop = setUp();
  await shop.read();
  const late = Promise.withResolvers<void>();
  shop.store.before = () => late.promise;
  shop.store.clockMs += 60;
  const asker = shop.read();
  await shop.store.pass(100);
  expect(await asker).toMatchObject({ stale: true });
  shop.store.before = () => Promise.resolve();
  shop.store.clockMs += 1_000;
  shop.store.sell('MILK', 2);
  expect(await shop.read()).toMatchObject({ units: 2 });
  shop.store.stock.set('MILK', 9);
  late.resolve();
  await Promise.all(shop.store.waiting);
  expect(await shop.read()).toMatchObject({ units: 2 });
});
