import { describe, expect, it } from 'vitest';
import { STALE_MAX_MS, FRESH_MS, canAnswerDelta, CALLS_PER_S_MAX, countCall, startPace } from './availability-feed.ts';

describe('what an asker is told', () => {
  it.each([
    [0, 0, false, 'the first question'],
    [0, 9, false, 'an asker with nothing'],
    [1, 9, true, 'an asker who is behind'],
    [9, 9, true, 'an asker who is up to date'],
    [10, 9, false, 'an asker from another life of the store'],
    [1, 5_001, true, 'an asker who is far behind'],
    [1, 5_002, false, 'an asker for whom a list of changes would be longer than the shelf'],
  ])('since %i at version %i: delta %s (%s)', (since, version, delta) => {
    expect(canAnswerDelta(since, version)).toBe(delta);
  });
});

describe('how often isolates may ask', () => {
  it('lets a few ask every 50 ms [I9]', () => {
    expect(run(3).askAfterMs).toBe(FRESH_MS);
  });

  it('shares about 100 calls a second among more', () => {
    const { askAfterMs, callsPerS } = run(40);
    expect(askAfterMs).toBeGreaterThan(FRESH_MS);
    expect(callsPerS).toBeLessThanOrEqual(CALLS_PER_S_MAX * 1.1);
    expect(callsPerS).toBeGreaterThan(CALLS_PER_S_MAX * 0.8);
  });

  it('never makes a copy older than a second', () => {
    expect(run(400).askAfterMs).toBe(STALE_MAX_MS);
  });
});

/** `askers` isolates that each ask as soon as they may, for ten seconds. */
function run(askers: number): { askAfterMs: number; callsPerS: number } {
  let pace = startPace(0);
  const next = Array.from({ length: askers }, (_, i) => i % FRESH_MS);
  let counted = 0;
  for (let nowMs = 0; nowMs < 10_000; nowMs += 1) {
    for (const [i, dueMs] of next.entries()) {
      if (dueMs > nowMs) continue;
      pace = countCall(pace, nowMs);
      next[i] = nowMs + pace.askAfterMs;
      if (nowMs >= 5000) counted += 1;
    }
  }
  return { askAfterMs: pace.askAfterMs, callsPerS: counted / 5 };
}
