import { expect, test } from 'vitest';
import { asStoreId } from '../shared/ids.ts';
import { explainRanking, PROXIMITY, rankStores, SOONEST, strategyOf } from './store-strategy.ts';
import type { StoreOption, StoreStrategy } from './store-strategy.ts';

function option(n: number, distanceM: number, hasAll: boolean) {
  const storeId = asStoreId(`sto_${String(n).padStart(26, '0')}`);
  return { storeId, distanceM, hasAll, readyP90Ms: 96_000, drainPpm: 100_000, throttled: false };
}
function ranked<O extends StoreOption>(options: readonly O[], strategy: StoreStrategy): readonly O[] {
  return rankStores(options, strategy).map(({ option: best }) => best);
}
const near = option(1, 300, false);
const middle = option(2, 900, true);
const far = option(3, 2_000, true);

test('a store that has the whole basket comes before a nearer one that does not [F1]', () => {
  expect(ranked([far, near, middle], PROXIMITY)).toEqual([middle, far, near]);
});

test('equally good stores come in a fixed order, so that a retry finds the same one [F1]', () => {
  const twin = { ...middle, storeId: option(9, 0, true).storeId };
  expect(ranked([twin, middle], PROXIMITY)).toEqual([middle, twin]);
  expect(ranked([middle, twin], PROXIMITY)).toEqual([middle, twin]);
});

test('another strategy prefers another store [F2]', () => {
  const farthest: StoreStrategy = { name: 'farthest', score: ({ distanceM }) => ({ score: -distanceM, terms: {} }) };
  expect(ranked([near, middle, far], farthest)).toEqual([far, middle, near]);
});

test('the soonest store at the door wins: a busy one nearby comes after an idle one further away [F1] [F3]', () => {
  const busy = { ...option(4, 300, true), readyP90Ms: 600_000 };
  expect(ranked([busy, middle], SOONEST)).toEqual([middle, busy]);
  expect(ranked([{ ...busy, readyP90Ms: 96_000 }, middle], SOONEST)).toMatchObject([{ distanceM: 300 }, middle]);
  expect(SOONEST.score(middle)).toEqual({ score: 450_000, terms: { readyP90Ms: 96_000, rideMs: 354_000 } });
});

test('a throttled store is the last choice of those that have the basket, before those that have not [F3]', () => {
  const throttled = { ...middle, throttled: true };
  expect(ranked([near, throttled, far], SOONEST)).toEqual([far, throttled, near]);
});

test('each strategy prefers by its own measure, and says by how much [F1] [F2]', () => {
  const close = { ...option(1, 300, true), readyP90Ms: 500_000, drainPpm: 900_000 };
  const idle = { ...option(2, 2_000, true), readyP90Ms: 60_000, drainPpm: 500_000 };
  const full = { ...option(3, 1_500, true), readyP90Ms: 300_000, drainPpm: 10_000 };
  const all = [idle, full, close];
  expect(ranked(all, strategyOf({ strategy: 'proximity' }))[0]).toBe(close);
  expect(ranked(all, strategyOf({ strategy: 'capacity' }))[0]).toBe(idle);
  expect(ranked(all, strategyOf({ strategy: 'inventory' }))[0]).toBe(full);
  expect(ranked(all, strategyOf({ strategy: 'soonest' }))[0]).toBe(close);
  const weights = { proximity: 1_000, capacity: 1_000, inventory: 1_000 };
  const hybrid = strategyOf({ strategy: 'hybrid', weights });
  expect(ranked(all, hybrid)[0]).toBe(full);
  expect(hybrid.score(full)).toEqual({ score: 1_260, terms: { proximity: 750, capacity: 500, inventory: 10 } });
  const onlyNear = strategyOf({ strategy: 'hybrid', weights: { proximity: 1, capacity: 0, inventory: 0 } });
  expect(ranked(all, onlyNear)[0]).toBe(close);
});

test('a ranking is kept with every store and its terms, best first [F1]', () => {
  const strategy = strategyOf({ strategy: 'proximity' });
  expect(explainRanking(strategy, rankStores([far, near], strategy))).toEqual({
    strategy: 'proximity',
    stores: [
      { storeId: far.storeId, hasAll: true, throttled: false, score: 2_000, terms: { distanceM: 2_000 } },
      { storeId: near.storeId, hasAll: false, throttled: false, score: 300, terms: { distanceM: 300 } },
    ],
  });
});
