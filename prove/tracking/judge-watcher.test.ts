import { describe, expect, test } from 'vitest';
import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import { judgeWatcher, takeDown, type Heard, type OrderNews } from './judge-watcher.ts';

const AT = '2026-11-21T10:00:00.000Z';
const STATUSES = ['PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', 'PICKING', 'PACKED'] as const;
const NEWS: OrderNews = STATUSES.map((status, index) => ({ seq: index + 1, delta: { status, at: AT, eta: null } }));

function delta(seq: number, status = STATUSES[seq - 1] ?? 'CLOSED'): Heard {
  return { t: 'delta', seq, what: `${status} at ${AT}` };
}
const BEGINNING: Heard = { t: 'snapshot', seq: 2, status: 'CONFIRMED' };
const ALL = [BEGINNING, delta(3), delta(4), delta(5)];

describe('a watcher', () => {
  test('who was told everything once and in order has nothing to say [T2]', () => {
    expect(judgeWatcher(ALL, NEWS)).toEqual([]);
  });

  test.each<[string, readonly Heard[], string]>([
    ['was never told anything', [], 'was told nothing'],
    ['was not shown the order first', ALL.slice(1), 'began with number 3, without the order as it was'],
    ['missed one', [BEGINNING, delta(3), delta(5)], 'was told 5 after 3: 1 are missing'],
    ['was told one twice', [BEGINNING, delta(3), delta(3), delta(4), delta(5)], 'was told 3 after 3'],
    ['was told one late', [BEGINNING, delta(3), delta(5), delta(4)], 'was told 4 after 5'],
    ['was not told the end', ALL.slice(0, 3), 'was told up to 4 of 5'],
    [
      'was shown the order anew',
      [BEGINNING, { t: 'snapshot', seq: 5, status: 'PACKED' }],
      'came back after 2 and was shown the order anew, at 5',
    ],
    [
      'saw another order',
      [{ ...BEGINNING, status: 'PICKING' }],
      'was shown PICKING at 2, where the order is CONFIRMED',
    ],
    [
      'was told something else',
      [BEGINNING, delta(3, 'PACKED'), delta(4), delta(5)],
      `was told "PACKED at ${AT}" as 3, which is "ASSIGNED_TO_STORE at ${AT}"`,
    ],
    ['was told too much', [...ALL, delta(6)], `was told 6, "CLOSED at ${AT}", which the order does not know of`],
  ])('who %s is seen', (_, heard, problem) => {
    expect(judgeWatcher(heard, NEWS)).toContain(problem);
  });

  test('takes down what has a number, and not the estimate', () => {
    const eta = { p50: AT, p90: AT };
    const frames: readonly TrackingFrame[] = [
      { t: 'delta', seq: 3, delta: { status: 'ASSIGNED_TO_STORE', at: AT, eta } },
      { t: 'eta', eta },
      { t: 'position', lat: 1, lng: 2, at: AT },
      { t: 'advice', retryAfterMs: 5 },
    ];
    expect(frames.map(takeDown)).toEqual([delta(3), null, null, null]);
  });
});
