import { expect, test } from 'vitest';
import { SentMarks } from './sent-marks.ts';

function written(marks: SentMarks): unknown[] {
  const rows: unknown[] = [];
  marks.writeWithin((write) => {
    write(({ lane, seq, atMs }) => rows.push([lane, seq, atMs]));
  });
  return rows;
}

test('a mark is written once, the last one of its lane', () => {
  const marks = new SentMarks();
  marks.note({ lane: 'a', seq: 1, atMs: 5 });
  marks.note({ lane: 'b', seq: 7, atMs: 5 });
  marks.note({ lane: 'a', seq: 3, atMs: 5 });
  expect([marks.sentUpTo('a'), marks.sentUpTo('b'), marks.sentUpTo('c')]).toEqual([3, 7, 0]);
  expect(written(marks)).toEqual([
    ['a', 3, 5],
    ['b', 7, 5],
  ]);
  expect(marks.isEmpty()).toBe(true);
  expect(written(marks)).toEqual([]);
});

test('a mark whose transaction fails stays noted, and is written with the next one', () => {
  const marks = new SentMarks();
  marks.note({ lane: 'a', seq: 1, atMs: 5 });
  expect(() =>
    marks.writeWithin(() => {
      throw new Error('undone');
    }),
  ).toThrow('undone');
  expect(marks.sentUpTo('a')).toBe(1);
  expect(written(marks)).toEqual([['a', 1, 5]]);
});

test('a mark that is noted while others are written is not taken for written', () => {
  const marks = new SentMarks();
  marks.note({ lane: 'a', seq: 1, atMs: 5 });
  marks.writeWithin((write) => {
    write(() => undefined);
    marks.note({ lane: 'a', seq: 2, atMs: 5 });
  });
  expect(written(marks)).toEqual([['a', 2, 5]]);
});
