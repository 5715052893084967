import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAnswer, afterFault, CLOSED_BREAKER, passBreaker, wouldPass } from './circuit-breaker.ts';
import type { BreakerRules, CircuitBreaker } from './circuit-breaker.ts';

const RULES: BreakerRules = { failuresInRow: 3, window: 10, failuresInWindow: 6, pauseMs: 1000 };

function faults(count: number, from: CircuitBreaker = CLOSED_BREAKER, nowMs = 0): CircuitBreaker {
  return Array.from({ length: count }).reduce<CircuitBreaker>((breaker) => afterFault(breaker, RULES, nowMs), from);
}

describe('circuit breaker [X5]', () => {
  it('opens after so many failures in a row, not one earlier', () => {
    expect(faults(2).at).toBe('CLOSED');
    expect(faults(3)).toEqual({ at: 'OPEN', probeAtMs: 1000 });
  });

  it('an answer in between starts the row again', () => {
    expect(faults(2, afterAnswer(faults(2), RULES)).at).toBe('CLOSED');
  });

  it('opens by rate though no row is long enough', () => {
    let breaker = CLOSED_BREAKER;
    const outcomes = [true, true, false, true, true, false, true];
    for (const failed of outcomes) breaker = failed ? afterFault(breaker, RULES, 0) : afterAnswer(breaker, RULES);
    expect(breaker.at).toBe('CLOSED');
    expect(afterFault(breaker, RULES, 0).at).toBe('OPEN');
  });

  it('refuses while it is open and says when to come back', () => {
    expect(passBreaker(faults(3), RULES, 400)).toEqual({ ok: false, error: { retryAfterMs: 600 } });
    expect(wouldPass(faults(3), 999)).toBe(false);
  });

  it('lets one probe pass after the pause, and the next one only after another pause', () => {
    const probe = passBreaker(faults(3), RULES, 1000);
    expect(probe).toEqual({ ok: true, value: { at: 'HALF_OPEN', probeAtMs: 2000 } });
    if (!probe.ok) return;
    expect(passBreaker(probe.value, RULES, 1999).ok).toBe(false);
    // A probe that never reported must not close the way for ever.
    expect(passBreaker(probe.value, RULES, 2000).ok).toBe(true);
  });

  it('closes by itself when the probe is answered, opens again when it is not', () => {
    const probe = passBreaker(faults(3), RULES, 1000);
    if (!probe.ok) throw new Error('no probe');
    expect(afterAnswer(probe.value, RULES)).toEqual(CLOSED_BREAKER);
    expect(afterFault(probe.value, RULES, 1500)).toEqual({ at: 'OPEN', probeAtMs: 2500 });
  });

  it('late outcomes of calls from before neither close it nor keep it open for longer', () => {
    const open = faults(3);
    expect(afterAnswer(open, RULES)).toEqual(open);
    expect(afterFault(open, RULES, 900)).toEqual(open);
  });

  it('whatever happens, a call passes once a pause has gone by without news, and memory stays bounded', () => {
    const outcome = fc.constantFrom('answer', 'fault', 'pass');
    fc.assert(
      fc.property(fc.array(fc.tuple(outcome, fc.nat(500)), { maxLength: 60 }), (happened) => {
        let breaker = CLOSED_BREAKER;
        let nowMs = 0;
        for (const [what, laterMs] of happened) {
          nowMs += laterMs;
          const passed = passBreaker(breaker, RULES, nowMs);
          if (what === 'pass') breaker = passed.ok ? passed.value : breaker;
          else breaker = what === 'answer' ? afterAnswer(breaker, RULES) : afterFault(breaker, RULES, nowMs);
          const remembered = breaker.at === 'CLOSED' ? breaker.failed.length : 0;
          expect(remembered).toBeLessThanOrEqual(RULES.window);
        }
        expect(passBreaker(breaker, RULES, nowMs + RULES.pauseMs).ok).toBe(true);
      }),
    );
  });
});
