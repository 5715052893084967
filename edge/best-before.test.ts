import { expect, test } from 'vitest';
import { dayEndingAt, endOfDayMs } from './best-before.ts';

test.each(['2026-12-31', '2028-02-29', '2000-01-01'])('%s ends and is read back', (day) => {
  const endMs = endOfDayMs(day) ?? 0;
  expect(new Date(endMs).toISOString()).toMatch(/T00:00:00\.000Z$/);
  expect(new Date(endMs).toISOString().slice(0, 10)).not.toBe(day);
  expect(dayEndingAt(endMs)).toBe(day);
});

test.each(['2026-02-29', '2026-04-31', '2026-13-01', 'tomorrow'])('there is no %s', (day) => {
  expect(endOfDayMs(day)).toBeUndefined();
});
