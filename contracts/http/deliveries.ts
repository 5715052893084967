import * as v from 'valibot';
import { REASSIGN_REASONS } from '../../domain/order/reassign.ts';
import { Count, CourierIdText, DeliveryIdText, OrderIdText, Timestamp, WireLatLng, WireMoney } from '../wire.ts';
import { EtaView } from './tracking.ts';

const DELIVERY_STATUSES = ['ASSIGNED', 'PICKED', 'IN_TRANSIT', 'DELIVERED'] as const;

/** An order on its way with a courier. */
export const DeliveryView = v.strictObject({
  id: DeliveryIdText,
  orderId: OrderIdText,
  courierId: CourierIdText,
  status: v.picklist(DELIVERY_STATUSES),
  assignedAt: Timestamp,
  pickedUpAt: v.nullable(Timestamp),
  /** When the courier came within 100 m of the door. */
  arrivedAt: v.nullable(Timestamp),
  deliveredAt: v.nullable(Timestamp),
  pickup: WireLatLng,
  drop: WireLatLng,
  /** From the counter to the door: as promised, and as it was. */
  estimatedMinutes: Count,
  actualMinutes: v.nullable(Count),
});
export type DeliveryView = v.InferOutput<typeof DeliveryView>;

const CourierAt = v.strictObject({ lat: v.number(), lng: v.number(), at: Timestamp });

export const DeliveryTrackingView = v.strictObject({
  id: DeliveryIdText,
  status: v.picklist(DELIVERY_STATUSES),
  eta: v.nullable(EtaView),
  pickup: WireLatLng,
  drop: WireLatLng,
  /** `null` when it was not heard within the last minute, or is not for you to see. */
  courier: v.nullable(CourierAt),
});

export const DeliveryLocationView = CourierAt;

/** A picture of the bags at the door, uploaded elsewhere: where, and its SHA-256. */
export const PhotoRefBody = v.strictObject({
  ref: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export const DeliveryCodeText = v.pipe(v.string(), v.regex(/^\d{4}$/));

/** The courier's word. The store says when the bags are picked up: PICKED here only asks whether it has. */
export const DeliveryStatusBody = v.variant('status', [
  v.strictObject({ status: v.literal('PICKED') }),
  v.strictObject({ status: v.literal('IN_TRANSIT') }),
  v.strictObject({
    status: v.literal('DELIVERED'),
    /** The customer's four digits, or a picture. */
    code: v.optional(DeliveryCodeText),
    photo: v.optional(PhotoRefBody),
    collected: v.optional(WireMoney),
  }),
]);
export type DeliveryStatusBody = v.InferOutput<typeof DeliveryStatusBody>;

export const DeliveryStatusView = v.strictObject({ id: DeliveryIdText, status: v.picklist(DELIVERY_STATUSES) });

export const ReassignBody = v.strictObject({ reason: v.picklist(REASSIGN_REASONS) });
export const OverrideDeliveryBody = v.strictObject({
  reason: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** Cash that the courier took; nothing when absent. */
  collected: v.optional(WireMoney),
});
