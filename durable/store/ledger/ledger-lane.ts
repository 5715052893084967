import { STOCK_MOVEMENTS } from '../../../contracts/events/stock.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import type { Sku, StoreId } from '../../../domain/shared/ids.ts';
import type { DerivedLane, Outbox, OutboxRow, Unsent } from '../../kit/outbox.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { readLevel } from './stock-columns.ts';

type LedgerRow = {
  readonly position: number;
  readonly sku: Sku;
  readonly sequence: number;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly lot_id: string | null;
  readonly after: string;
  readonly op_id: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly reason: string | null;
  readonly hold_id: string | null;
  readonly order_id: string | null;
  readonly channel: string | null;
  readonly traceparent: string | null;
  readonly at_ms: number;
};

/** The ledger as the lane of its topic: each movement is its own event, so none is written twice, and none can be forgotten. */
export class LedgerLane implements DerivedLane {
  readonly topic = STOCK_MOVEMENTS;
  readonly #sql: SqlPort;
  readonly #storeId: StoreId;
  readonly #outbox: Outbox;
  constructor(sql: SqlPort, storeId: StoreId, outbox: Outbox) {
    this.#sql = sql;
    this.#storeId = storeId;
    this.#outbox = outbox;
  }

  batch(limit: number, sentUpTo: number): OutboxRow[] {
    return this.since(Math.max(sentUpTo, this.#publishedTo()), limit);
  }

  /** The events of the movements after a position, published or not: a log that was lost is filled again from here. */
  since(position: number, limit: number): OutboxRow[] {
    return this.#sql
      .all<LedgerRow>('SELECT * FROM ledger WHERE position > ? ORDER BY position LIMIT ?', position, limit)
      .map((row) => ({ seq: row.position, recordKey: this.#storeId, body: this.#event(row) }));
  }

  markSent(upToSeq: number): void {
    this.#sql.run('UPDATE ledger_cursor SET published_to = ? WHERE published_to < ?', upToSeq, upToSeq);
  }

  unsent(): Unsent {
    const row = one<{ rows: number; oldest: number | null }>(
      this.#sql,
      `SELECT count(*) AS rows, (SELECT at_ms FROM ledger WHERE position > ?1 ORDER BY position LIMIT 1) AS oldest
      FROM movements WHERE position > ?1`,
      this.#publishedTo(),
    );
    return { rows: row.rows, oldestAtMs: row.oldest };
  }

  #publishedTo(): number {
    return one<{ at: number }>(this.#sql, 'SELECT published_to AS at FROM ledger_cursor').at;
  }

  #event(row: LedgerRow): string {
    return this.#outbox.envelope(
      {
        topic: STOCK_MOVEMENTS,
        type: `stock.${row.kind}`,
        subject: `${this.#storeId}:${row.sku}`,
        key: this.#storeId,
        atMs: row.at_ms,
        traceparent: row.traceparent ?? undefined,
        data: {
          storeId: this.#storeId,
          sku: row.sku,
          quantity: row.quantity,
          opId: row.op_id,
          actor: { kind: row.actor_kind, id: row.actor_id },
          after: readLevel(row.after),
          ...(row.reason !== null && { reason: row.reason }),
          ...(row.hold_id !== null && { holdId: row.hold_id }),
          ...(row.order_id !== null && { orderId: row.order_id }),
          ...(row.channel !== null && { channel: row.channel }),
          ...(row.lot_id !== null && { lotId: row.lot_id }),
        },
      },
      row.sequence,
    );
  }
}
