import { expect, test } from 'vitest';
import { judge } from './bench.ts';

const GOALS = [
  { name: 'reached', wanted: 8 },
  { name: 'missed', wanted: 8 },
  { name: 'measured', wanted: null },
  { name: 'absent', wanted: null },
];

test('a goal is reached by its figure, and one that was not measured is not', () => {
  expect(judge(GOALS, { reached: 8, missed: 7.99, measured: 0.1 })).toEqual([
    { name: 'reached', wanted: 8, got: 8, ok: true },
    { name: 'missed', wanted: 8, got: 7.99, ok: false },
    { name: 'measured', wanted: null, got: 0.1, ok: true },
    { name: 'absent', wanted: null, got: null, ok: false },
  ]);
});
