import type { Provider } from '../../domain/order/payment-method.ts';
import type { SqlPort } from '../kit/sql.ts';

/**
 * Far above what a provider tells of one payment. Razorpay's signature does not cover the id of an event, so a replay can make ids up;
 * beyond this its notices are not listened to any more, and the order asks by its own clock, as it does when they get lost.
 */
const NOTICES_MAX = 500;

/** The notices of providers that an order has taken, for ever: a day later a replay is still one. */
export class PaymentInbox {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** True the first time. Inside the transaction that acts on it. */
  take(provider: Provider, eventId: string, nowMs: number): boolean {
    const taken = this.#sql.all<{ event_id: string }>(
      `INSERT INTO payment_inbox (provider, event_id, received_at_ms)
       SELECT ?, ?, ? WHERE (SELECT count(*) FROM payment_inbox) < ?
       ON CONFLICT DO NOTHING RETURNING event_id`,
      provider,
      eventId,
      nowMs,
      NOTICES_MAX,
    );
    return taken.length > 0;
  }
}
