import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quotePromise, USUAL_UNITS } from './promise-time.ts';

test('an idle store promises a usual basket 2 km away in 14 minutes [O8]', () => {
  expect(quotePromise({ readyP90Ms: 96_000 }, USUAL_UNITS, 2_000)).toEqual({
    queueMs: 96_000,
    pickMs: 76_800,
    rideMs: 640_000,
    totalMs: 14 * 60_000,
  });
});

test('never promises earlier for a longer queue, a larger basket or a longer ride [F4]', () => {
  const load = fc.record({ ready: fc.nat(3_600_000), units: fc.nat(500), distanceM: fc.nat(50_000) });
  fc.assert(
    fc.property(load, load, (a, b) => {
      const [less, more] = [
        quotePromise({ readyP90Ms: a.ready }, a.units, a.distanceM),
        quotePromise({ readyP90Ms: a.ready + b.ready }, a.units + b.units, a.distanceM + b.distanceM),
      ];
      expect(more.totalMs).toBeGreaterThanOrEqual(less.totalMs);
      expect(less.totalMs % 60_000).toBe(0);
      expect(less.totalMs).toBeGreaterThanOrEqual(less.queueMs + less.pickMs + less.rideMs);
    }),
  );
});
