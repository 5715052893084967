import * as v from 'valibot';
import { REASSIGN_REASONS } from '../../domain/order/reassign.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import { DeliveryCodeText, PhotoRefBody } from '../http/deliveries.ts';
import { OfferIdText, OrderIdText, WireLatLng, WireMoney } from '../wire.ts';
import { commandEntries } from './frames.ts';

export interface OfferView {
  readonly offerId: string;
  readonly orderId: string;
  readonly storeName: string;
  readonly pickup: LatLng;
  readonly toPickupM: number;
  readonly tripM: number;
  readonly expiresAt: string;
}
export interface JobView {
  readonly orderId: string;
  readonly status: 'ACCEPTED' | 'TO_STORE' | 'PICKED_UP' | 'TO_CUSTOMER' | 'DELIVERED' | 'WITHDRAWN';
  /** Known once the order confirmed the courier. */
  readonly details: {
    readonly orderNumber: string;
    readonly storeName: string;
    readonly pickup: LatLng;
    readonly drop: LatLng;
    readonly dropNote: string;
    readonly handoverCode: string;
    readonly collect: WireMoney;
  } | null;
}
export interface CourierState {
  readonly courierId: string;
  readonly onShift: boolean;
  readonly offers: readonly OfferView[];
  readonly jobs: readonly JobView[];
}
/** The courier's state as it is now: small enough to send whole. */
export interface CourierDelta {
  readonly state: CourierState;
}

export const CourierCommand = v.variant('do', [
  v.strictObject({ ...commandEntries, do: v.literal('startShift'), at: WireLatLng }),
  v.strictObject({ ...commandEntries, do: v.literal('endShift') }),
  v.strictObject({ ...commandEntries, do: v.literal('acceptOffer'), offerId: OfferIdText }),
  v.strictObject({ ...commandEntries, do: v.literal('rejectOffer'), offerId: OfferIdText }),
  v.strictObject({ ...commandEntries, do: v.literal('depart'), orderId: OrderIdText }),
  /** Until the bags are handed over; the order looks for another courier. */
  v.strictObject({
    ...commandEntries,
    do: v.literal('giveBack'),
    orderId: OrderIdText,
    reason: v.picklist(REASSIGN_REASONS),
  }),
  v.strictObject({
    ...commandEntries,
    do: v.literal('deliver'),
    orderId: OrderIdText,
    /** The customer's four digits, or a picture of the bags at the door: one of them. */
    code: v.optional(DeliveryCodeText),
    photo: v.optional(PhotoRefBody),
    collected: v.optional(WireMoney),
  }),
]);
export type CourierCommand = v.InferOutput<typeof CourierCommand>;

/** A position, every 5 s while moving. Not answered. */
export const CourierPing = v.strictObject({
  t: v.literal('at'),
  lat: WireLatLng.entries.lat,
  lng: WireLatLng.entries.lng,
});
export type CourierPing = v.InferOutput<typeof CourierPing>;
