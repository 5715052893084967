import { expect, test } from 'vitest';
import { ChangeSignal } from './change-signal.ts';

test('everyone who waits is woken, once', async () => {
  const signal = new ChangeSignal();
  const woken: string[] = [];
  const first = signal.next().then(() => woken.push('first'));
  const second = signal.next().then(() => woken.push('second'));
  signal.raise();
  signal.raise();
  await Promise.all([first, second]);
  expect(woken).toEqual(['first', 'second']);
});

test('what is looked for is found at once, or after the raise that brought it', async () => {
  const signal = new ChangeSignal();
  expect(await signal.until(() => 'here')).toBe('here');
  let value: number | undefined;
  const found = signal.until(() => value);
  signal.raise();
  value = 7;
  signal.raise();
  expect(await found).toBe(7);
});
