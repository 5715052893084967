import { expect, test } from 'vitest';
import { Timeline, timelineLine } from './timeline.ts';

test('a line has the elapsed time, who and what in columns', () => {
  expect(timelineLine(1_234.5, 'customer', 'signed in')).toBe(`    1.23 s  ${'customer'.padEnd(32)}  signed in`);
  expect(timelineLine(3_600_000, 'store', 'packed')).toBe(` 3600.00 s  ${'store'.padEnd(32)}  packed`);
});

test('the small steps are told only when watched closely', () => {
  const far: string[] = [];
  const near: string[] = [];
  for (const [lines, closely] of [
    [far, false],
    [near, true],
  ] as const) {
    const timeline = new Timeline((line) => lines.push(line), closely);
    timeline.say('customer', 'ordered');
    timeline.detail('picker', 'scanned');
  }
  expect(far).toHaveLength(1);
  expect(near).toHaveLength(2);
});
