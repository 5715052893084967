// How isolates follow a store's stock: how old their copies may be, how often they may ask, and what an answer has to hold.

/** Stock that is shown as it is may be this old; while few ask, this is how often each of them may. */
export const FRESH_MS = 50;
/** Older than this nothing is shown, not even labelled; so nobody is told to wait longer, and more askers cost more calls instead. */
export const STALE_MAX_MS = 1_000;
/** Calls a second that the store spends on answering, all askers together. */
export const CALLS_PER_S_MAX = 100;
/** How long calls are counted before the pace is set anew. */
const WINDOW_MS = 1000;

/** Movements after which all of what is in stock is a shorter answer than what changed. */
const DELTA_MAX = 5_000;

/**
 * Whether an asker who has `since` can be told only what changed. 0 has nothing to add to, a version from the future belongs to
 * another life of the store, and of one too old too much has changed.
 */
export function canAnswerDelta(since: number, version: number): boolean {
  return since > 0 && since <= version && version - since <= DELTA_MAX;
}

/** How often isolates may ask, from how often they did. */
export interface Pace {
  readonly askAfterMs: number;
  readonly windowStartMs: number;
  readonly calls: number;
}

export function startPace(nowMs: number): Pace {
  return { askAfterMs: FRESH_MS, windowStartMs: nowMs, calls: 0 };
}

/**
 * Counts one call. At the end of a window: each asker called about once per `askAfterMs`, so there are
 * `calls * askAfterMs / elapsed` of them, and `CALLS_PER_S_MAX` calls a second are shared among them.
 */
export function countCall(pace: Pace, nowMs: number): Pace {
  const calls = pace.calls + 1;
  const elapsedMs = nowMs - pace.windowStartMs;
  if (elapsedMs < WINDOW_MS) return { ...pace, calls };
  const askers = (calls * pace.askAfterMs) / elapsedMs;
  const fairMs = Math.ceil((askers * 1000) / CALLS_PER_S_MAX);
  const askAfterMs = Math.min(STALE_MAX_MS, Math.max(FRESH_MS, fairMs));
  return { askAfterMs, windowStartMs: nowMs, calls: 0 };
}
