import { beforeEach, expect, test, vi } from 'vitest';
import type { NetworkSnapshot } from '../contracts/snapshots.ts';
import { NetworkCache } from './network.ts';
import type { NetworkSource } from './network.ts';

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

function snapshot(version: number): NetworkSnapshot {
  return { version, publishedAt: '2026-01-31T09:30:00.000Z', cities: [], zones: [], stores: [] };
}

function setUp() {
  const cache = new NetworkCache();
  const state = { nowMs: 0, text: null as string | null, reads: 0, down: false };
  const behind: Promise<unknown>[] = [];
  const source: NetworkSource = {
    read: () => {
      state.reads += 1;
      return state.down ? Promise.reject(new Error('KV is away')) : Promise.resolve(state.text);
    },
    waitUntil: (work) => {
      behind.push(work);
    },
    nowMs: () => state.nowMs,
  };
  return {
    state,
    cache,
    async version(): Promise<number | string> {
      const result = await cache.get(source);
      return result.ok ? result.value.version : result.error.code;
    },
    settle: () => Promise.all(behind.splice(0)),
  };
}

test('nothing published is a refusal, and looked for again each time', async () => {
  const shop = setUp();
  expect([await shop.version(), await shop.version()]).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  shop.state.text = JSON.stringify(snapshot(1));
  expect(await shop.version()).toBe(1);
});

test('is served at once for five seconds, and after that refreshed behind the answer [C9]', async () => {
  const shop = setUp();
  shop.state.text = JSON.stringify(snapshot(1));
  await shop.version();
  shop.state.text = JSON.stringify(snapshot(2));
  shop.state.nowMs = 5_000;
  expect([await shop.version(), shop.state.reads]).toEqual([1, 1]);
  shop.state.nowMs = 5_001;
  // Three at once start one refresh, and none waits for it.
  expect(await Promise.all([shop.version(), shop.version(), shop.version()])).toEqual([1, 1, 1]);
  await shop.settle();
  expect([await shop.version(), shop.state.reads]).toEqual([2, 2]);
});

test('with KV away it goes on as it was, and asks every five seconds [X7]', async () => {
  const shop = setUp();
  shop.state.text = JSON.stringify(snapshot(1));
  await shop.version();
  shop.state.down = true;
  for (let i = 1; i <= 10; i += 1) {
    shop.state.nowMs = i * 1_000 + 1;
    expect(await shop.version()).toBe(1);
    await shop.settle();
  }
  expect(shop.state.reads).toBe(2);
});

test('never goes back to an older version [C9]', async () => {
  const shop = setUp();
  shop.cache.replace(snapshot(7), 0);
  shop.state.text = JSON.stringify(snapshot(6));
  shop.state.nowMs = 6_000;
  await shop.version();
  await shop.settle();
  expect(await shop.version()).toBe(7);
});
