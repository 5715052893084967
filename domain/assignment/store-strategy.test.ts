import { expect, test } from 'vitest';
import { asStoreId } from '../shared/ids.ts';
import { PROXIMITY, rankStores } from './store-strategy.ts';
import type { StoreStrategy } from './store-strategy.ts';

function option(n: number, distanceM: number, hasAll: boolean) {
  return { storeId: asStoreId(`sto_${String(n).padStart(26, '0')}`), distanceM, hasAll };
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
