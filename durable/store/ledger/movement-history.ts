import type { MovementPage, MovementView } from '../../../contracts/rpc/store-goods.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import type { HoldId, LotId, OpId, OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { readLevel } from './stock-columns.ts';

/**
 * Lines of the ledger that one page looks at, a fraction of a second's work however long the ledger is: it has no index by SKU,
 * which would cost every hold a random page. Whoever reads far back goes on from page to page; the read models have it by SKU.
 */
const LINES_PER_PAGE = 50_000;

type LedgerRow = {
  readonly position: number;
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
  readonly after: string;
};

/** The ledger as people read it. */
export class MovementHistory {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** A SKU's movements before a position, newest first: as many as asked for, or as a page looks at. */
  page(sku: Sku, { before, limit }: { readonly before: number; readonly limit: number }): MovementPage {
    const from = Math.min(before, this.#newest() + 1);
    const downTo = Math.max(0, from - LINES_PER_PAGE);
    const rows = this.#sql.all<LedgerRow>(
      `SELECT position, sequence, kind, quantity, reason, actor_kind, actor_id, op_id, lot_id, hold_id, order_id, at_ms, after
      FROM ledger WHERE position < ? AND position >= ? AND sku = ? ORDER BY position DESC LIMIT ?`,
      from,
      downTo,
      sku,
      limit,
    );
    const oldest = rows.at(-1);
    if (oldest?.sequence === 1) return { movements: rows.map(toView), nextBefore: null };
    const nextBefore = oldest !== undefined && rows.length === limit ? oldest.position : downTo;
    return { movements: rows.map(toView), nextBefore: nextBefore > this.#oldest() ? nextBefore : null };
  }

  #newest(): number {
    return this.#sql.all<{ at: number | null }>('SELECT max(position) AS at FROM movements')[0]?.at ?? 0;
  }

  #oldest(): number {
    return this.#sql.all<{ at: number | null }>('SELECT min(position) AS at FROM movements')[0]?.at ?? 0;
  }
}

function toView(row: LedgerRow): MovementView {
  return {
    position: row.position,
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
    after: readLevel(row.after),
  };
}
