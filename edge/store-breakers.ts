import { afterAnswer, afterFault, CLOSED_BREAKER, passBreaker, wouldPass } from '../domain/shared/circuit-breaker.ts';
import type { BreakerRules, CircuitBreaker } from '../domain/shared/circuit-breaker.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { logLine } from './log.ts';

/** A store is asked up to twenty times a second while customers look at it: so many faults are no accident, and so long is soon over. */
const RULES: BreakerRules = { failuresInRow: 3, window: 20, failuresInWindow: 10, pauseMs: 5_000 };
/** Long enough for an object that starts cold and a catalog of thousands of SKUs. */
const ANSWER_WITHIN_MS = 2_500;

/** What the breakers need from around them. */
export interface BreakerClock {
  readonly wait: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
}

/**
 * A breaker before each store's object, as this isolate sees it: one that fails or is silent is left out of the choice and not asked,
 * until a probe after the pause is answered. No operator closes anything. As many as there are stores of the network, so bounded by it.
 */
export class StoreBreakers {
  readonly #breakers = new Map<StoreId, CircuitBreaker>();

  /** Whether a store may be chosen. */
  isTrusted(storeId: StoreId, nowMs: number): boolean {
    return wouldPass(this.#of(storeId), nowMs);
  }

  /** Calls a store and learns from how it went. Throws what the call throws, and when the store is not to be asked or silent. */
  async call<T>(storeId: StoreId, { wait, nowMs }: BreakerClock, ask: () => Promise<T>): Promise<T> {
    const passed = passBreaker(this.#of(storeId), RULES, nowMs());
    if (!passed.ok) throw new Error(`left out for ${passed.error.retryAfterMs} ms more`);
    this.#breakers.set(storeId, passed.value);
    try {
      const answer = await Promise.race([ask(), silence(wait)]);
      this.#breakers.set(storeId, afterAnswer(this.#of(storeId), RULES));
      return answer;
    } catch (cause) {
      const before = this.#of(storeId);
      const after = afterFault(before, RULES, nowMs());
      this.#breakers.set(storeId, after);
      if (after.at === 'OPEN' && before.at !== 'OPEN')
        logLine({ event: 'store_left_out', storeId, cause: String(cause) });
      throw cause;
    }
  }

  #of(storeId: StoreId): CircuitBreaker {
    return this.#breakers.get(storeId) ?? CLOSED_BREAKER;
  }
}

async function silence(wait: BreakerClock['wait']): Promise<never> {
  await wait(ANSWER_WITHIN_MS);
  throw new Error(`no answer within ${ANSWER_WITHIN_MS} ms`);
}
