import * as v from 'valibot';
import { NOTE_LENGTH_MAX } from '../../domain/cart/cart.ts';
import { ALLERGENS } from '../../domain/catalog/allergens.ts';
import {
  Count,
  freeText,
  LINES_MAX,
  Quantity,
  SkuText,
  StoreIdText,
  Timestamp,
  WireLatLng,
  WireMoney,
} from '../wire.ts';
import { Replacement } from './orders.ts';

const Note = freeText(NOTE_LENGTH_MAX);
const Allergens = v.pipe(v.array(v.picklist(ALLERGENS)), v.maxLength(ALLERGENS.length));
const Line = {
  quantity: Quantity,
  /** A sentence to whoever picks it. */
  note: v.optional(Note),
  /** What to do when it is missing. */
  replacement: v.optional(Replacement),
};

/** The line as it is from now on: what is left out is not said any more. */
export const CartLineBody = v.strictObject(Line);

/** What is left out stays as it is. */
export const CartTermsBody = v.strictObject({
  /** Where it is to go: decides which store serves the cart. */
  deliverTo: v.optional(WireLatLng),
  /** Nothing that holds one of these, or could hold one, ever comes instead of anything. */
  avoidAllergens: v.optional(Allergens),
});

/** What was collected before signing in. */
export const CartMergeBody = v.strictObject({
  lines: v.pipe(v.array(v.strictObject({ sku: SkuText, ...Line })), v.minLength(1), v.maxLength(LINES_MAX)),
  avoidAllergens: v.optional(Allergens),
});

export const CartView = v.strictObject({
  /** Grows with each change; an order names the one that it is made of. */
  version: Count,
  deliverTo: v.nullable(WireLatLng),
  storeId: v.nullable(StoreIdText),
  lines: v.array(
    v.strictObject({
      sku: SkuText,
      /** `null` where the store is not known or does not sell it; so are the prices. */
      name: v.nullable(v.string()),
      quantity: Quantity,
      note: Note,
      replacement: v.nullable(Replacement),
      unitPrice: v.nullable(WireMoney),
      total: v.nullable(WireMoney),
      stock: v.picklist(['in_stock', 'short', 'gone', 'unknown']),
      /** Units that could be had of what is short or gone; `null` otherwise. */
      left: v.nullable(Count),
    }),
  ),
  avoidAllergens: v.array(v.picklist(ALLERGENS)),
  /** The lines that have a price, before discounts, fees and tax; `null` when none has. */
  items: v.nullable(WireMoney),
  /** What the store keeps for this cart, as the store has it now; `null` when there is nothing. */
  hold: v.nullable(
    v.strictObject({
      status: v.picklist(['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED']),
      setAside: v.array(v.strictObject({ sku: SkuText, quantity: Quantity })),
      /** When the store's clock ends it; `null` once it is over, or an order's. */
      expiresAt: v.nullable(Timestamp),
    }),
  ),
  /** After a merge: lines that were cut at the most one line may carry. */
  cut: v.optional(v.array(v.strictObject({ sku: SkuText, wanted: Count, quantity: Quantity }))),
});
export type CartView = v.InferOutput<typeof CartView>;
