import { expect, test } from 'vitest';
import { missingSteps } from './postgres-copies.ts';

const STEPS = ['PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE'] as const;
const at = '2026-01-31T09:30:00.000Z';
const history = STEPS.map((status, index) => ({ seq: index + 1, status, at, by: 'customer:x' }));
const copied = STEPS.map((status, index) => ({ seq: index + 1, status, at }));

test('a copy that has every step lacks none', () => {
  expect(missingSteps({ history }, { history: copied })).toBe(0);
});

test('the numbers of either are its own', () => {
  const told = history.map((step) => ({ ...step, seq: step.seq * 2 }));
  expect(missingSteps({ history: told }, { history: copied })).toBe(0);
});

test('a step that was lost, and one that became another, are missing', () => {
  expect(missingSteps({ history }, { history: copied.slice(0, 2) })).toBe(1);
  expect(missingSteps({ history }, { history: [{ seq: 1, status: 'CANCELLED', at }, ...copied.slice(1)] })).toBe(1);
});

test('of an order without any copy every step is missing', () => {
  expect(missingSteps({ history }, null)).toBe(3);
});
