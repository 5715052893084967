import { expect, test } from 'vitest';
import { asStoreId } from '../shared/ids.ts';
import { PROXIMITY, rankStores, SOONEST } from './store-strategy.ts';
import type { StoreStrategy } from './store-strategy.ts';

function option(n: number, distanceM: number, hasAll: boolean) {
  const storeId = asStoreId(`sto_${String(n).padStart(26, '0')}`);
  return { storeId, distanceM, hasAll, readyP90Ms: 96_000, throttled: false };
}
const near = option(1, 300, false);
const middle = option(2, 900, true);
const far = option(3, 2_000, true);

test('a store that has the whole basket comes before a nearer one that does not [F1]', () => {
  expect(rankStores([far, near, middle], PROXIMITY)).toEqual([middle, far, near]);
});

test('equally good stores come in a fixed order, so that a retry finds the same one [F1]', () => {
  const twin = { ...middle, storeId: option(9, 0, true).storeId };
  expect(rankStores([twin, middle], PROXIMITY)).toEqual([middle, twin]);
  expect(rankStores([middle, twin], PROXIMITY)).toEqual([middle, twin]);
});

test('another strategy prefers another store [F2]', () => {
  const farthest: StoreStrategy = { name: 'farthest', score: ({ distanceM }) => ({ score: -distanceM, terms: {} }) };
  expect(rankStores([near, middle, far], farthest)).toEqual([far, middle, near]);
});

test('the soonest store at the door wins: a busy one nearby comes after an idle one further away [F1] [F3]', () => {
  const busy = { ...option(4, 300, true), readyP90Ms: 600_000 };
  expect(rankStores([busy, middle], SOONEST)).toEqual([middle, busy]);
  expect(rankStores([{ ...busy, readyP90Ms: 96_000 }, middle], SOONEST)).toMatchObject([{ distanceM: 300 }, middle]);
  expect(SOONEST.score(middle)).toEqual({ score: 450_000, terms: { readyP90Ms: 96_000, rideMs: 354_000 } });
});

test('a throttled store is the last choice of those that have the basket, before those that have not [F3]', () => {
  const throttled = { ...middle, throttled: true };
  expect(rankStores([near, throttled, far], SOONEST)).toEqual([far, throttled, near]);
});
