import * as v from 'valibot';
import { TEMPERATURE_ZONES } from '../../domain/catalog/storage.ts';
import {
  ADJUST_REASONS,
  BLOCK_REASONS,
  MOVEMENTS_PAGE_MAX,
  RECALL_REASONS,
  SELL_BY_MARGIN_DAYS_MAX,
  UNBLOCK_REASONS,
  UNITS_MAX,
  WRITE_OFF_FROM,
  WRITE_OFF_REASONS,
} from '../rpc/store-goods.ts';
import { stockLevelEntries } from '../stock-level.ts';
import { BarcodeText, BIN_PATTERN, Count, LotIdText, OrderIdText, SkuText, StoreIdText, Timestamp } from '../wire.ts';

const Units = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(UNITS_MAX));
const Bin = v.pipe(v.string(), v.regex(BIN_PATTERN));
/** A calendar day of this century: `2026-12-31`. */
export const DayText = v.pipe(v.string(), v.regex(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/));

export const StockParams = v.strictObject({ storeId: StoreIdText, sku: SkuText });
export const LotParams = v.strictObject({ ...StockParams.entries, lotId: LotIdText });

/** The SKU's sequence that this rests on; refused when anything of it moved since. Left out: whatever it is now. */
const expectedSequence = v.optional(Count);

export const AdjustBody = v.strictObject({
  /** Units up or down; not 0. */
  quantity: v.pipe(v.number(), v.integer(), v.minValue(-UNITS_MAX), v.maxValue(UNITS_MAX), v.notValue(0)),
  reason: v.picklist(ADJUST_REASONS),
  expectedSequence,
});
export const WriteOffBody = v.strictObject({
  quantity: Units,
  reason: v.picklist(WRITE_OFF_REASONS),
  /** `available` when left out. */
  from: v.optional(v.picklist(WRITE_OFF_FROM)),
  lotId: v.optional(LotIdText),
  expectedSequence,
});
export const BlockBody = v.strictObject({
  quantity: Units,
  reason: v.picklist(BLOCK_REASONS),
  lotId: v.optional(LotIdText),
  expectedSequence,
});
export const UnblockBody = v.strictObject({
  quantity: Units,
  reason: v.picklist(UNBLOCK_REASONS),
  lotId: v.optional(LotIdText),
  expectedSequence,
});
export const PutAwayBody = v.strictObject({
  bin: Bin,
  /** How cold the bin is. Left out: as it was said before, else as cold as the SKU is kept. */
  temperatureZone: v.optional(v.picklist(TEMPERATURE_ZONES)),
  /** Units that were carried there, for the record. */
  quantity: v.optional(Units),
});
export const RecallBody = v.strictObject({ reason: v.picklist(RECALL_REASONS) });

const Days = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SELL_BY_MARGIN_DAYS_MAX));
export const StoreMarginBody = v.strictObject({ days: Days });
/** `null` takes the SKU's own rule away. */
export const SkuMarginBody = v.strictObject({ days: v.nullable(Days) });

/** What a change of stock left. */
export const StockLeftView = v.strictObject({
  sku: SkuText,
  /** Units that it moved. */
  quantity: v.pipe(v.number(), v.safeInteger()),
  /** Movements of the SKU so far: send it as `expectedSequence` with what is decided on this answer. */
  sequence: Count,
  available: Count,
  blocked: Count,
});
export const PlaceView = v.strictObject({
  sku: SkuText,
  bin: v.string(),
  temperatureZone: v.picklist(TEMPERATURE_ZONES),
});
export const MarginView = v.strictObject({
  sku: v.nullable(SkuText),
  /** In force now. */
  days: Count,
  /** Open lots that are sold until another moment now. */
  movedLots: Count,
});

/** A past moment; now when left out. */
export const StockQuery = v.strictObject({ at: v.optional(Timestamp) });
export const StockView = v.strictObject({
  sku: SkuText,
  /**
   * `MOMENT`: exactly the level at `asOf`. `END_OF_DAY`: older movements are kept as sums by day, and this is the level at the end
   * of that day (UTC).
   */
  basis: v.picklist(['MOMENT', 'END_OF_DAY']),
  asOf: Timestamp,
  /** Movements of the SKU up to then. */
  sequence: Count,
  level: v.strictObject(stockLevelEntries),
});

