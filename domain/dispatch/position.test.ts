import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceM } from '../shared/geo.ts';
import {
  CURRENT_MS,
  FIX_ERROR_M,
  isCurrent,
  isWorthTelling,
  judge,
  NO_TRACK,
  SPEED_MAX_M_PER_S,
  TELL_ZONE_MIN_MS,
} from './position.ts';
import type { Fix, Track } from './position.ts';

const M_PER_DEGREE = 111_195.08;
function fix(northM: number, atMs: number): Fix {
  return { lat: 19 + northM / M_PER_DEGREE, lng: 72.8, atMs };
}

describe('a position', () => {
  test('the last one wins when a courier can have come there', () => {
    const first = judge(NO_TRACK, fix(0, 0));
    const second = judge(first.track, fix(60, 5000));
    expect([first.accepted, second.accepted]).toEqual([true, true]);
    expect(second.track.last).toEqual(fix(60, 5000));
  });

  test.each([
    [FIX_ERROR_M, 0, true],
    [FIX_ERROR_M + 1, 0, false],
    [350, 5000, true],
    [351, 5000, false],
    [100_000, 5000, false],
    [100_000, 60 * 60_000, true],
  ])('a jump of %d m in %d ms is possible: %s', (jumpM, elapsedMs, accepted) => {
    const { track } = judge(NO_TRACK, fix(0, 0));
    expect(judge(track, fix(jumpM, elapsedMs)).accepted).toBe(accepted);
  });

  test('a refused jump moves nothing; a second sighting that agrees with it wins', () => {
    const jump = judge({ last: fix(0, 0), doubted: null }, fix(9000, 5000));
    expect(jump.track.last).toEqual(fix(0, 0));
    expect(judge(jump.track, fix(40, 10_000)).track).toEqual({ last: fix(40, 10_000), doubted: null });
    expect(judge(jump.track, fix(9050, 10_000)).track).toEqual({ last: fix(9050, 10_000), doubted: null });
    expect(judge(jump.track, fix(-9000, 10_000)).accepted).toBe(false);
  });

  test('what is accepted could have been reached from the last or the doubted one; a refusal moves nothing', () => {
    const pings = fc.array(fc.record({ northM: fc.integer({ min: -5000, max: 5000 }), afterMs: fc.nat(10_000) }));
    function reachable(from: Fix | null, to: Fix): boolean {
      return from !== null && distanceM(from, to) <= FIX_ERROR_M + ((to.atMs - from.atMs) * SPEED_MAX_M_PER_S) / 1000;
    }
    fc.assert(
      fc.property(pings, (drawn) => {
        let track: Track = NO_TRACK;
        let nowMs = 0;
        for (const { northM, afterMs } of drawn) {
          nowMs += afterMs;
          const here = fix(northM, nowMs);
          const possible = track.last === null || reachable(track.last, here) || reachable(track.doubted, here);
          const judged = judge(track, here);
          expect(judged).toEqual({
            accepted: possible,
            track: possible ? { last: here, doubted: null } : { last: track.last, doubted: here },
          });
          ({ track } = judged);
        }
      }),
    );
  });

  test('counts as current for 60 s', () => {
    expect(isCurrent(fix(0, 1000), 1000 + CURRENT_MS)).toBe(true);
    expect(isCurrent(fix(0, 1000), 1001 + CURRENT_MS)).toBe(false);
  });
});

test('the zone is told of a move of more than 250 m, at most every 5 s', () => {
  const told = { position: fix(0, 0), atMs: 0 };
  expect(isWorthTelling(told, fix(250, TELL_ZONE_MIN_MS))).toBe(false);
  expect(isWorthTelling(told, fix(251, TELL_ZONE_MIN_MS))).toBe(true);
  expect(isWorthTelling(told, fix(251, TELL_ZONE_MIN_MS - 1))).toBe(false);
  expect(isWorthTelling({ position: null, atMs: 0 }, fix(0, TELL_ZONE_MIN_MS))).toBe(true);
});
