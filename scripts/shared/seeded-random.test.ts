import { describe, expect, test } from 'vitest';
import { drawSome, drawWhole, seededRandom } from './seeded-random.ts';

describe('seeded random', () => {
  test('the same seed draws the same numbers, another seed others', () => {
    function draw(seed: number): number[] {
      return Array.from({ length: 5 }, seededRandom(seed));
    }
    expect(draw(7)).toEqual(draw(7));
    expect(draw(8)).not.toEqual(draw(7));
  });

  test('stays within 0 and 1 and is spread over it', () => {
    const random = seededRandom(1);
    const tenths = Array.from({ length: 10_000 }, () => Math.floor(random() * 10));
    expect([...new Set(tenths)].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('a whole number reaches both of its bounds', () => {
    const random = seededRandom(3);
    const drawn = new Set(Array.from({ length: 200 }, () => drawWhole(random, 2, 4)));
    expect([...drawn].toSorted((a, b) => a - b)).toEqual([2, 3, 4]);
  });

  test('some of a list are different ones, and all of it when more are asked for', () => {
    const drawn = drawSome(seededRandom(5), ['a', 'b', 'c', 'd'], 3);
    expect(new Set(drawn).size).toBe(3);
    expect(drawSome(seededRandom(5), ['a', 'b'], 9).toSorted()).toEqual(['a', 'b']);
  });
});
