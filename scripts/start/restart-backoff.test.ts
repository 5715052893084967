import { expect, test } from 'vitest';
import { RestartBackoff } from './restart-backoff.ts';

test('what keeps falling waits longer and longer, up to ten seconds', () => {
  const backoff = new RestartBackoff();
  const pauses = Array.from({ length: 8 }, () => backoff.pauseMs(100));
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('what lived for a while is started again at once', () => {
  const backoff = new RestartBackoff();
  for (let fall = 0; fall < 5; fall += 1) backoff.pauseMs(100);
  expect(backoff.pauseMs(30_000)).toBe(250);
});
