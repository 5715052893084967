import * as v from 'valibot';
import { Count, HoldIdText, Quantity, SkuText, StoreIdText, Timestamp } from '../wire.ts';
import { WireBasket } from './basket.ts';

export const HoldBody = v.strictObject({
  lines: WireBasket,
  /** Seconds a channel wants its hold to last: 30 to 900, 300 when left out. Nobody else has a choice. */
  forS: v.optional(v.pipe(v.number(), v.integer(), v.minValue(30), v.maxValue(900))),
});

const HeldLines = v.array(v.strictObject({ sku: SkuText, quantity: Quantity }));

export const HoldAnswer = v.strictObject({
  id: HoldIdText,
  storeId: StoreIdText,
  kind: v.picklist(['cart', 'order']),
  status: v.picklist(['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED']),
  /** The basket: one line a SKU. */
  lines: HeldLines,
  /** What of it the store keeps for the holder. Of a customer's cart that may be less than the basket: the store's policy says. */
  setAside: HeldLines,
  /** When the store's clock ends it; null once it is committed to an order or over. */
  expiresAt: v.nullable(Timestamp),
});
export type HoldAnswer = v.InferOutput<typeof HoldAnswer>;

/** 1 to 100 SKUs, each with the units wanted after a colon, 1 when left out: `TEA,MILK:2`. */
export const AvailabilityQuery = v.strictObject({
  skus: v.pipe(v.string(), v.regex(/^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,39}(?::[1-9]\d?)?(?:,(?!$)|$)){1,100}$/)),
});

/** How old the answer is, and of which version, are in the headers `x-stock-age-ms`, `x-stock-version` and `x-stock-stale`. */
export const AvailabilityView = v.strictObject({
  storeId: StoreIdText,
  open: v.boolean(),
  /** Units that can be ordered now, at most what one line may carry; 0 also for what the store does not sell. */
  items: v.array(v.strictObject({ sku: SkuText, available: Count })),
  /** The SKUs of which there are fewer units than wanted. */
  shortages: v.array(v.strictObject({ sku: SkuText, requested: Count, available: Count })),
});
export type AvailabilityView = v.InferOutput<typeof AvailabilityView>;
