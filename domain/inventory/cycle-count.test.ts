import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyOf, expectedUnits, isAccurate, isBelieved, judgeCount } from './cycle-count.ts';
import type { ShelfUnits } from './cycle-count.ts';

const anyShelf: fc.Arbitrary<ShelfUnits> = fc.record({
  available: fc.nat(20),
  inDoubt: fc.nat(20),
  setAside: fc.nat(20),
  held: fc.nat(20),
  allocated: fc.nat(20),
});

describe('a count', () => {
  it.each([
    ['exactly right', { attempt: 1, varianceUnits: 0 }, null, 100, true],
    ['two units off on a small shelf', { attempt: 1, varianceUnits: -2 }, null, 3, true],
    ['three units off on a small shelf', { attempt: 1, varianceUnits: -3 }, null, 3, false],
    ['a tenth off on a large shelf', { attempt: 1, varianceUnits: 10 }, null, 100, true],
    ['more than a tenth off', { attempt: 1, varianceUnits: -11 }, null, 100, false],
    ['the second time as far off', { attempt: 2, varianceUnits: -11 }, { attempt: 1, varianceUnits: -11 }, 90, true],
    ['off another way', { attempt: 2, varianceUnits: 14 }, { attempt: 1, varianceUnits: -11 }, 100, false],
    ['the third', { attempt: 3, varianceUnits: 40 }, { attempt: 2, varianceUnits: -11 }, 100, true],
  ])('that is %s is believed: %o after %o of %i: %s', (_what, count, before, expected, believed) => {
    expect(isBelieved(count, before, expected)).toBe(believed);
  });

  it('clears every doubt and explains every missing unit once [R2]', () => {
    fc.assert(
      fc.property(anyShelf, fc.nat(120), (shelf, counted) => {
        const verdict = judgeCount(shelf, counted);
        expect(verdict.varianceUnits).toBe(counted - expectedUnits(shelf));
        expect(verdict.clearedUnits).toBe(shelf.inDoubt);
        expect(verdict.shortfallUnits).toBeLessThanOrEqual(shelf.held + shelf.allocated);
        expect(verdict.missingSetAside).toBeLessThanOrEqual(shelf.setAside);
        const free = shelf.available + shelf.inDoubt + verdict.shortfallUnits + verdict.missingSetAside;
        expect(free + verdict.varianceUnits).toBeGreaterThanOrEqual(0);
        expect(verdict.shortfallUnits === 0 || free + verdict.varianceUnits === 0).toBe(true);
        expect(verdict.missingSetAside === 0 || verdict.shortfallUnits === shelf.held + shelf.allocated).toBe(true);
      }),
    );
  });

  it('is accurate within 1 %, which on a small shelf is to the unit', () => {
    const shelf = { available: 100, inDoubt: 0, setAside: 0, held: 0, allocated: 0 };
    expect([99, 100, 101, 98, 102].map((counted) => isAccurate(judgeCount(shelf, counted)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isAccurate(judgeCount({ ...shelf, available: 10 }, 9))).toBe(false);
  });
});

describe('accuracyOf', () => {
  it('is by counts and by units; surplus does not make up for loss [R2]', () => {
    const sums = { counts: 10, accurateCounts: 9, expectedUnits: 1000, absoluteVarianceUnits: 8 };
    expect(accuracyOf(sums)).toEqual({ countAccuracy: 0.9, unitAccuracy: 0.992 });
  });
  it('says nothing when nothing was counted', () => {
    const none = { counts: 0, accurateCounts: 0, expectedUnits: 0, absoluteVarianceUnits: 0 };
    expect(accuracyOf(none)).toEqual({ countAccuracy: null, unitAccuracy: null });
  });
  it('is 0 when nothing was expected and something was there, and never less', () => {
    expect(accuracyOf({ counts: 1, accurateCounts: 0, expectedUnits: 0, absoluteVarianceUnits: 3 }).unitAccuracy).toBe(
      0,
    );
    expect(accuracyOf({ counts: 1, accurateCounts: 0, expectedUnits: 2, absoluteVarianceUnits: 9 }).unitAccuracy).toBe(
      0,
    );
  });
});
