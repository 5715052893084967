import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from './allocate.ts';

test('what does not divide goes to the largest remainders, of equal ones to the earlier [P5]', () => {
  expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
  expect(allocate(100, [1, 2, 3])).toEqual([17, 33, 50]);
  expect(allocate(5, [3, 0, 3])).toEqual([3, 0, 2]);
  expect(allocate(0, [0, 0])).toEqual([0, 0]);
  expect(allocate(0, [])).toEqual([]);
});

test('the parts add up, none is negative, a weight of nothing gets nothing, and a part is no more than a unit off [P5]', () => {
  const weights = fc.array(fc.nat(1_000_000_000), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(weights, fc.nat(Number.MAX_SAFE_INTEGER), (ws, amount) => {
      const sum = ws.reduce((all, weight) => all + weight, 0);
      fc.pre(sum > 0);
      const parts = allocate(amount, ws);
      expect(parts.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(amount));
      parts.forEach((part, place) => {
        const weight = ws[place] ?? 0;
        expect(part).toBeGreaterThanOrEqual(0);
        expect(weight > 0 || part === 0).toBe(true);
        const off = BigInt(part) * BigInt(sum) - BigInt(amount) * BigInt(weight);
        expect(off > -BigInt(sum) && off < BigInt(sum)).toBe(true);
        expect(amount > sum || part <= weight).toBe(true);
      });
    }),
  );
});

test('refuses what is no amount', () => {
  expect(() => allocate(-1, [1])).toThrow('integers');
  expect(() => allocate(1.5, [1])).toThrow('integers');
  expect(() => allocate(1, [0])).toThrow('something');
});
