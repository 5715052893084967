import type { Standing, Waiting } from '../../../domain/capacity/waiting-line.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

type WaitingRow = {
  readonly order_id: OrderId;
  readonly until_ms: number;
  readonly called_at_ms: number | null;
  readonly told_place: number;
  readonly told_turn_at_ms: number;
};

/** Which orders wait for the store to take orders again. */
export class WaitingRows {
  readonly #sql: SqlPort;
  /** As the rows have it; `undefined` after a change, for that may be rolled back. */
  #known: readonly Waiting[] | undefined;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** From memory, so that every hold may ask. Not in a transaction that has changed the line. */
  current(): readonly Waiting[] {
    this.#known ??= this.read();
    return this.#known;
  }

  /** The longest waiting first. Bounded by the line's own bound. */
  read(): readonly Waiting[] {
    return this.#sql
      .all<WaitingRow>(
        'SELECT order_id, until_ms, called_at_ms, told_place, told_turn_at_ms FROM waiting_orders ORDER BY seq',
      )
      .map((row) => ({
        orderId: row.order_id,
        untilMs: row.until_ms,
        calledAtMs: row.called_at_ms,
        told: { place: row.told_place, turnAtMs: row.told_turn_at_ms },
      }));
  }

  /** At the end of the line. */
  join(
    {
      orderId,
      joinedAtMs,
      untilMs,
    }: { readonly orderId: OrderId; readonly joinedAtMs: number; readonly untilMs: number },
    { place, turnAtMs }: Standing,
  ): void {
    this.#known = undefined;
    this.#sql.run(
      `INSERT INTO waiting_orders (order_id, joined_at_ms, until_ms, told_place, told_turn_at_ms) VALUES (?, ?, ?, ?, ?)`,
      orderId,
      joinedAtMs,
      untilMs,
      place,
      turnAtMs,
    );
  }

  /** Whose turn it is; `null` when it came and went, and the order waits on at its old place. */
  call(orderId: OrderId, calledAtMs: number | null): void {
    this.#known = undefined;
    this.#sql.run('UPDATE waiting_orders SET called_at_ms = ? WHERE order_id = ?', calledAtMs, orderId);
  }

  keepTold(orderId: OrderId, { place, turnAtMs }: Standing): void {
    this.#known = undefined;
    this.#sql.run(
      'UPDATE waiting_orders SET told_place = ?, told_turn_at_ms = ? WHERE order_id = ?',
      place,
      turnAtMs,
      orderId,
    );
  }

  /** Counts a message to the order; its name differs from all others that this order gets. */
  nextMessage(orderId: OrderId): string {
    const [row] = this.#sql.all<{ joined_at_ms: number; told: number }>(
      'UPDATE waiting_orders SET told = told + 1 WHERE order_id = ? RETURNING joined_at_ms, told',
      orderId,
    );
    return `${orderId}:${row?.joined_at_ms ?? 0}:${row?.told ?? 0}`;
  }

  leave(orderId: OrderId): void {
    this.#known = undefined;
    this.#sql.run('DELETE FROM waiting_orders WHERE order_id = ?', orderId);
  }
}
