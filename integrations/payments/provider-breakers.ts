import type { Provider } from '../../domain/order/payment-method.ts';
import {
  afterAnswer,
  afterFault,
  CLOSED_BREAKER,
  passBreaker,
  wouldPass,
} from '../../domain/shared/circuit-breaker.ts';
import type { BreakerRules, CircuitBreaker } from '../../domain/shared/circuit-breaker.ts';
import type { PaymentGateway } from './port.ts';

const RULES: BreakerRules = { failuresInRow: 5, window: 20, failuresInWindow: 12, pauseMs: 10_000 };

/**
 * A circuit breaker before each provider, in the memory of the isolate: each isolate learns for itself, within five calls, and none
 * has to ask another. A call that no breaker lets pass throws at once, so its outcome is as unknown as that of any that broke.
 */
export class ProviderBreakers {
  readonly #nowMs: () => number;
  readonly #breakers = new Map<Provider, CircuitBreaker>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The first that may be called now comes first, the others keep their order. Empty when none may. */
  order(providers: readonly Provider[]): readonly Provider[] {
    const first = providers.find((provider) => wouldPass(this.#of(provider), this.#nowMs()));
    return first === undefined ? [] : [first, ...providers.filter((provider) => provider !== first)];
  }

  guard(gateway: PaymentGateway): PaymentGateway {
    const { provider, onDelivery, partialCapture } = gateway;
    return {
      provider,
      onDelivery,
      partialCapture,
      authorize: (call) => this.#pass(provider, () => gateway.authorize(call)),
      capture: (call) => this.#pass(provider, () => gateway.capture(call)),
      void: (call) => this.#pass(provider, () => gateway.void(call)),
      refund: (call) => this.#pass(provider, () => gateway.refund(call)),
      find: (orderId, providerRef) => this.#pass(provider, () => gateway.find(orderId, providerRef)),
    };
  }

  async #pass<T>(provider: Provider, call: () => Promise<T>): Promise<T> {
    const passed = passBreaker(this.#of(provider), RULES, this.#nowMs());
    if (!passed.ok) throw new Error(`${provider} is away: it is asked again in ${passed.error.retryAfterMs} ms`);
    this.#breakers.set(provider, passed.value);
    try {
      const answer = await call();
      this.#breakers.set(provider, afterAnswer(this.#of(provider), RULES));
      return answer;
    } catch (cause) {
      this.#breakers.set(provider, afterFault(this.#of(provider), RULES, this.#nowMs()));
      throw cause;
    }
  }

  #of(provider: Provider): CircuitBreaker {
    return this.#breakers.get(provider) ?? CLOSED_BREAKER;
  }
}
