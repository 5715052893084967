import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quotePromise, USUAL_LINES } from './promise-time.ts';

const IDLE = { readyP90Ms: 96_000, lineP90Ms: 12_800, serviceState: 'open' } as const;

test('an idle store promises a usual basket 2 km away in 14 minutes [O8]', () => {
  expect(quotePromise(IDLE, USUAL_LINES, 2_000)).toEqual({
    queueMs: 96_000,
    pickMs: 76_800,
    rideMs: 640_000,
    totalMs: 14 * 60_000,
  });
});

test('a throttled store promises later: what it does itself takes a quarter longer, the ride does not [F3] [F4]', () => {
  expect(quotePromise({ ...IDLE, serviceState: 'throttled' }, USUAL_LINES, 2_000)).toEqual({
    queueMs: 120_000,
    pickMs: 96_000,
    rideMs: 640_000,
    totalMs: 15 * 60_000,
  });
});

test('never promises earlier for a longer queue, a slower floor, a larger basket or a longer ride [F4]', () => {
  const load = fc.record({
    ready: fc.nat(3_600_000),
    line: fc.nat(60_000),
    lines: fc.nat(100),
    distanceM: fc.nat(50_000),
  });
  fc.assert(
    fc.property(load, load, fc.boolean(), (a, b, throttled) => {
      const [less, more] = [
        quotePromise({ ...IDLE, readyP90Ms: a.ready, lineP90Ms: a.line }, a.lines, a.distanceM),
        quotePromise(
          {
            readyP90Ms: a.ready + b.ready,
            lineP90Ms: a.line + b.line,
            serviceState: throttled ? 'throttled' : 'open',
          },
          a.lines + b.lines,
          a.distanceM + b.distanceM,
        ),
      ];
      expect(more.totalMs).toBeGreaterThanOrEqual(less.totalMs);
      expect(less.totalMs % 60_000).toBe(0);
      expect(less.totalMs).toBeGreaterThanOrEqual(less.queueMs + less.pickMs + less.rideMs);
    }),
  );
});
