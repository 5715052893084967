import { expect, test } from 'vitest';
import { SentMarks } from './sent-marks.ts';

function written(marks: SentMarks): unknown[] {
  const rows: unknown[] = [];
  marks.writeWithin((write) => {
    write((lane, seq) => rows.push([lane, seq]));
  });
  return rows;
}

test('a mark is written once, the last one of its lane', () => {
  const marks = new SentMarks();
  marks.note('a', 1);
  marks.note('b', 7);
  marks.note('a', 3);
  expect([marks.sentUpTo('a'), marks.sentUpTo('b'), marks.sentUpTo('c')]).toEqual([3, 7, 0]);
  expect(written(marks)).toEqual([
    ['a', 3],
    ['b', 7],
  ]);
  expect(marks.isEmpty()).toBe(true);
  expect(written(marks)).toEqual([]);
});

test('a mark whose transaction fails stays noted, and is written with the next one', () => {
  const marks = new SentMarks();
  marks.note('a', 1);
  expect(() =>
    marks.writeWithin(() => {
      throw new Error('undone');
    }),
  ).toThrow('undone');
  expect(marks.sentUpTo('a')).toBe(1);
  expect(written(marks)).toEqual([['a', 1]]);
});

test('a mark that is noted while others are written is not taken for written', () => {
  const marks = new SentMarks();
  marks.note('a', 1);
  marks.writeWithin((write) => {
    write(() => undefined);
    marks.note('a', 2);
  });
  expect(written(marks)).toEqual([['a', 2]]);
});
