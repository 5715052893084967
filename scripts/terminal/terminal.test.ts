import { expect, test } from 'vitest';
import { ProgressBar } from './progress-bar.ts';
import { table } from './table.ts';

function screen(isTTY: boolean): { readonly isTTY: boolean; readonly written: string[]; write(text: string): void } {
  const written: string[] = [];
  return { isTTY, written, write: (text) => void written.push(text) };
}

test('a table has columns as wide as their widest cell and no blanks at the end', () => {
  expect(
    table([
      ['a', 'bcd', 'e'],
      ['abc', 'b'],
    ]),
  ).toBe('  a    bcd  e\n  abc  b');
});

test('on a terminal the bar is redrawn in place, at most ten times a second', () => {
  const tty = screen(true);
  let nowMs = 0;
  const bar = new ProgressBar(tty, () => nowMs);
  for (; nowMs < 1_000; nowMs += 10) bar.show(nowMs / 2_000, 'half');
  bar.end();
  expect(tty.written).toHaveLength(11);
  expect(tty.written.every((text) => text.startsWith('\r') || text === '\n')).toBe(true);
});

test('in a log a line now and then is enough, and the last one is always there', () => {
  const log = screen(false);
  let nowMs = 0;
  const bar = new ProgressBar(log, () => nowMs);
  for (; nowMs < 3_000; nowMs += 10) bar.show(nowMs / 10_000, 'going');
  bar.show(1, 'done');
  expect(log.written.map((line) => line.slice(-6).trim())).toEqual(['going', 'going', 'done']);
});
