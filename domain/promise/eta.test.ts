import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceM } from '../shared/geo.ts';
import { etaMs } from './eta.ts';
import { quotePromise } from './promise-time.ts';

const STORE = { lat: 12.9719, lng: 77.6412 };
const NOW_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
/** Half a degree around the store is far beyond any delivery. */
const spot = fc.record({
  lat: fc.double({ min: 12.5, max: 13.5, noNaN: true }),
  lng: fc.double({ min: 77.1, max: 78.1, noNaN: true }),
});

describe('the ETA', () => {
  test('is the promise while the order is in the store, unless even the ride cannot keep it [T4]', () => {
    const promisedAtMs = NOW_MS + 12 * MINUTE_MS;
    expect(etaMs({ at: 'in_store', promisedAtMs }, NOW_MS)).toBe(promisedAtMs);
    expect(etaMs({ at: 'in_store', promisedAtMs }, promisedAtMs)).toBe(promisedAtMs + 2 * MINUTE_MS);
  });

  test('of packed bags is the promise for the same ride, to the millisecond [F4] [T4]', () => {
    fc.assert(
      fc.property(spot, (drop) => {
        const nothing = { readyP90Ms: 0, lineP90Ms: 0, serviceState: 'open' } as const;
        const { rideMs } = quotePromise(nothing, 0, distanceM(STORE, drop));
        expect(etaMs({ at: 'ready', store: STORE, drop }, NOW_MS)).toBe(NOW_MS + rideMs);
      }),
    );
  });

  test('is never before now, and comes nearer as the courier does [T4]', () => {
    fc.assert(
      fc.property(spot, fc.double({ min: 0, max: 1, noNaN: true }), (drop, share) => {
        const from = {
          lat: STORE.lat + (drop.lat - STORE.lat) * share,
          lng: STORE.lng + (drop.lng - STORE.lng) * share,
        };
        const ready = etaMs({ at: 'ready', store: STORE, drop }, NOW_MS) ?? 0;
        const riding = etaMs({ at: 'riding', from: STORE, drop }, NOW_MS) ?? 0;
        const nearer = etaMs({ at: 'riding', from, drop }, NOW_MS) ?? 0;
        expect(ready).toBeGreaterThan(riding);
        // Rounding to whole metres may cost one of them on a line of many kilometres.
        expect(nearer).toBeLessThanOrEqual(riding + 1000);
        expect(nearer).toBeGreaterThan(NOW_MS);
      }),
    );
  });

  test('is over with the order', () => {
    expect(etaMs({ at: 'over' }, NOW_MS)).toBeNull();
  });
});
