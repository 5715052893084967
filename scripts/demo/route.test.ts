import { expect, test } from 'vitest';
import { distanceM } from '../../domain/shared/geo.ts';
import { pointAway, positionsAlong } from './route.ts';

const HERE = { lat: 12.97, lng: 77.64 };

test.each([0, 0.125, 0.25, 0.6, 0.99])('a point in any direction is as far away as asked (%s turns)', (turns) => {
  expect(Math.abs(distanceM(HERE, pointAway(HERE, 800, turns)) - 800)).toBeLessThanOrEqual(1);
});

test('a ride ends at its goal and never jumps', () => {
  const goal = pointAway(HERE, 95, 0.3);
  const ride = positionsAlong(HERE, goal, 10, 1_000);
  expect(ride).toHaveLength(10);
  expect(ride.at(-1)).toEqual(goal);
  const hops = ride.map((position, index) => distanceM(ride[index - 1] ?? HERE, position));
  expect(Math.max(...hops)).toBeLessThanOrEqual(10);
});

test('who is there already does not ride', () => {
  expect(positionsAlong(HERE, HERE, 10, 1_000)).toEqual([]);
});
