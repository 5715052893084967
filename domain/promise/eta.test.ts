import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceM } from '../shared/geo.ts';
import { estimateEta } from './eta.ts';
import type { Eta, EtaStage } from './eta.ts';
import { quotePromise } from './promise-time.ts';
import { storeToDoorMs } from './ride.ts';

const STORE = { lat: 12.9719, lng: 77.6412 };
const DOOR = { lat: 12.9784, lng: 77.6408 };
const NOW_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
/** Half a degree around the store is far beyond any delivery. */
const spot = fc.record({
  lat: fc.double({ min: 12.5, max: 13.5, noNaN: true }),
  lng: fc.double({ min: 77.1, max: 78.1, noNaN: true }),
});
const stage: fc.Arbitrary<Exclude<EtaStage, { at: 'over' }>> = fc.oneof(
  fc.record({
    at: fc.constant('queued' as const),
    placedAtMs: fc.constant(NOW_MS),
    promisedAtMs: fc.integer({ min: NOW_MS, max: NOW_MS + 90 * MINUTE_MS }),
    lines: fc.integer({ min: 1, max: 100 }),
    store: spot,
    drop: spot,
  }),
  fc.record({
    at: fc.constant('picking' as const),
    startedAtMs: fc.constant(NOW_MS),
    lines: fc.integer({ min: 1, max: 100 }),
    store: spot,
    drop: spot,
  }),
  fc.record({ at: fc.constant('ready' as const), store: spot, drop: spot }),
  fc.record({ at: fc.constant('riding' as const), from: spot, drop: spot }),
);

function eta(of: EtaStage, nowMs = NOW_MS): Eta {
  const found = estimateEta(of, nowMs);
  if (found === null) throw new Error('the order is over');
  return found;
}

describe('the ETA', () => {
  test('is after now, its p90 not before its p50, and never earlier as time passes without news [T4]', () => {
    fc.assert(
      fc.property(stage, fc.nat(3_600_000), fc.nat(3_600_000), (of, beforeMs, moreMs) => {
        const first = eta(of, NOW_MS + beforeMs);
        const later = eta(of, NOW_MS + beforeMs + moreMs);
        expect(first.p50Ms).toBeGreaterThan(NOW_MS + beforeMs);
        expect(first.p90Ms).toBeGreaterThanOrEqual(first.p50Ms);
        // Rounding to whole milliseconds.
        expect(later.p50Ms).toBeGreaterThanOrEqual(first.p50Ms - 1);
      }),
    );
  });

  test('of an order that waits is at the promise at the latest, as long as there is time to pick it [F4] [T4]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(3_600_000), spot, (lines, readyP90Ms, drop) => {
        const outlook = { readyP90Ms: 96_000 + readyP90Ms, lineP90Ms: 12_800, serviceState: 'open' } as const;
        const { totalMs } = quotePromise(outlook, lines, distanceM(STORE, drop));
        const of = { at: 'queued', placedAtMs: NOW_MS, lines, store: STORE, drop } as const;
        expect(eta({ ...of, promisedAtMs: NOW_MS + totalMs }).p90Ms).toBeLessThanOrEqual(NOW_MS + totalMs);
      }),
    );
  });

  test('moves on when the store is late: the picking and the ride are still before it [T4]', () => {
    const of = { at: 'queued', placedAtMs: NOW_MS, lines: 6, store: STORE, drop: DOOR } as const;
    const promisedAtMs = NOW_MS + 12 * MINUTE_MS;
    const late = eta({ ...of, promisedAtMs }, promisedAtMs);
    expect(late.p50Ms).toBeGreaterThan(promisedAtMs + storeToDoorMs(distanceM(STORE, DOOR)) / 2);
  });

  test('of packed bags is, nine in ten times, the promise for the same ride [F4] [T4]', () => {
    fc.assert(
      fc.property(spot, (drop) => {
        const nothing = { readyP90Ms: 0, lineP90Ms: 0, serviceState: 'open' } as const;
        const { rideMs } = quotePromise(nothing, 0, distanceM(STORE, drop));
        expect(eta({ at: 'ready', store: STORE, drop }).p90Ms).toBe(NOW_MS + rideMs);
      }),
    );
  });

  test('comes nearer as the courier does [T4]', () => {
    fc.assert(
      fc.property(spot, fc.double({ min: 0, max: 1, noNaN: true }), (drop, share) => {
        const from = {
          lat: STORE.lat + (drop.lat - STORE.lat) * share,
          lng: STORE.lng + (drop.lng - STORE.lng) * share,
        };
        const ready = eta({ at: 'ready', store: STORE, drop });
        const riding = eta({ at: 'riding', from: STORE, drop });
        const nearer = eta({ at: 'riding', from, drop });
        expect(ready.p50Ms).toBeGreaterThan(riding.p50Ms);
        // Rounding to whole metres may cost one of them on a line of many kilometres.
        expect(nearer.p50Ms).toBeLessThanOrEqual(riding.p50Ms + 1000);
        expect(nearer.p90Ms).toBeLessThanOrEqual(riding.p90Ms + 1000);
      }),
    );
  });

  test('is over with the order', () => {
    expect(estimateEta({ at: 'over' }, NOW_MS)).toBeNull();
  });
});
