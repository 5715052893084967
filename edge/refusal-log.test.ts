import { expect, test } from 'vitest';
import { RefusalLog } from './refusal-log.ts';

test('a code is told of once a second, with how many there were since [X2]', () => {
  const log = new RefusalLog();
  expect(log.timesToTell('STORE_BUSY', 0)).toBe(1);
  for (let count = 0; count < 500; count += 1) expect(log.timesToTell('STORE_BUSY', 1 + count)).toBe(0);
  expect(log.timesToTell('STORE_BUSY', 1_000)).toBe(501);
  expect(log.timesToTell('STORE_BUSY', 2_500)).toBe(1);
});

test('one code does not hide another', () => {
  const log = new RefusalLog();
  expect(log.timesToTell('STORE_BUSY', 0)).toBe(1);
  expect(log.timesToTell('UNAVAILABLE', 0)).toBe(1);
  expect(log.timesToTell('PAYMENT_UNKNOWN', 1)).toBe(1);
});
