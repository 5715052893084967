import { expect, test } from 'vitest';
import { ratioSpread, spread } from './ratios.ts';

test('the median of an even count lies between the two in the middle', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spread([])).toBeNull();
});

test('ratios are taken within a round, so that a slow moment touches both sides', () => {
  // Medians of the rates alone would say 100 / 20 = 5.
  expect(ratioSpread([100, 10, 400], [20, 5, 40])).toEqual({ median: 5, min: 2, max: 10 });
});

test('a round that scored nothing leaves nothing to compare with', () => {
  expect(ratioSpread([100, 100], [10, 0])).toBeNull();
  expect(ratioSpread([0, 0], [10, 10])).toEqual({ median: 0, min: 0, max: 0 });
});
