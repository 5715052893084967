import { expect, test } from 'vitest';
import { isLive, JOB_STATUSES, JOB_STEPS, moveJob } from './job.ts';
import type { JobStatus, JobStep } from './job.ts';

test('a delivery moves from accepted over picked up and on the way to delivered', () => {
  let status: JobStatus = 'ACCEPTED';
  const steps: JobStep[] = ['confirm', 'pick_up', 'depart', 'deliver'];
  for (const step of steps) {
    const moved = moveJob(status, step);
    if (!moved.ok) throw new Error(step);
    expect(moved.value.changed).toBe(true);
    ({ status } = moved.value);
  }
  expect(status).toBe('DELIVERED');
});

test('a step taken twice changes nothing', () => {
  for (const [step, { to }] of Object.entries(JOB_STEPS)) {
    expect(moveJob(to, step as JobStep)).toEqual({ ok: true, value: { status: to, changed: false } });
  }
});

test.each<[JobStatus, JobStep]>([
  ['ACCEPTED', 'depart'],
  ['TO_STORE', 'deliver'],
  ['PICKED_UP', 'deliver'],
  ['PICKED_UP', 'confirm'],
  ['DELIVERED', 'withdraw'],
  ['WITHDRAWN', 'pick_up'],
])('from %s nobody can %s', (status, step) => {
  expect(moveJob(status, step)).toEqual({
    ok: false,
    error: { code: 'JOB_STATE', status, wanted: JOB_STEPS[step].from },
  });
});

test('what has ended stays ended, and only what is live is load [D2]', () => {
  for (const status of JOB_STATUSES) {
    const moves = Object.keys(JOB_STEPS).map((step) => moveJob(status, step as JobStep));
    expect(moves.some((move) => move.ok && move.value.changed)).toBe(isLive(status));
  }
});
