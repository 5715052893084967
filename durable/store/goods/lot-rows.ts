import type { Account } from '../../../domain/inventory/ledger.ts';
import { followLots } from '../../../domain/inventory/follow-lots.ts';
import { concernsLots } from '../../../domain/inventory/lot-effects.ts';
import type { Lot, LotStatus, OrderLot } from '../../../domain/inventory/lots.ts';
import type { LotId, OpId, OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { Deadlines } from '../../kit/deadlines.ts';
import { one } from '../../kit/sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import type { Entry } from '../ledger/stock-writer.ts';

/** The one deadline of all lots: the earliest sell-by. */
export const LOT_SELL_BY = 'lot';
const EARLIEST = 'sell-by';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type LotRow = {
  readonly sku: Sku;
  readonly lot_id: LotId;
  readonly best_before_ms: number | null;
  readonly sell_by_ms: number | null;
  readonly status: LotStatus;
  readonly received: number;
  readonly on_shelf: number;
  readonly blocked: number;
};
type OrderLotRow = {
  readonly sku: Sku;
  readonly lot_id: LotId;
  readonly order_id: OrderId;
  readonly quantity: number;
};

const LOT_COLUMNS = 'sku, lot_id, best_before_ms, sell_by_ms, status, received, on_shelf, blocked';
/**
 * Lots of the SKUs bound that have units on the shelf. The index is named: left to itself SQLite reads by the primary key, which is
 * every lot of a SKU that ever came.
 */
const ON_SHELF = `lots INDEXED BY lots_on_shelf WHERE sku IN (SELECT value FROM json_each(?)) AND on_shelf > 0`;
/** As the partial index has it, or SQLite does not use it. */
const OPEN_ON_SHELF = "status = 'OPEN' AND on_shelf > 0";

/** Lots as rows, and which order got which. Writes are part of the caller's transaction. */
export class LotRows {
  readonly #sql: SqlPort;
  readonly #deadlines: Deadlines;
  constructor(sql: SqlPort, deadlines: Deadlines) {
    this.#sql = sql;
    this.#deadlines = deadlines;
  }

  find(sku: Sku, lotId: LotId): Lot | undefined {
    return this.#select('lots WHERE sku = ? AND lot_id = ?', sku, lotId)[0];
  }

  /** Those of these lots that are known. */
  findAll(wanted: readonly { readonly sku: Sku; readonly lotId: LotId }[]): Lot[] {
    const listed = '(sku, lot_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))';
    return this.#select(`lots WHERE ${listed}`, JSON.stringify(wanted.map(({ sku, lotId }) => [sku, lotId])));
  }

  /** The lots of these SKUs that have units on the shelf. */
  onShelf(skus: readonly Sku[]): Lot[] {
    return this.#select(ON_SHELF, JSON.stringify(skus));
  }

  /**
   * Of these SKUs, the lots of which something must not be promised any more: past their sell-by though open, or closed while
   * more of them was promised than could be blocked.
   */
  toWithhold(skus: readonly Sku[], nowMs: number): Lot[] {
    return this.#select(
      `${ON_SHELF} AND (status = 'OPEN' AND sell_by_ms <= ? OR status <> 'OPEN' AND blocked < on_shelf)`,
      JSON.stringify(skus),
      nowMs,
    );
  }

  /** Lots with units on the shelf that are past their sell-by and open, the longest past first. */
  pastSellBy(nowMs: number, limit: number): Lot[] {
    return this.#sql
      .all<LotRow>(
        `SELECT ${LOT_COLUMNS} FROM lots WHERE ${OPEN_ON_SHELF} AND sell_by_ms <= ? ORDER BY sell_by_ms, sku LIMIT ?`,
        nowMs,
        limit,
      )
      .map(toLot);
  }

  save(lots: readonly Lot[]): void {
    if (lots.length === 0) return;
    this.#sql.run(
      `INSERT INTO lots (${LOT_COLUMNS})
      SELECT value ->> 'sku', value ->> 'lotId', value ->> 'bestBeforeMs', value ->> 'sellByMs', value ->> 'status',
        value ->> 'received', value ->> 'onShelf', value ->> 'blocked'
      FROM json_each(?) WHERE true
      ON CONFLICT (sku, lot_id) DO UPDATE SET best_before_ms = excluded.best_before_ms, sell_by_ms = excluded.sell_by_ms,
        status = excluded.status, received = excluded.received, on_shelf = excluded.on_shelf, blocked = excluded.blocked`,
      JSON.stringify(lots),
    );
  }

  /**
   * Tells movements apart by lot and takes their units off and onto the lots: what `StockWriter` posts instead of what it was
   * given. Units that come to a closed lot are blocked in the same commit.
   */
  follow(accounts: ReadonlyMap<Sku, Account>, entries: readonly Entry[]): readonly Entry[] {
    const concerned = entries.filter(concernsLots);
    const lots = concerned.length === 0 ? [] : this.#lotsOf(concerned);
    if (lots.length === 0 && concerned.every(({ lotId }) => lotId === undefined)) return entries;
    const orderLots = this.#orderLotsOf(concerned);
    const step = followLots(accounts, { lots, orderLots }, entries);
    this.save(step.lots);
    this.#saveOrderLots(step.orderLots);
    if (step.lots.some((lot) => lot.sellByMs !== null && gainedUnits(lots, lot))) this.watchSellBy(0);
    const opId = entries[0]?.opId;
    if (opId === undefined) return entries;
    return [...step.movements, ...step.toBlock.map(({ lot, quantity }) => blockOf(lot, quantity, opId))];
  }

  /** Sets the deadline of the lots to the earliest sell-by there is, but later than `nowMs`: a deadline being served is not set anew. */
  watchSellBy(nowMs: number): void {
    const [row] = this.#sql.all<{ due: number | null }>(
      `SELECT min(sell_by_ms) AS due FROM lots WHERE ${OPEN_ON_SHELF} AND sell_by_ms IS NOT NULL`,
    );
    const dueMs = row?.due ?? null;
    if (dueMs === null) this.#deadlines.clear(LOT_SELL_BY, EARLIEST);
    else this.#deadlines.set(LOT_SELL_BY, EARLIEST, Math.max(dueMs, nowMs + 1));
  }

  /** Orders that got units of a lot, by id. */
  ordersOf(sku: Sku, lotId: LotId, { after, limit }: { readonly after: string; readonly limit: number }): OrderLot[] {
    return this.#sql
      .all<OrderLotRow>(
        `SELECT sku, lot_id, order_id, quantity FROM order_lots WHERE sku = ? AND lot_id = ? AND order_id > ?
        ORDER BY order_id LIMIT ?`,
        sku,
        lotId,
        after,
        limit,
      )
      .map(toOrderLot);
  }

  orderTotals(sku: Sku, lotId: LotId): { readonly orders: number; readonly units: number } {
    return one(
      this.#sql,
      'SELECT count(*) AS orders, coalesce(sum(quantity), 0) AS units FROM order_lots WHERE sku = ? AND lot_id = ?',
      sku,
      lotId,
    );
  }

  /** Every lot of these SKUs that has units on the shelf, that an entry names or that its order got. */
  #lotsOf(entries: readonly Entry[]): Lot[] {
    const moved = JSON.stringify(entries.map(({ sku, lotId, orderId }) => [sku, lotId ?? null, orderId ?? null]));
    // The cross joins keep SQLite from reading the other way round: all lots there ever were, to see which are named.
    const lots = this.#sql.all<LotRow>(
      `WITH moved AS (SELECT value ->> 0 AS sku, value ->> 1 AS lot_id, value ->> 2 AS order_id FROM json_each(?)),
      named AS (
        SELECT sku, lot_id FROM moved WHERE lot_id IS NOT NULL
        UNION SELECT sku, order_lots.lot_id FROM moved CROSS JOIN order_lots USING (order_id, sku))
      SELECT ${LOT_COLUMNS} FROM lots INDEXED BY lots_on_shelf WHERE sku IN (SELECT sku FROM moved) AND on_shelf > 0
      UNION
      SELECT ${LOT_COLUMNS} FROM named CROSS JOIN lots USING (sku, lot_id)`,
      moved,
    );
    return lots.map(toLot);
  }

  #orderLotsOf(entries: readonly Entry[]): OrderLot[] {
    const wanted = entries.flatMap(({ sku, orderId }) => (orderId === undefined ? [] : [[orderId, sku]]));
    if (wanted.length === 0) return [];
    return this.#sql
      .all<OrderLotRow>(
        `SELECT sku, lot_id, order_id, quantity
        FROM (SELECT DISTINCT value ->> 0 AS order_id, value ->> 1 AS sku FROM json_each(?)) CROSS JOIN order_lots INDEXED BY order_lots_by_order
          USING (order_id, sku)`,
        JSON.stringify(wanted),
      )
      .map(toOrderLot);
  }

  #saveOrderLots(orderLots: readonly OrderLot[]): void {
    if (orderLots.length === 0) return;
    const json = JSON.stringify(orderLots);
    this.#sql.run(
      `DELETE FROM order_lots WHERE (sku, lot_id, order_id) IN (
        SELECT value ->> 'sku', value ->> 'lotId', value ->> 'orderId' FROM json_each(?) WHERE value ->> 'quantity' = 0)`,
      json,
    );
    this.#sql.run(
      `INSERT INTO order_lots (sku, lot_id, order_id, quantity)
      SELECT value ->> 'sku', value ->> 'lotId', value ->> 'orderId', value ->> 'quantity'
      FROM json_each(?) WHERE value ->> 'quantity' > 0
      ON CONFLICT (sku, lot_id, order_id) DO UPDATE SET quantity = excluded.quantity`,
      json,
    );
  }

  #select(from: string, ...bindings: (string | number)[]): Lot[] {
    return this.#sql.all<LotRow>(`SELECT ${LOT_COLUMNS} FROM ${from} ORDER BY sku, lot_id`, ...bindings).map(toLot);
  }
}

function gainedUnits(before: readonly Lot[], { sku, lotId, onShelf }: Lot): boolean {
  return onShelf > (before.find((lot) => lot.sku === sku && lot.lotId === lotId)?.onShelf ?? 0);
}

/** The ledger's line for units of a closed lot that are set aside. */
export function blockOf(lot: Lot, quantity: number, opId: OpId): Entry {
  return { kind: 'blocked', sku: lot.sku, lotId: lot.lotId, quantity, opId, reason: lot.status };
}

function toLot(row: LotRow): Lot {
  return {
    sku: row.sku,
    lotId: row.lot_id,
    bestBeforeMs: row.best_before_ms,
    sellByMs: row.sell_by_ms,
    status: row.status,
    received: row.received,
    onShelf: row.on_shelf,
    blocked: row.blocked,
  };
}

function toOrderLot(row: OrderLotRow): OrderLot {
  return { sku: row.sku, lotId: row.lot_id, orderId: row.order_id, quantity: row.quantity };
}
