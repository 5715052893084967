import { err, ok } from './result.ts';
import type { Result } from './result.ts';

/** When a breaker opens, and for how long. */
export interface BreakerRules {
  /** Failures in a row that open it. */
  readonly failuresInRow: number;
  /** Of this many last calls … */
  readonly window: number;
  /** … so many failures open it too, in whatever order they came. */
  readonly failuresInWindow: number;
  /** From its opening to the probe, and from a probe that never reported to the next one. */
  readonly pauseMs: number;
}

/** Stands before somebody who may be away: calls pass while it is closed, one of them tries after a pause when it is open. */
export type CircuitBreaker =
  | {
      readonly at: 'CLOSED';
      /** Whether each of the last calls failed, oldest first. */
      readonly failed: readonly boolean[];
    }
  | { readonly at: 'OPEN'; readonly probeAtMs: number }
  | { readonly at: 'HALF_OPEN'; readonly probeAtMs: number };

export const CLOSED_BREAKER: CircuitBreaker = { at: 'CLOSED', failed: [] };

/** Lets a call pass, or says when one may. A call that passes must report how it went. */
export function passBreaker(
  breaker: CircuitBreaker,
  { pauseMs }: BreakerRules,
  nowMs: number,
): Result<CircuitBreaker, { readonly retryAfterMs: number }> {
  if (breaker.at === 'CLOSED') return ok(breaker);
  if (nowMs < breaker.probeAtMs) return err({ retryAfterMs: breaker.probeAtMs - nowMs });
  return ok({ at: 'HALF_OPEN', probeAtMs: nowMs + pauseMs });
}

/** Whether a call would pass; takes no probe. */
export function wouldPass(breaker: CircuitBreaker, nowMs: number): boolean {
  return breaker.at === 'CLOSED' || nowMs >= breaker.probeAtMs;
}

/** After a call that was answered, whatever the answer said. */
export function afterAnswer(breaker: CircuitBreaker, rules: BreakerRules): CircuitBreaker {
  switch (breaker.at) {
    case 'CLOSED':
      return { at: 'CLOSED', failed: lastOf([...breaker.failed, false], rules.window) };
    // The late answer of a call from before: only a probe closes it.
    case 'OPEN':
      return breaker;
    case 'HALF_OPEN':
      return CLOSED_BREAKER;
  }
}

/** After a call that nobody answered, or that was answered with a fault of the other side. */
export function afterFault(breaker: CircuitBreaker, rules: BreakerRules, nowMs: number): CircuitBreaker {
  const opened: CircuitBreaker = { at: 'OPEN', probeAtMs: nowMs + rules.pauseMs };
  switch (breaker.at) {
    case 'CLOSED': {
      const failed = lastOf([...breaker.failed, true], rules.window);
      const inRow = failed.length - 1 - failed.lastIndexOf(false);
      const inWindow = failed.filter(Boolean).length;
      return inRow >= rules.failuresInRow || inWindow >= rules.failuresInWindow ? opened : { at: 'CLOSED', failed };
    }
    // Calls that were under way when it opened do not keep it open for longer.
    case 'OPEN':
      return breaker;
    case 'HALF_OPEN':
      return opened;
  }
}

function lastOf(failed: readonly boolean[], window: number): readonly boolean[] {
  return failed.slice(-window);
}
