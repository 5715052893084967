import { expect, test } from 'vitest';
import { judge, type Findings } from './verdict.ts';

const FINE: Findings = {
  orders: 2,
  delivered: 2,
  answersMs: [20.04, 31.26],
  oversoldUnits: 0,
  missingEvents: 0,
  strandedEvents: 0,
  troubles: [],
};

test('all is well when every order arrived and nothing is missing', () => {
  expect(judge(FINE)).toEqual({
    ok: true,
    orders: 2,
    delivered: 2,
    oversold: 0,
    lost_events: 0,
    p50_ms: 20,
    p99_ms: 31.3,
  });
});

test.each([
  ['an order that was not delivered', { delivered: 1 }],
  ['a unit that was sold twice', { oversoldUnits: 1 }],
  ['an event that the read models do not have', { missingEvents: 1 }],
  ['an event that waits for a person', { strandedEvents: 1 }],
  ['anything else that went wrong', { troubles: ['a picker went home early'] }],
])('%s is a failure', (_what, found) => {
  expect(judge({ ...FINE, ...found }).ok).toBe(false);
});

test('an event that is stranded and therefore missing is lost once', () => {
  expect(judge({ ...FINE, missingEvents: 3, strandedEvents: 2 }).lost_events).toBe(3);
});
