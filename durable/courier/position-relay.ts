import type { OrderId } from '../../domain/shared/ids.ts';
import type { Fix } from '../../domain/dispatch/position.ts';

/**
 * Passes positions on to orders without waiting for any of them: one call in flight per order, and behind it only the newest
 * position. A position that is lost is no loss: the next one is better.
 */
export class PositionRelay {
  readonly #send: (orderId: OrderId, fix: Fix) => Promise<void>;
  /** The orders with a call in flight, and what came meanwhile. */
  readonly #busy = new Map<OrderId, Fix | null>();

  constructor(send: (orderId: OrderId, fix: Fix) => Promise<void>) {
    this.#send = send;
  }

  /** Settles when nothing is left to pass on for this order; never throws. */
  async pass(orderId: OrderId, fix: Fix): Promise<void> {
    if (this.#busy.has(orderId)) {
      this.#busy.set(orderId, fix);
      return;
    }
    for (let next: Fix | null = fix; next !== null; next = this.#busy.get(orderId) ?? null) {
      this.#busy.set(orderId, null);
      try {
        // oxlint-disable-next-line no-await-in-loop -- one call in flight per order
        await this.#send(orderId, next);
      } catch {
        // The order is away; the next ping finds out whether it still is.
      }
    }
    this.#busy.delete(orderId);
  }
}
