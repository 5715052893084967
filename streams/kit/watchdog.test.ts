import { expect, test } from 'vitest';
import type { RunningGroup } from './runner.ts';
import { wedgedGroup } from './watchdog.ts';

const NOW_MS = 10_000_000;

function group(silentMs: number, lostPartitions = 0): RunningGroup {
  return {
    group: 'orders',
    topics: [],
    lastAttemptAtMs: () => NOW_MS - silentMs,
    lostPartitions: () => lostPartitions,
    stop: () => Promise.resolve(),
  };
}

test.each<[string, RunningGroup, number | null, string | undefined]>([
  ['has records to read and has not tried for long', group(61_000), 5, 'orders'],
  ['has records to read and tried a moment ago', group(59_000), 5, undefined],
  ['has nothing to read', group(3_600_000), 0, undefined],
  ['cannot know whether there is something to read', group(3_600_000), null, undefined],
  ['waits for a person', group(3_600_000, 1), 5, undefined],
])('a group that %s', (_, running, lag, wedged) => {
  expect(wedgedGroup([running], new Map([['orders', lag]]), NOW_MS)).toBe(wedged);
});
