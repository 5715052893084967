import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CatalogSnapshot } from '../contracts/snapshots.ts';
import { asStoreId } from '../domain/shared/ids.ts';
import { Catalogs } from './catalogs.ts';
import type { CatalogSource } from './catalogs.ts';

const STORE = asStoreId('sto_00000000000000000000000001');
const SHOW = { mayBeOlder: true };
const PRICE = { mayBeOlder: false };

function setUp() {
  const catalogs = new Catalogs();
  const reads: string[] = [];
  const published = new Map<string, string>();
  const clock = { nowMs: 0 };
  const waits: (() => void)[] = [];
  let gate: Promise<void> = Promise.resolve();
  const source: CatalogSource = {
    async read(key) {
      reads.push(key);
      await gate;
      return published.get(key) ?? null;
    },
    waitUntil: () => undefined,
    wait: () => new Promise((resolve) => waits.push(resolve)),
    nowMs: () => clock.nowMs,
  };
  return {
    reads,
    clock,
    publish(version: number, id = STORE): void {
      const snapshot: CatalogSnapshot = { storeId: id, version, currency: 'INR', categories: [], products: [] };
      published.set(`catalog/${id}/${version}`, JSON.stringify(snapshot));
    },
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    /** Lets those who wait look once more. */
    async tick(): Promise<void> {
      await setImmediate();
      for (const look of waits.splice(0)) look();
      await setImmediate();
    },
    async version(wanted: number, options = SHOW, id = STORE): Promise<number | string> {
      const result = await catalogs.get(id, wanted, source, options);
      return result.ok ? result.value.version : result.error.code;
    },
  };
}

test('a version is read and parsed once [C9]', async () => {
  const shop = setUp();
  shop.publish(1);
  expect([await shop.version(1), await shop.version(1)]).toEqual([1, 1]);
  expect(shop.reads).toHaveLength(1);
});

test('while the next version is loaded, shoppers see the one before and prices wait for it [C9] [K4]', async () => {
  const shop = setUp();
  shop.publish(1);
  await shop.version(1);
  shop.publish(2);
  const release = shop.hold();
  const loader = shop.version(2);
  expect(await shop.version(2, SHOW)).toBe(1);
  const pricing = shop.version(2, PRICE);
  await shop.tick();
  release();
  expect(await loader).toBe(2);
  await shop.tick();
  expect(await pricing).toBe(2);
  expect(shop.reads).toHaveLength(2);
});

test('a version that KV does not show yet is answered by the one before; with none, by a refusal [C9]', async () => {
  const shop = setUp();
  expect(await shop.version(1)).toBe('UNAVAILABLE');
  shop.publish(1);
  expect(await shop.version(1)).toBe(1);
  expect(await shop.version(2, PRICE)).toBe(1);
  shop.publish(2);
  expect(await shop.version(2)).toBe(2);
});

test('a crowd on a cold isolate reads once [C9]', async () => {
  const shop = setUp();
  shop.publish(1);
  const release = shop.hold();
  const crowd = Array.from({ length: 20 }, () => shop.version(1));
  await shop.tick();
  release();
  await shop.tick();
  await shop.tick();
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([1]));
  expect(shop.reads).toHaveLength(1);
});

test('a load that was lost with its request is made again', async () => {
  const shop = setUp();
  shop.publish(1);
  const release = shop.hold();
  const lost = shop.version(1);
  await setImmediate();
  shop.clock.nowMs = 2_001;
  const next = shop.version(1);
  release();
  expect([await next, await lost]).toEqual([1, 1]);
  expect(shop.reads).toHaveLength(2);
});

test('keeps the sixteen stores used last', async () => {
  const shop = setUp();
  const ids = Array.from({ length: 17 }, (_, i) => asStoreId(`sto_${String(i).padStart(26, '0')}`));
  for (const id of ids) {
    shop.publish(1, id);
    await shop.version(1, SHOW, id);
  }
  shop.reads.length = 0;
  await shop.version(1, SHOW, ids[16]);
  await shop.version(1, SHOW, ids[1]);
  expect(shop.reads).toEqual([]);
  await shop.version(1, SHOW, ids[0]);
  expect(shop.reads).toEqual([`catalog/${ids[0]}/1`]);
});
