import { expect, test } from 'vitest';
import { countProblems, flashProblems } from './count-check.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

const REPORT = {
  answers: 1_000,
  durationUs: 1e6,
  refused: 10,
  broken: 0,
  p50Us: 1,
  p99Us: 1,
  holdsSent: 1_064,
  holdsAcked: 0,
  releasesSent: 0,
  releasesAcked: 0,
};

function check(name: WorkloadName, takenUnits: number, changes: Partial<typeof REPORT> = {}): readonly string[] {
  const workload = WORKLOADS.find((one) => one.name === name);
  if (workload === undefined) throw new Error('no such workload');
  return countProblems({ ...REPORT, ...changes }, workload, 64, takenUnits);
}

test.each([990, 1_054])('%i units for 990 acknowledged holds and 64 on their way add up', (taken) => {
  expect(check('hot', taken)).toEqual([]);
});

test('an acknowledged unit that did not leave the shelf is told', () => {
  expect(check('hot', 989)).toEqual(['990 units were acknowledged, 989 left the shelf']);
});

test('a unit that nobody asked for is told', () => {
  expect(check('hot', 1_055)).toEqual(['1055 units left the shelf, at most 1054 were asked for']);
});

test('a basket of eight takes eight units', () => {
  expect(check('basket8', 990 * 8)).toEqual([]);
  expect(check('basket8', 990)).toHaveLength(1);
});

test('what was released is back', () => {
  const churn = { refused: 0, holdsSent: 520, holdsAcked: 500, releasesSent: 480, releasesAcked: 470 };
  expect(check('churn', 20, churn)).toEqual([]);
  expect(check('churn', 19, churn)).toHaveLength(1);
  expect(check('churn', 51, churn)).toHaveLength(1);
});

test('a request without an answer is told', () => {
  expect(check('hot', 990, { broken: 2 })).toEqual(['2 requests had no answer']);
});

test('a drop sells every unit once', () => {
  const report = { seconds: 1, held: 1_000, soldOut: 19_000, refused: 0, tookMs: { p50: 1, p99: 1 } };
  expect(flashProblems(report, 1_000)).toEqual([]);
  expect(flashProblems({ ...report, held: 1_001 }, 1_001)).toEqual(['1001 of 1000 units were sold']);
  expect(flashProblems({ ...report, held: 999 }, 999)).toHaveLength(1);
  expect(flashProblems(report, 1_001)).toHaveLength(1);
});
