import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doorTimeMs, lateProbability, timeToDoor } from './lateness.ts';
import { DEFAULT_PROMISE_RULES, latePpmOf, promise } from './promise.ts';
import type { PromiseRules } from './promise.ts';

const SLA_MS = 20 * 60_000;
const MINUTE_MS = 60_000;

/** A floor whose p90 is so many times its median. */
function floor(readyP50Ms: number, lineP50Ms: number, factor = 1.6, serviceState: 'open' | 'throttled' = 'open') {
  return {
    readyP50Ms,
    readyP90Ms: readyP50Ms * factor,
    lineP50Ms,
    lineP90Ms: lineP50Ms * factor,
    serviceState,
  } as const;
}
const IDLE = floor(60_000, 8_000);
const USUAL = { lines: 6, distanceM: 2_000 };

const anyFloor = fc.record({
  ready: fc.nat(3_600_000),
  line: fc.nat(60_000),
  factor: fc.double({ min: 1, max: 4, noNaN: true }),
  lines: fc.integer({ min: 1, max: 100 }),
  distanceM: fc.nat(10_000),
});
const anyRules: fc.Arbitrary<PromiseRules> = fc.record({
  latePpmMax: fc.integer({ min: 1_000, max: 500_000 }),
  whenLate: fc.constantFrom('widen', 'throttle', 'refuse'),
  promiseMaxMs: fc.integer({ min: 10, max: 240 }).map((minutes) => minutes * MINUTE_MS),
});

test('an idle store keeps its 14 minutes to a door 2 km away far more often than nine times of ten [O8] [O2]', () => {
  const promised = promise(IDLE, USUAL, SLA_MS, DEFAULT_PROMISE_RULES);
  expect(promised).toMatchObject({ ok: true, value: { promiseMs: 14 * MINUTE_MS, widened: false, throttled: false } });
  const { p50Ms, p90Ms, latePpm } = (promised.ok && promised.value) || { p50Ms: 0, p90Ms: 0, latePpm: 0 };
  expect(p50Ms).toBeLessThan(p90Ms);
  expect(p90Ms).toBeLessThan(14 * MINUTE_MS);
  expect(latePpm).toBeLessThan(100_000);
});

test.each([
  ['widen', { ok: true, value: { widened: true, throttled: false } }],
  ['throttle', { ok: true, value: { widened: true, throttled: true } }],
  ['refuse', { ok: false, error: { slaMs: SLA_MS, latePpmMax: 100_000 } }],
] as const)('a store that would break the city’s time too often: %s [O2] [F4]', (whenLate, expected) => {
  const busy = floor(12 * MINUTE_MS, 8_000);
  const rules = { ...DEFAULT_PROMISE_RULES, whenLate };
  const promised = promise(busy, USUAL, SLA_MS, rules);
  expect(promised).toMatchObject(expected);
  expect(promised.ok ? promised.value.promiseMs : Infinity).toBeGreaterThan(SLA_MS);
});

test('later than the latest promise nothing is promised [O2]', () => {
  expect(promise(floor(90 * MINUTE_MS, 8_000), USUAL, SLA_MS, DEFAULT_PROMISE_RULES).ok).toBe(false);
});

test('no promise that is made is broken more often than the rules allow [O2]', () => {
  fc.assert(
    fc.property(anyFloor, anyRules, fc.boolean(), (f, rules, throttled) => {
      const at = floor(f.ready, f.line, f.factor, throttled ? 'throttled' : 'open');
      const order = { lines: f.lines, distanceM: f.distanceM };
      const promised = promise(at, order, SLA_MS, rules);
      fc.pre(promised.ok);
      const { promiseMs, latePpm } = promised.value;
      expect(latePpm).toBeLessThanOrEqual(rules.latePpmMax);
      expect(lateProbability(timeToDoor(at, f.lines, f.distanceM), promiseMs)).toBeLessThanOrEqual(
        rules.latePpmMax / 1_000_000,
      );
      expect(latePpmOf(promiseMs, at, order)).toBe(latePpm);
      expect(promiseMs % MINUTE_MS).toBe(0);
      expect(promiseMs).toBeLessThanOrEqual(rules.promiseMaxMs);
    }),
    { numRuns: 300 },
  );
});

test('is never late less often with a longer queue, a slower floor, more lines or a longer ride [O2]', () => {
  fc.assert(
    fc.property(anyFloor, anyFloor, fc.integer({ min: 1, max: 7_200_000 }), (a, b, withinMs) => {
      const less = timeToDoor(floor(a.ready, a.line, a.factor), a.lines, a.distanceM);
      const more = timeToDoor(
        floor(a.ready + b.ready, a.line + b.line, a.factor),
        a.lines + b.lines,
        a.distanceM + b.distanceM,
      );
      expect(lateProbability(more, withinMs)).toBeGreaterThanOrEqual(lateProbability(less, withinMs) - 1e-6);
      expect(lateProbability(less, withinMs + 60_000)).toBeLessThanOrEqual(lateProbability(less, withinMs) + 1e-6);
    }),
  );
});

test('the quantiles are those of orders drawn from the model, within a hundredth [O2]', () => {
  const time = timeToDoor(floor(5 * MINUTE_MS, 8_000), 6, 2_000);
  const draws = 40_000;
  let seed = 7;
  function random(): number {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  }
  function drawn({ p50Ms, p90Ms }: { p50Ms: number; p90Ms: number }): number {
    const z = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return p50Ms * (p90Ms / p50Ms) ** (z / 1.2816);
  }
  const times = Array.from({ length: draws }, () => drawn(time.floor) + drawn(time.ride));
  for (const tail of [0.5, 0.1, 0.02]) {
    const withinMs = doorTimeMs(time, tail);
    const late = times.filter((ms) => ms > withinMs).length / draws;
    expect(Math.abs(late - tail)).toBeLessThan(0.01);
  }
});