export const ScanParams = v.strictObject({ storeId: StoreIdText, barcode: BarcodeText });
/** `quantity` counts scanned packs: two scans of a six-pack are twelve units. */
export const ScanBody = v.variant('do', [
  v.strictObject({ do: v.literal('adjust'), ...AdjustBody.entries }),
  v.strictObject({ do: v.literal('write-off'), ...WriteOffBody.entries }),
  v.strictObject({ do: v.literal('block'), ...BlockBody.entries }),
  v.strictObject({ do: v.literal('unblock'), ...UnblockBody.entries }),
]);
export type ScanBody = v.InferOutput<typeof ScanBody>;
export const ScannedView = v.strictObject({
  /** Usually one; all of them of a code that several articles share. */
  items: v.array(
    v.strictObject({
      sku: SkuText,
      name: v.string(),
      bin: v.string(),
      /** Units that one such pack is. */
      units: Count,
      sequence: Count,
      level: v.strictObject(stockLevelEntries),
    }),
  ),
  /** What this piece weighs or costs by its label. */
  weightMg: v.nullable(Count),
  priceMinor: v.nullable(Count),
  /** As printed, and what became of that lot here; null for one that never came. */
  lotId: v.nullable(v.string()),
  lotStatus: v.nullable(v.picklist(['OPEN', 'EXPIRED', 'RECALLED'])),
  /** The last day of its life as printed. */
  lastDay: v.nullable(v.string()),
  /** False when it is past its day, or its lot is closed. */
  sellable: v.boolean(),
});

export const TraceQuery = v.strictObject({ after: v.optional(OrderIdText) });
export const LotTraceView = v.strictObject({
  sku: SkuText,
  lotId: LotIdText,
  status: v.picklist(['OPEN', 'EXPIRED', 'RECALLED']),
  /** The last day on which it is at its best. */
  bestBefore: v.nullable(DayText),
  /** From then on no customer gets it. */
  sellBy: v.nullable(Timestamp),
  received: Count,
  /** Units in the store that nobody has picked, and those of them that are not sold. */
  onShelf: Count,
  blocked: Count,
  bins: v.array(v.string()),
  orders: v.array(v.strictObject({ orderId: OrderIdText, quantity: Count })),
  orderCount: Count,
  orderUnits: Count,
  /** Ask with it as `after` for the orders that follow; null when these were the last. */
  nextAfter: v.nullable(OrderIdText),
});
export type LotTraceView = v.InferOutput<typeof LotTraceView>;

/** 1 to 200 movements, 50 when left out. */
export const MovementsQuery = v.strictObject({
  before: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/))),
  limit: v.optional(v.pipe(v.string(), v.regex(/^(?:200|1\d\d|[1-9]\d?)$/))),
});
/** The history of a SKU, newest first. A page may have fewer movements than asked for, or none, and yet not be the last. */
export const MovementsView = v.strictObject({
  movements: v.pipe(
    v.array(
      v.strictObject({
        /** Place in the store's ledger, and among the SKU's own movements. */
        position: Count,
        sequence: Count,
        kind: v.string(),
        quantity: v.pipe(v.number(), v.safeInteger()),
        reason: v.nullable(v.string()),
        actor: v.strictObject({ kind: v.string(), id: v.string() }),
        opId: v.string(),
        lotId: v.nullable(LotIdText),
        holdId: v.nullable(v.string()),
        orderId: v.nullable(v.string()),
        at: Timestamp,
        after: v.strictObject(stockLevelEntries),
      }),
    ),
    v.maxLength(MOVEMENTS_PAGE_MAX),
  ),
  /** Ask with it as `before` for the page that follows; null at the beginning of the history. */
  nextBefore: v.nullable(Count),
});
export type MovementsView = v.InferOutput<typeof MovementsView>;
