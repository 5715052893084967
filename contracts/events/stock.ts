import * as v from 'valibot';
import { stockLevelEntries } from '../stock-level.ts';
import { ChannelIdText, HoldIdText, LotIdText, OpIdText, OrderIdText, SkuText, StoreIdText } from '../wire.ts';
import { defineTopic } from './topic.ts';

const Whole = v.pipe(v.number(), v.safeInteger());

/** The level of the SKU after the movement, bucket by bucket. */
const LevelAfter = v.object(stockLevelEntries);

const StockMoved = v.object({
  storeId: StoreIdText,
  sku: SkuText,
  /** Units moved; below zero only for a downward correction or a count that found fewer. */
  quantity: Whole,
  reason: v.optional(v.string()),
  opId: OpIdText,
  actor: v.object({ kind: v.string(), id: v.string() }),
  holdId: v.optional(HoldIdText),
  orderId: v.optional(OrderIdText),
  /** Through which channel the units are sold; absent where none is. */
  channel: v.optional(ChannelIdText),
  /** The lot the units are of, where it is known. */
  lotId: v.optional(LotIdText),
  after: LevelAfter,
});
export type StockMoved = v.InferOutput<typeof StockMoved>;

/** Subject: `<storeId>:<sku>`, one event a movement, sequence per SKU of a store. Key: storeId. */
export const STOCK_MOVEMENTS = defineTopic({
  name: 'stock.movements.v1',
  partitions: 12,
  retentionDays: null,
  schemas: {
    'stock.received': StockMoved,
    'stock.adjusted': StockMoved,
    'stock.counted': StockMoved,
    'stock.transferred_in': StockMoved,
    'stock.transferred_out': StockMoved,
    'stock.blocked': StockMoved,
    'stock.unblocked': StockMoved,
    'stock.written_off': StockMoved,
    'stock.discarded': StockMoved,
    'stock.held': StockMoved,
    'stock.released': StockMoved,
    'stock.expired': StockMoved,
    'stock.promoted': StockMoved,
    'stock.allocated': StockMoved,
    'stock.deallocated': StockMoved,
    'stock.picked': StockMoved,
    'stock.shorted': StockMoved,
    'stock.packed': StockMoved,
    'stock.restocked': StockMoved,
    'stock.sold': StockMoved,
  },
});
