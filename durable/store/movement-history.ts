import type { MovementView } from '../../contracts/rpc/store-goods.ts';
import type { MovementKind } from '../../domain/inventory/ledger.ts';
import type { HoldId, LotId, OpId, OrderId, Sku } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../kit/sql.ts';
import { LEVEL_COLUMNS, toLevel } from './stock-columns.ts';
import type { LevelRow } from './stock-columns.ts';

type MovementRow = LevelRow & {
  readonly sequence: number;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly reason: string | null;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly op_id: OpId;
  readonly lot_id: LotId | null;
  readonly hold_id: HoldId | null;
  readonly order_id: OrderId | null;
  readonly at_ms: number;
};

/** The ledger as it is read by people: a page of it costs the same however long it is. */
export class MovementHistory {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** A SKU's movements before a sequence, newest first. */
  before(sku: Sku, sequence: number, limit: number): MovementView[] {
    return this.#sql
      .all<MovementRow>(
        `SELECT sequence, kind, quantity, reason, actor_kind, actor_id, op_id, lot_id, hold_id, order_id, at_ms,
          ${LEVEL_COLUMNS.join(', ')}
        FROM movements WHERE sku = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
        sku,
        sequence,
        limit,
      )
      .map((row) => ({
        position: row.sequence,
        sequence: row.sequence,
        kind: row.kind,
        quantity: row.quantity,
        reason: row.reason,
        actor: { kind: row.actor_kind, id: row.actor_id },
        opId: row.op_id,
        lotId: row.lot_id,
        holdId: row.hold_id,
        orderId: row.order_id,
        atMs: row.at_ms,
        after: toLevel(row),
      }));
  }
}
