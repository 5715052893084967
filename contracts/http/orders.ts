import * as v from 'valibot';
import { PAYMENT_METHODS } from '../../domain/order/payment-method.ts';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { WEIGHT_FINDINGS } from '../../domain/pricing/catch-weight.ts';
import { ALLERGENS } from '../../domain/catalog/allergens.ts';
import { NAMED_SKUS_MAX } from '../../domain/picking/substitution.ts';
import { QuoteText, TipBody, WeighedTerms } from './quotes.ts';
import { CustodyView } from './custody.ts';
import { SubstitutionView } from './substitutions.ts';
import { TotalsView } from './totals.ts';
import { PAYMENT_STATUSES, QueueView } from './tracking.ts';
import {
  CartVersion,
  Count,
  freeText,
  LINES_MAX,
  OrderIdText,
  Quantity,
  SkuText,
  StoreIdText,
  Timestamp,
  WireLatLng,
  WireMoney,
} from '../wire.ts';

/** What to do when the article is missing. Without it you are asked, and get the money back when you do not answer in time. */
export const Replacement = v.variant('prefer', [
  /** Whatever is closest; you are asked, and silence is a yes. */
  v.strictObject({ prefer: v.literal('best_match') }),
  /** Nothing instead: the money back. */
  v.strictObject({ prefer: v.literal('refund') }),
  /** This article or none, whatever anybody thinks is close. */
  v.strictObject({ prefer: v.literal('do_not_substitute') }),
  /** One of these and no other, best first; you are not asked again. */
  v.strictObject({
    prefer: v.literal('specific'),
    skus: v.pipe(v.array(SkuText), v.minLength(1), v.maxLength(NAMED_SKUS_MAX)),
  }),
]);

/** A SKU may be on several lines; they count once, summed, and say the same about its replacement. */
const OrderLines = v.pipe(
  v.array(v.strictObject({ sku: SkuText, quantity: Quantity, replacement: v.optional(Replacement) })),
  v.minLength(1),
  v.maxLength(LINES_MAX),
);

/** No card data ever comes here: a token of the provider's own fields stands for the card. */
export const PaymentChoiceBody = v.variant('method', [
  v.strictObject({ method: v.literal('card'), token: v.pipe(v.string(), v.regex(/^(pm|tok)_[A-Za-z0-9_]{1,100}$/)) }),
  /** The answer says where to pay: a UPI address is typed in there and nowhere else. */
  v.strictObject({ method: v.literal('upi') }),
  v.strictObject({ method: v.literal('wallet') }),
  v.strictObject({ method: v.literal('cod') }),
  v.strictObject({ method: v.literal('sandbox'), token: v.pipe(v.string(), v.regex(/^tok_[a-z_]{1,40}$/)) }),
]);
export type PaymentChoiceBody = v.InferOutput<typeof PaymentChoiceBody>;

export const PlaceOrderBody = v.strictObject({
  deliverTo: v.strictObject({
    ...WireLatLng.entries,
    /** Door, floor, landmark. Seen by the courier of the order only. */
    note: v.optional(freeText(200)),
  }),
  /** These, or the cart: one of both. */
  lines: v.optional(OrderLines),
  /** The cart as it was shown, with all that it says of its lines and of allergens; not any other version of it. */
  cartVersion: v.optional(CartVersion),
  /** Nothing that holds one of these, or could hold one, ever comes instead of anything. Seen by nobody but the store. */
  avoidAllergens: v.optional(v.pipe(v.array(v.picklist(ALLERGENS)), v.maxLength(ALLERGENS.length))),
  payment: PaymentChoiceBody,
  /** What `POST quotes` gave: the order costs at most its total. Without it, it costs what it costs at that moment. */
  quote: v.optional(QuoteText),
  /** For the courier. Without it, that of the quote. */
  tip: v.optional(TipBody),
  /** Waits in a line when every store is too busy, at most 20 minutes, and is not charged before its turn. Else it is refused at once. */
  mayWait: v.optional(v.literal(true)),
});
export type PlaceOrderBody = v.InferOutput<typeof PlaceOrderBody>;

export const CancelOrderBody = v.strictObject({ reason: v.pipe(freeText(200), v.minLength(1)) });

const StatusText = v.picklist(ORDER_STATUSES);

/** What to do about a payment, until when. */
const PaymentActionView = v.variant('kind', [
  v.strictObject({ kind: v.literal('WAIT_FOR_PROVIDER'), until: Timestamp }),
  /** Open this page of the provider or of the bank. */
  v.strictObject({ kind: v.literal('REDIRECT'), url: v.string(), until: Timestamp }),
  /** Open the provider's hosted checkout for its order `checkoutRef`. */
  v.strictObject({
    kind: v.literal('OPEN_CHECKOUT'),
    publicKey: v.string(),
    checkoutRef: v.string(),
    until: Timestamp,
  }),
]);

export const OrderView = v.strictObject({
  id: OrderIdText,
  number: v.string(),
  status: StatusText,
  /** The names other systems use for the same status. */
  aliases: v.strictObject({ fulfilment: v.string(), marketplace: v.string() }),
  storeId: v.nullable(StoreIdText),
  placedAt: Timestamp,
  promisedAt: v.nullable(Timestamp),
  lines: v.array(
    v.strictObject({
      sku: SkuText,
      name: v.string(),
      quantity: Quantity,
      pickedQuantity: v.nullable(Count),
      unitPrice: WireMoney,
      /** Before its part of the discount. */
      total: WireMoney,
      discount: WireMoney,
      /** Sold by weight. Once it is packed: what the units weigh, what of it is charged, and how that lies to what was ordered. */
      weighed: v.optional(
        v.strictObject({
          ...WeighedTerms.entries,
          grams: v.optional(Count),
          chargedGrams: v.optional(Count),
          finding: v.optional(v.picklist(WEIGHT_FINDINGS)),
        }),
      ),
    }),
  ),
  /** What the store proposed instead of missing articles. */
  substitutions: v.array(SubstitutionView),
  totals: TotalsView,
  /** Until it is packed, where something is weighed: it costs at most this, and so much is reserved. */
  upTo: v.optional(WireMoney),
  payment: v.strictObject({
    method: v.picklist(PAYMENT_METHODS),
    status: v.picklist(PAYMENT_STATUSES),
    /** Present while the customer must act or wait. */
    action: v.optional(PaymentActionView),
  }),
  /** While it waits in a line: the promise counts from its turn. */
  queue: v.optional(QueueView),
  history: v.array(
    v.strictObject({ seq: Count, status: StatusText, at: Timestamp, by: v.string(), reason: v.optional(v.string()) }),
  ),
  /** Four digits to tell the courier at the door; for the customer's eyes only. */
  deliveryCode: v.optional(v.string()),
  cancelReason: v.optional(v.string()),
  /** Who had the bags when; for operators. */
  custody: v.optional(CustodyView),
});
export type OrderView = v.InferOutput<typeof OrderView>;
