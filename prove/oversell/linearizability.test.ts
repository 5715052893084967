import { describe, expect, it } from 'vitest';
import { isLinearizable, OPERATIONS_MAX } from './linearizability.ts';
import type { SeenOperation } from './linearizability.ts';

function hold(sentAtMs: number, answeredAtMs: number, granted: boolean, quantity = 1): SeenOperation {
  return { kind: 'hold', quantity, sentAtMs, answeredAtMs, granted };
}
function release(sentAtMs: number, answeredAtMs: number, quantity = 1): SeenOperation {
  return { kind: 'release', quantity, sentAtMs, answeredAtMs, granted: true };
}

describe('isLinearizable', () => {
  it('takes one winner for one unit, whoever asked first', () => {
    expect(isLinearizable(1, [hold(0, 10, false), hold(1, 9, true)])).toBe(true);
  });
  it('sees two winners for one unit [I3]', () => {
    expect(isLinearizable(1, [hold(0, 10, true), hold(1, 9, true)])).toBe(false);
  });
  it('sees a refusal that nothing explains: the unit was free all the time', () => {
    expect(isLinearizable(1, [hold(0, 1, false), hold(2, 3, true)])).toBe(false);
  });
  it('explains a refusal by a hold that was released only later', () => {
    expect(isLinearizable(1, [hold(0, 1, true), hold(2, 3, false), release(4, 5), hold(6, 7, true)])).toBe(true);
  });
  it('sees a unit that came back before its release was sent', () => {
    expect(isLinearizable(1, [hold(0, 1, true), hold(2, 3, true), release(4, 5)])).toBe(false);
  });
  it('counts units, not operations', () => {
    expect(isLinearizable(3, [hold(0, 5, true, 2), hold(0, 5, true, 2)])).toBe(false);
    expect(isLinearizable(4, [hold(0, 5, true, 2), hold(0, 5, true, 2)])).toBe(true);
  });
  it('decides the longest history it takes within a moment', () => {
    const crowd = Array.from({ length: OPERATIONS_MAX }, (_, i) => hold(0, 100, i < OPERATIONS_MAX / 2));
    expect(isLinearizable(OPERATIONS_MAX / 2, crowd)).toBe(true);
    expect(isLinearizable(OPERATIONS_MAX / 2 - 1, crowd)).toBe(false);
  });
});
