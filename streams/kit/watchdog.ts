import type { RunningGroup } from './runner.ts';

/** A batch ends in well under a second, and a failing one is tried again within 5 s: this much silence is a hang. */
const SILENCE_MS_MAX = 60_000;

/** Finds the group that has something to read and does not even try. */
export class Watchdog {
  /** Since when each group was seen to have something to read, at every look. */
  readonly #laggingSinceMs = new Map<string, number>();

  /**
   * The group that has had something to read and has not tried for a minute, or undefined. The silence of a group that had
   * nothing to read, or could not, is no hang: a quiet hour and an outage end with a first record too. `lag` is null while the
   * log or the database does not answer: then there is nothing to try, and a new process could do no better.
   */
  wedgedGroup(
    groups: readonly RunningGroup[],
    lags: ReadonlyMap<string, number | null>,
    nowMs: number,
  ): string | undefined {
    return groups.find((running) => {
      if ((lags.get(running.group) ?? 0) === 0 || running.lostPartitions() > 0) {
        this.#laggingSinceMs.delete(running.group);
        return false;
      }
      const sinceMs = this.#laggingSinceMs.get(running.group) ?? nowMs;
      this.#laggingSinceMs.set(running.group, sinceMs);
      return nowMs - Math.max(sinceMs, running.lastAttemptAtMs()) > SILENCE_MS_MAX;
    })?.group;
  }
}
