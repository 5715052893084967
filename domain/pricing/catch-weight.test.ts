import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byWeight, ceilingGrams, chargedGrams, DEFAULT_WEIGHT_TOLERANCE_PPM, findWeight } from './catch-weight.ts';
import type { Weighed } from './catch-weight.ts';

const PAPAYA: Weighed = { nominalGrams: 1_000, tolerancePpm: DEFAULT_WEIGHT_TOLERANCE_PPM };
const anyWeighed = fc.record({
  nominalGrams: fc.integer({ min: 1, max: 100_000 }),
  tolerancePpm: fc.integer({ min: 0, max: 1_000_000 }),
});
const units = fc.integer({ min: 1, max: 99 });

describe('what is sold by weight', () => {
  test.each([
    [899, 'UNDER', 899],
    [900, 'WITHIN', 900],
    [1_000, 'WITHIN', 1_000],
    [1_100, 'WITHIN', 1_100],
    [1_101, 'OVER', 1_100],
    [9_000, 'OVER', 1_100],
  ] as const)('of 1 kg at a tenth: %i g is %s and charged as %i g [P5] [Y7]', (grams, finding, charged) => {
    expect(findWeight(PAPAYA, 1, grams)).toBe(finding);
    expect(chargedGrams(PAPAYA, 1, grams)).toBe(charged);
  });

  test('has one price to the gram, rounded half up', () => {
    expect([333, 1_000, 1_004, 1_005].map((grams) => byWeight(100, 1_000, grams))).toEqual([33, 100, 100, 101]);
  });

  test('is never charged above its ceiling, nor for a gram that was not on the scale [Y7]', () => {
    fc.assert(
      fc.property(anyWeighed, units, fc.nat(10_000_000), fc.nat(10_000_000), (weighed, quantity, grams, minor) => {
        const charged = chargedGrams(weighed, quantity, grams);
        const ceiling = ceilingGrams(weighed, quantity);
        expect(charged).toBe(grams <= ceiling ? grams : ceiling);
        expect(charged < grams).toBe(findWeight(weighed, quantity, grams) === 'OVER');
        expect(byWeight(minor, weighed.nominalGrams, charged)).toBeLessThanOrEqual(
          byWeight(minor, weighed.nominalGrams, ceiling),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('costs what was quoted at its nominal weight, which is always within the tolerance [P5]', () => {
    fc.assert(
      fc.property(anyWeighed, units, fc.nat(10_000_000), (weighed, quantity, unitPriceMinor) => {
        const grams = quantity * weighed.nominalGrams;
        expect(findWeight(weighed, quantity, grams)).toBe('WITHIN');
        expect(byWeight(unitPriceMinor, weighed.nominalGrams, grams)).toBe(quantity * unitPriceMinor);
      }),
      { numRuns: 500 },
    );
  });
});
