import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

test.each([
  [[], 50, null],
  [[4], 50, 4],
  [[4], 99, 4],
  [[3, 1, 2], 50, 2],
  [[4, 3, 2, 1], 50, 2],
  [[10, 9, 2], 100, 10],
  [[10, 9, 2], 0, 2],
])('of %j the %i th percentile is %s', (values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected);
});

test('of a hundred values the 99th percentile leaves out the largest', () => {
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      99,
    ),
  ).toBe(99);
});
