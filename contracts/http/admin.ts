import * as v from 'valibot';
import { ALLERGENS } from '../../domain/catalog/allergens.ts';
import { TEMPERATURE_ZONES } from '../../domain/catalog/storage.ts';
import { stockLevelEntries } from '../stock-level.ts';
import { DayText } from './stock.ts';
import { BIN_PATTERN, Count, CourierIdText, LotIdText, OrderIdText, SkuText, StoreIdText, WireMoney } from '../wire.ts';

/** Rows of one assortment batch. */
export const ASSORTMENT_ROWS_MAX = 500;
/** Lines of one goods-received note. */
export const RECEIPT_LINES_MAX = 2_000;
/** Units of one line of a goods-received note: a full pallet of small goods. */
export const RECEIPT_QUANTITY_MAX = 100_000;
/** One unit of anything that a courier carries. */
export const GRAMS_MAX = 100_000;

// The schema's inferred type is the point; naming it would repeat valibot's internals.
function text(max: number) {
  return v.pipe(v.string(), v.minLength(1), v.maxLength(max), v.regex(/\S/));
}

/** One SKU of a store: the article, its place in the category tree, its price and its bin. */
export const AssortmentRow = v.strictObject({
  sku: SkuText,
  name: text(255),
  description: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  /** Names from the root down; missing categories are created. */
  category: v.pipe(v.array(text(100)), v.minLength(1), v.maxLength(5)),
  /** What one unit is: piece, pack, kg. */
  unit: text(50),
  /** As printed on the pack: `500 ml`. */
  size: text(50),
  imageUrl: v.optional(v.pipe(v.string(), v.maxLength(2048), v.regex(/^https:\/\//))),
  price: WireMoney,
  /** Maximum retail price, never below the price. */
  mrp: WireMoney,
  /** `<aisle>-<rack>-<shelf>`, such as `A03-2-1`. */
  bin: v.pipe(v.string(), v.regex(BIN_PATTERN)),
  /** EAN-8, UPC-A or EAN-13. A SKU without any is given an in-store EAN-13 of the restricted range 20. */
  barcodes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^(?:\d{8}|\d{12,13})$/))), v.maxLength(10))),
  /** How cold it is kept; `ambient` until something else is said. */
  temperatureZone: v.optional(v.picklist(TEMPERATURE_ZONES)),
  fragile: v.optional(v.boolean()),
  /** What one unit weighs, packing included. */
  gramsPerUnit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(GRAMS_MAX))),
  /** The price is for `gramsPerUnit`, which must be known; what is picked is charged by its own weight. */
  soldByWeight: v.optional(v.boolean()),
  brand: v.optional(text(100)),
  /** All that the pack declares; an empty list says that there are none. */
  allergens: v.optional(v.pipe(v.array(v.picklist(ALLERGENS)), v.maxLength(ALLERGENS.length))),
  /** False takes the SKU off the shelf of the published catalog. */
  forSale: v.optional(v.boolean()),
});
export type AssortmentRow = v.InferOutput<typeof AssortmentRow>;

export const AssortmentBody = v.strictObject({
  rows: v.pipe(v.array(AssortmentRow), v.minLength(1), v.maxLength(ASSORTMENT_ROWS_MAX)),
});
export type AssortmentBody = v.InferOutput<typeof AssortmentBody>;

export const AssortmentView = v.strictObject({
  created: Count,
  changed: Count,
  unchanged: Count,
  /** In-store barcodes that were given to SKUs without any. */
  minted: Count,
  /** Rows that were left out, by their index in the batch; the others went in. */
  rejected: v.array(v.strictObject({ index: Count, sku: v.string(), column: v.string(), reason: v.string() })),
});
export type AssortmentView = v.InferOutput<typeof AssortmentView>;

export const ReceiptBody = v.strictObject({
  /** The goods-received note. One note is received once, for ever. */
  receiptId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9:._-]{7,79}$/)),
  lines: v.pipe(
    v.array(
      v.strictObject({
        sku: SkuText,
        quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(RECEIPT_QUANTITY_MAX)),
        /** As printed on the case; two lots of a SKU are two lines. */
        lotId: v.optional(LotIdText),
        /** The last day on which the lot is at its best. Goods with a date have a lot. */
        bestBefore: v.optional(DayText),
      }),
    ),
    v.minLength(1),
    v.maxLength(RECEIPT_LINES_MAX),
  ),
});
export type ReceiptBody = v.InferOutput<typeof ReceiptBody>;

export const ReceiptAnswer = v.strictObject({
  receiptId: v.string(),
  lines: Count,
  units: Count,
  /** True when this note had been received before and nothing changed now. */
  repeated: v.boolean(),
});

export const PublishedCatalog = v.strictObject({ storeId: StoreIdText, catalogVersion: Count, products: Count });
export type PublishedCatalog = v.InferOutput<typeof PublishedCatalog>;

export const PublishedNetwork = v.strictObject({ version: Count, cities: Count, zones: Count, stores: Count });
export type PublishedNetwork = v.InferOutput<typeof PublishedNetwork>;

/** Units by where they came from and where they are, summed over SKUs. */
export const StockSums = v.strictObject(stockLevelEntries);

/** The store's ledger: sums over all SKUs, and every SKU whose stock is not conserved (none, ever). */
export const AuditView = v.strictObject({
  skus: Count,
  movements: Count,
  totals: StockSums,
  discrepancies: v.array(v.strictObject({ sku: v.string(), gapUnits: v.number() })),
  /** SKUs that the auditor has stopped: not sold until an operator lifts it. */
  quarantined: v.array(v.string()),
  unpublishedEvents: Count,
});

export const ZoneAnswer = v.strictObject({
  candidates: v.array(v.strictObject({ courierId: CourierIdText, onShift: v.boolean(), load: Count, capacity: Count })),
  waiting: v.array(v.strictObject({ orderId: OrderIdText, rounds: Count, offeredTo: v.nullable(CourierIdText) })),
});
