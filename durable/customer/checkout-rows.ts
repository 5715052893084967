import { readOwnJson } from '../../contracts/own-json.ts';
import type { Checkout, CheckoutStatus, Claim } from '../../domain/cart/checkout.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { OP_KEPT_MS } from '../kit/ops.ts';
import type { SqlPort } from '../kit/sql.ts';

// A type, not an interface: only a type is assignable to the port's row, which has an index signature.
type CheckoutRow = {
  readonly order_id: OrderId;
  readonly body_digest: string;
  readonly status: CheckoutStatus;
  readonly checkout: string;
};
const COLUMNS = 'order_id, body_digest, status, checkout';

/** Which order was made of which cart; written inside a transaction only. */
export class CheckoutRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  find(orderId: OrderId): Claim | null {
    return this.#claim(`SELECT ${COLUMNS} FROM checkouts WHERE order_id = ?`, orderId);
  }

  /** The open one of a cart version. */
  open(cartVersion: number): Claim | null {
    return this.#claim(`SELECT ${COLUMNS} FROM checkouts WHERE cart_version = ? AND status = 'OPEN'`, cartVersion);
  }

  save({ orderId, bodyDigest, status, checkout }: Claim, nowMs: number): void {
    this.#sql.run(
      `INSERT INTO checkouts (order_id, cart_version, body_digest, status, checkout, opened_at_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (order_id) DO UPDATE SET cart_version = excluded.cart_version, status = excluded.status,
         checkout = excluded.checkout, opened_at_ms = excluded.opened_at_ms`,
      orderId,
      checkout.cartVersion,
      bodyDigest,
      status,
      JSON.stringify(checkout),
      nowMs,
    );
  }

  settle(orderId: OrderId, status: CheckoutStatus): void {
    this.#sql.run('UPDATE checkouts SET status = ? WHERE order_id = ?', status, orderId);
  }

  /** Forgets what nobody asks about any more, a bounded number at a time. */
  prune(nowMs: number): void {
    this.#sql.run(
      `DELETE FROM checkouts WHERE order_id IN
        (SELECT order_id FROM checkouts WHERE opened_at_ms < ? AND status <> 'OPEN' LIMIT 100)`,
      nowMs - OP_KEPT_MS,
    );
  }

  #claim(query: string, binding: string | number): Claim | null {
    const row = this.#sql.all<CheckoutRow>(query, binding)[0];
    if (row === undefined) return null;
    const { order_id: orderId, body_digest: bodyDigest, status } = row;
    return { orderId, bodyDigest, status, checkout: readOwnJson<Checkout>(row.checkout) };
  }
}
