import { describe, expect, it } from 'vitest';
import { afterCount, afterNotFound, riskOf } from './count-risk.ts';
import type { ShelfHistory } from './count-risk.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = 1_800_000_000_000;
const QUIET: ShelfHistory = { notFound: 0, shrinkUnits: 0, atMs: NOW_MS, countedAtMs: NOW_MS };

function score(history: ShelfHistory, valueMinor = 100): number {
  return riskOf(history, { valueMinor, usualValueMinor: 100, nowMs: NOW_MS }).score;
}

describe('riskOf', () => {
  it('is more after a scan that found nothing, after a loss, with value and with time', () => {
    const quiet = score(QUIET);
    expect(score(afterNotFound(QUIET, NOW_MS))).toBeGreaterThan(quiet + 0.2);
    expect(score(QUIET, 5_000)).toBeGreaterThan(quiet);
    const uncounted = { ...QUIET, countedAtMs: NOW_MS - 60 * DAY_MS };
    expect(score(uncounted)).toBeGreaterThan(quiet);
    expect(score({ ...uncounted, shrinkUnits: 3 })).toBeGreaterThan(score(uncounted));
    expect(score({ ...QUIET, shrinkUnits: 3 })).toBe(quiet);
    expect(score({ ...QUIET, countedAtMs: null })).toBe(score({ ...QUIET, countedAtMs: 0 }));
  });

  it('is between 0 and 1 and says what it is made of', () => {
    const worst = { notFound: 60, shrinkUnits: 60, atMs: NOW_MS, countedAtMs: null };
    expect(riskOf(worst, { valueMinor: 1e12, usualValueMinor: 1, nowMs: NOW_MS }).score).toBeCloseTo(1);
    expect(riskOf(QUIET, { valueMinor: 0, usualValueMinor: 0, nowMs: NOW_MS })).toEqual({
      score: 0,
      terms: { notFound: 0, shrink: 0, value: 0, age: 0 },
    });
  });

  it('has half forgotten a scan after a week, and a count explains it at once', () => {
    const scanned = afterNotFound(QUIET, NOW_MS);
    const later = afterNotFound({ ...scanned }, NOW_MS + 7 * DAY_MS);
    expect(later.notFound).toBeCloseTo(1.5);
    expect(afterCount(later, -2, NOW_MS + 7 * DAY_MS)).toEqual({
      notFound: 0,
      shrinkUnits: 2,
      atMs: NOW_MS + 7 * DAY_MS,
      countedAtMs: NOW_MS + 7 * DAY_MS,
    });
  });

  it('does not take a surplus for a loss', () => {
    expect(afterCount(QUIET, 5, NOW_MS).shrinkUnits).toBe(0);
  });
});
