import * as v from 'valibot';
import { holdsCardNumber } from '../domain/money/card-number.ts';
import { SCAN_LENGTH_MAX } from '../domain/catalog/scanned-code.ts';
import { CURRENCY_PATTERN } from '../domain/shared/money.ts';
import {
  CHANNEL_ID_PATTERN,
  idPattern,
  LOT_ID_PATTERN,
  OP_ID_PATTERN,
  SKU_PATTERN,
  TRANSFER_ID_PATTERN,
} from '../domain/shared/ids.ts';

// Wire schemas validate and never transform, so that each has an exact JSON Schema.

/** As a scanner sends it: digits, or the elements of a symbol with FNC1 between them. */
export const BarcodeText = v.pipe(v.string(), v.minLength(1), v.maxLength(SCAN_LENGTH_MAX));
/** RFC 3339, UTC, milliseconds: `2026-01-31T09:30:00.000Z`. */
export const Timestamp = v.pipe(v.string(), v.isoTimestamp());
/** `{ "amount": 12345, "currency": "INR" }`: minor units. */
export const WireMoney = v.strictObject({
  amount: v.pipe(v.number(), v.safeInteger()),
  currency: v.pipe(v.string(), v.regex(CURRENCY_PATTERN)),
});
export type WireMoney = v.InferOutput<typeof WireMoney>;
export const WireLatLng = v.strictObject({
  lat: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
  lng: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
});

export const UserIdText = v.pipe(v.string(), v.regex(idPattern('UserId')));
export const StoreIdText = v.pipe(v.string(), v.regex(idPattern('StoreId')));
export const OrderIdText = v.pipe(v.string(), v.regex(idPattern('OrderId')));
export const DeliveryIdText = v.pipe(v.string(), v.regex(idPattern('DeliveryId')));
export const CourierIdText = v.pipe(v.string(), v.regex(idPattern('CourierId')));
export const ZoneIdText = v.pipe(v.string(), v.regex(idPattern('ZoneId')));
export const CityIdText = v.pipe(v.string(), v.regex(idPattern('CityId')));
export const HoldIdText = v.pipe(v.string(), v.regex(idPattern('HoldId')));
export const OfferIdText = v.pipe(v.string(), v.regex(idPattern('OfferId')));
export const PaymentIdText = v.pipe(v.string(), v.regex(idPattern('PaymentId')));
export const SubstitutionIdText = v.pipe(v.string(), v.regex(idPattern('SubstitutionId')));
export const SkuText = v.pipe(v.string(), v.regex(SKU_PATTERN));
export const LotIdText = v.pipe(v.string(), v.regex(LOT_ID_PATTERN));
export const ChannelIdText = v.pipe(v.string(), v.regex(CHANNEL_ID_PATTERN));
export const TransferIdText = v.pipe(v.string(), v.regex(TRANSFER_ID_PATTERN));
export const OpIdText = v.pipe(v.string(), v.regex(OP_ID_PATTERN));

/** Units of one SKU in one line. 99 is above any household's basket and keeps sums far from overflow. */
export const QUANTITY_MAX = 99;
/** Lines of one order. */
export const LINES_MAX = 100;
/** `<aisle>-<rack>-<shelf>`, such as `A03-2-1`. */
export const BIN_PATTERN = /^[A-Z]\d{2}-\d{1,2}-\d{1,2}$/;
/**
 * What a person writes in their own words. A card number is refused, here and nowhere else: every other field has a form that none
 * fits, and fields that nobody knows are refused by their name.
 */
export function freeText(lengthMax: number) {
  return v.pipe(
    v.string(),
    v.maxLength(lengthMax),
    v.check((text) => !holdsCardNumber(text), 'Never write a card number here.'),
  );
}
export const Quantity = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(QUANTITY_MAX));
/** Which cart an order, or a quote, is for: the version that was shown. */
export const CartVersion = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const MinorAmount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const CurrencyText = v.pipe(v.string(), v.regex(CURRENCY_PATTERN));
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export function toWireMoney(amountMinor: number, currency: string): WireMoney {
  return { amount: amountMinor, currency };
}

export function toTimestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}
