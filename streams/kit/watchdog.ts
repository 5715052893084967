import type { RunningGroup } from './runner.ts';

/** A batch ends in well under a second, and a failing one is tried again within 5 s: this much silence is a hang. */
const SILENCE_MS_MAX = 60_000;

/**
 * The group that has something to read and has not even tried for a minute, or undefined. `lag` is null while the log or the
 * database does not answer: then there is nothing to try, and a new process could do no better.
 */
export function wedgedGroup(
  groups: readonly RunningGroup[],
  lags: ReadonlyMap<string, number | null>,
  nowMs: number,
): string | undefined {
  return groups.find((running) => {
    const lag = lags.get(running.group) ?? 0;
    return lag > 0 && running.lostPartitions() === 0 && nowMs - running.lastAttemptAtMs() > SILENCE_MS_MAX;
  })?.group;
}
