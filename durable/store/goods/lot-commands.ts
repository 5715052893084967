import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { TRACED_ORDERS_MAX } from '../../../contracts/rpc/store-goods.ts';
import type { LotTrace, RecallLot, SellByMargin, SetSellByMargin } from '../../../contracts/rpc/store-goods.ts';
import { newLot } from '../../../domain/inventory/lots.ts';
import type { Lot } from '../../../domain/inventory/lots.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { closeLots, withhold } from './lot-closing.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** Calls a lot back, also one that never came: should it come later, it is blocked on its way in. Again, it is only looked up. */
export function recallLot(
  books: StoreBooks,
  command: RecallLot,
  nowMs: number,
): Result<LotTrace, Refusal<'UNKNOWN_SKU'>> {
  const { sku, lotId, reason, opId } = command;
  if (!books.stock.accounts([sku]).has(sku)) return err(unknownSkus([sku]));
  const lot = books.lots.find(sku, lotId) ?? newLot(sku, lotId);
  if (lot.status === 'RECALLED') return ok(traceOf(books, lot, ''));
  const hand = handOf(command, nowMs);
  closeLots(books, [lot], 'RECALLED');
  withhold(books, [sku], { opId }, hand);
  const trace = traceOf(books, books.lots.find(sku, lotId) ?? lot, '');
  books.outbox.announce({
    topic: STORE_EVENTS,
    type: 'lot.recalled',
    subject: books.storeId,
    key: books.storeId,
    atMs: nowMs,
    traceparent: hand.traceparent,
    data: { sku, lotId, reason, shelfUnits: lot.onShelf, orders: trace.orderCount, orderUnits: trace.orderUnits },
  });
  return ok(trace);
}

/** From the case to the doors. `after`: only orders whose id comes after it. */
export function traceOf({ lots, cards }: StoreBooks, lot: Lot, after: string): LotTrace {
  const { sku, lotId } = lot;
  // One more than is told says whether there are more.
  const orders = lots.ordersOf(sku, lotId, { after, limit: TRACED_ORDERS_MAX + 1 });
  const told = orders.slice(0, TRACED_ORDERS_MAX);
  const totals = lots.orderTotals(sku, lotId);
  const card = cards.of([sku]).get(sku);
  return {
    lot,
    bins: card === undefined ? [] : [card.bin],
    orders: told.map(({ orderId, quantity }) => ({ orderId, quantity })),
    orderCount: totals.orders,
    orderUnits: totals.units,
    nextAfter: orders.length > told.length ? (told.at(-1)?.orderId ?? null) : null,
  };
}

/** Lots that are here already follow the rule at once; what it puts past its sell-by is closed by the store's clock. */
export function setSellByMargin(
  books: StoreBooks,
  { sku, days }: SetSellByMargin,
  nowMs: number,
): Result<SellByMargin, Refusal<'UNKNOWN_SKU'>> {
  if (sku !== null && !books.stock.accounts([sku]).has(sku)) return err(unknownSkus([sku]));
  const movedLots = books.margins.set(sku, days);
  books.lots.watchSellBy(nowMs);
  return ok({ sku, days: books.margins.days(sku), movedLots });
}
