import { expect, test } from 'vitest';
import { Wake } from './wake.ts';

const FOREVER_MS = 2 ** 30;

test('a ring wakes everyone who sleeps', async () => {
  const wake = new Wake();
  const sleepers = [wake.sleep(FOREVER_MS), wake.sleep(FOREVER_MS)];
  wake.ring();
  await expect(Promise.all(sleepers)).resolves.toHaveLength(2);
});

test('a ring that nobody heard is kept for the next, once', async () => {
  const wake = new Wake();
  wake.ring();
  await wake.sleep(FOREVER_MS);
  let slept = false;
  const second = wake.sleep(FOREVER_MS).then(() => {
    slept = true;
    return slept;
  });
  await Promise.resolve();
  expect(slept).toBe(false);
  wake.ring();
  await expect(second).resolves.toBe(true);
});

test('sleeps no longer than it was told', async () => {
  await expect(new Wake().sleep(1)).resolves.toBeUndefined();
});
