import { expect, it } from 'vitest';
import { pickP90Ms, readyTime } from './ready-time.ts';

it('grows with the tasks and the units ahead, and p90 is never below p50', () => {
  const empty = readyTime({ queuedTasks: 0, queuedUnits: 0 });
  const busy = readyTime({ queuedTasks: 4, queuedUnits: 30 });
  expect(empty).toEqual({ readyP50Ms: 60_000, readyP90Ms: 96_000 });
  expect(busy.readyP50Ms).toBe(5 * 60_000 + 30 * 6_000);
  expect(busy.readyP90Ms).toBeGreaterThan(busy.readyP50Ms);
});

it('takes as long for the units of an order as for as many units queued before it', () => {
  const { readyP90Ms } = readyTime({ queuedTasks: 0, queuedUnits: 0 });
  expect(pickP90Ms(8)).toBe(76_800);
  expect(readyP90Ms + pickP90Ms(8)).toBe(readyTime({ queuedTasks: 0, queuedUnits: 8 }).readyP90Ms);
});
