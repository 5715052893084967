import * as v from 'valibot';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { WireBasket } from './basket.ts';
import { Count, OrderIdText, Quantity, SkuText, StoreIdText, Timestamp, WireLatLng, WireMoney } from '../wire.ts';

export const PlaceOrderBody = v.strictObject({
  deliverTo: v.strictObject({
    lat: WireLatLng.entries.lat,
    lng: WireLatLng.entries.lng,
    /** Door, floor, landmark. Seen by the courier of the order only. */
    note: v.optional(v.pipe(v.string(), v.maxLength(200))),
  }),
  lines: WireBasket,
  payment: v.variant('method', [
    v.strictObject({ method: v.literal('sandbox'), token: v.pipe(v.string(), v.regex(/^tok_[a-z_]{1,40}$/)) }),
    v.strictObject({ method: v.literal('cod') }),
  ]),
  /** Refuse the order when the server's total is above this, minor units. */
  maxTotal: v.optional(WireMoney),
});
export type PlaceOrderBody = v.InferOutput<typeof PlaceOrderBody>;

export const CancelOrderBody = v.strictObject({ reason: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) });

const StatusText = v.picklist(ORDER_STATUSES);

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
      total: WireMoney,
    }),
  ),
  totals: v.strictObject({ items: WireMoney, deliveryFee: WireMoney, total: WireMoney }),
  payment: v.strictObject({
    method: v.picklist(['sandbox', 'cod']),
    status: v.picklist(['PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'VOIDED', 'REFUNDED', 'DUE_ON_DELIVERY']),
    /** Present while the customer must act or wait. */
    action: v.optional(v.strictObject({ kind: v.picklist(['WAIT_FOR_PROVIDER']), until: Timestamp })),
  }),
  history: v.array(
    v.strictObject({ seq: Count, status: StatusText, at: Timestamp, by: v.string(), reason: v.optional(v.string()) }),
  ),
  /** Four digits to tell the courier at the door; for the customer's eyes only. */
  deliveryCode: v.optional(v.string()),
  cancelReason: v.optional(v.string()),
});
export type OrderView = v.InferOutput<typeof OrderView>;

export const TrackingView = v.strictObject({
  orderId: OrderIdText,
  status: StatusText,
  seq: Count,
  eta: v.nullable(Timestamp),
  store: v.nullable(WireLatLng),
  drop: WireLatLng,
  /** From pick-up to delivery only. */
  courier: v.nullable(v.strictObject({ lat: v.number(), lng: v.number(), at: Timestamp })),
});
export type TrackingView = v.InferOutput<typeof TrackingView>;
