import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullBucket, takeToken } from './token-bucket.ts';

const PACE = { burst: 5, perS: 2 };

describe('a token bucket', () => {
  it('lets a burst through, then says when to come again, and means it [X2]', () => {
    let bucket = fullBucket(PACE, 1000);
    for (let taken = 0; taken < PACE.burst; taken += 1) {
      const next = takeToken(bucket, PACE, 1000);
      if (!next.ok) throw new Error('refused within the burst');
      bucket = next.value;
    }
    expect(takeToken(bucket, PACE, 1000)).toEqual({ ok: false, error: { retryAfterMs: 500 } });
    expect(takeToken(bucket, PACE, 1499).ok).toBe(false);
    expect(takeToken(bucket, PACE, 1500).ok).toBe(true);
  });

  it('never lets more through than burst and pace allow, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 200 }), (steps) => {
        let [bucket, nowMs, latestMs, taken] = [fullBucket(PACE, 0), 0, 0, 0];
        for (const stepMs of steps) {
          nowMs += stepMs;
          const next = takeToken(bucket, PACE, nowMs);
          if (!next.ok) continue;
          bucket = next.value;
          latestMs = Math.max(latestMs, nowMs);
          taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(PACE.burst + (latestMs / 1000) * PACE.perS + 1e-9);
      }),
    );
  });
});
