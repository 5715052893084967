import { describe, expect, test } from 'vitest';
import { admittedBoundMs, judgeOverload, type OverloadEvidence } from './judge.ts';
import type { Served } from './offered-load.ts';

function served(change: Partial<Served> = {}): Served {
  return {
    offeredPerS: 10_000,
    goodPerS: 900,
    p50Ms: 900,
    p99Ms: 1_500,
    good: 9_000,
    refused: 4_000,
    odd: new Map(),
    broken: 0,
    givenUp: 80_000,
    ...change,
  };
}
function evidence(change: Partial<OverloadEvidence> = {}): OverloadEvidence {
  return {
    maxPerS: 1_000,
    connections: 1_000,
    atTenfold: served(),
    after: served({ offeredPerS: 500, goodPerS: 499, givenUp: 0 }),
    rssMb: { before: 200, after: 300 },
    heldUnits: 9_500,
    acknowledged: 9_499,
    sent: 13_499,
    discrepancies: 0,
    ...change,
  };
}

test('a store that serves on, refuses in its own words and recovers keeps its promise [X2]', () => {
  expect(judgeOverload(evidence())).toEqual([]);
  expect(admittedBoundMs(evidence())).toBe(3_000);
});

describe('broken is the promise of a store', () => {
  test.each<[string, Partial<OverloadEvidence>, string]>([
    [
      'that serves less than four fifths',
      { atTenfold: served({ goodPerS: 799 }) },
      '799 holds a second of 1000 are left',
    ],
    ['that lets admitted holds wait', { atTenfold: served({ p99Ms: 3_001 }) }, 'took 3001 ms'],
    ['that breaks connections', { atTenfold: served({ broken: 2 }) }, '2 connections broke'],
    [
      'that answers with anything else',
      { atTenfold: served({ odd: new Map([['500 {}', 7]]) }) },
      '7 times the answer was 500 {}',
    ],
    ['that grows', { rssMb: { before: 200, after: 329 } }, 'grew by 129 MB'],
    ['that stays slow', { after: served({ offeredPerS: 500, goodPerS: 474 }) }, '474 of 500'],
    ['that loses what it acknowledged', { heldUnits: 9_498 }, '9499 holds were acknowledged, 9498 are there'],
    ['that holds what nobody asked for', { heldUnits: 13_500 }, '13500 holds are there'],
    ['whose ledger differs', { discrepancies: 1 }, '1 SKUs'],
  ])('%s', (_, change, words) => {
    expect(judgeOverload(evidence(change)).join('\n')).toContain(words);
  });
});
