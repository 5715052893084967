import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOTHING_MEASURED, paceOf } from './pick-pace.ts';
import { lineTime, readyTime } from './ready-time.ts';

const PRIOR = paceOf(NOTHING_MEASURED);
const anyLoad = fc.record({ queuedTasks: fc.nat(200), pickersOnShift: fc.nat(30), lines: fc.nat(20) });

it('is a minute and what p90 adds, on an idle floor whose pace nobody has measured [F3]', () => {
  const idle = { queuedTasks: 0, queuedLines: 0, pickersOnShift: 0 };
  expect(readyTime(idle, PRIOR)).toEqual({ readyP50Ms: 60_000, readyP90Ms: 96_000 });
  expect(lineTime(PRIOR)).toEqual({ lineP50Ms: 8_000, lineP90Ms: 12_800 });
});

it('adds up what is queued for one picker, and divides it among several [F3]', () => {
  const queued = { queuedTasks: 4, queuedLines: 24 };
  expect(readyTime({ ...queued, pickersOnShift: 1 }, PRIOR).readyP50Ms).toBe(4 * 60_000 + 24 * 8_000 + 60_000);
  // Of four, three have to be done before one of two is free for the next.
  expect(readyTime({ ...queued, pickersOnShift: 2 }, PRIOR).readyP50Ms).toBe((3 / 2) * 108_000 + 60_000);
  expect(readyTime({ ...queued, pickersOnShift: 5 }, PRIOR).readyP50Ms).toBe(60_000);
});

it('is never sooner for one order or line more, nor later for one picker more; p90 is never before p50 [F3]', () => {
  fc.assert(
    fc.property(anyLoad, ({ queuedTasks, pickersOnShift, lines }) => {
      const load = { queuedTasks, queuedLines: queuedTasks * lines, pickersOnShift };
      const now = readyTime(load, PRIOR);
      const longer = { ...load, queuedTasks: queuedTasks + 1, queuedLines: load.queuedLines + lines };
      const fuller = { ...load, queuedLines: load.queuedLines + (queuedTasks > 0 ? 1 : 0) };
      expect(readyTime(longer, PRIOR).readyP50Ms).toBeGreaterThanOrEqual(now.readyP50Ms);
      expect(readyTime(fuller, PRIOR).readyP50Ms).toBeGreaterThanOrEqual(now.readyP50Ms);
      const staffed = { ...load, pickersOnShift: pickersOnShift + 1 };
      expect(readyTime(staffed, PRIOR).readyP50Ms).toBeLessThanOrEqual(now.readyP50Ms);
      expect(now.readyP90Ms).toBeGreaterThanOrEqual(now.readyP50Ms);
    }),
  );
});
