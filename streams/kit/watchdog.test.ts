import { expect, test } from 'vitest';
import type { RunningGroup } from './runner.ts';
import { Watchdog } from './watchdog.ts';

const START_MS = 10_000_000;
const LOOK_EVERY_MS = 10_000;

function group(lastAttemptAtMs: () => number, lostPartitions = 0): RunningGroup {
  return {
    group: 'orders',
    topics: [],
    lastAttemptAtMs,
    lostPartitions: () => lostPartitions,
    stop: () => Promise.resolve(),
  };
}

/** What the watchdog finds when it looks every ten seconds and the group has this much to read each time. */
function afterLooks(running: RunningGroup, lags: readonly (number | null)[]): string | undefined {
  const watchdog = new Watchdog();
  let found: string | undefined;
  lags.forEach((lag, look) => {
    found ??= watchdog.wedgedGroup([running], new Map([['orders', lag]]), START_MS + look * LOOK_EVERY_MS);
  });
  return found;
}

function times(count: number, lag: number | null): (number | null)[] {
  return Array.from({ length: count }, () => lag);
}

function longAgo(): number {
  return 0;
}

test.each<[string, RunningGroup, readonly (number | null)[], string | undefined]>([
  ['has records to read and has not tried for more than a minute', group(longAgo), times(8, 5), 'orders'],
  ['has records to read and not yet for a minute', group(longAgo), times(7, 5), undefined],
  ['tried a moment ago, and fails for long', group(() => START_MS + 50_000), times(12, 5), undefined],
  ['gets its first record after a quiet hour', group(longAgo), [...times(360, 0), 1, 0], undefined],
  ['comes back after a long outage', group(longAgo), [...times(30, null), 5, 5, 0], undefined],
  ['lags now and then', group(longAgo), [...times(5, 5), 0, ...times(5, 5), null, ...times(5, 5)], undefined],
  ['cannot know whether there is something to read', group(longAgo), times(30, null), undefined],
  ['waits for a person', group(longAgo, 1), times(30, 5), undefined],
])('a group that %s', (_, running, lags, wedged) => {
  expect(afterLooks(running, lags)).toBe(wedged);
});
