import { invariant } from './assert.ts';
import { encodeBase32 } from './base32.ts';

declare const brand: unique symbol;
/** A string that was checked once; a plain string is refused where one of these is wanted. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Brand<'UserId'>;
export type StoreId = Brand<'StoreId'>;
export type OrderId = Brand<'OrderId'>;
/** An order as a delivery: the order's id with another prefix. */
export type DeliveryId = Brand<'DeliveryId'>;
export type CourierId = Brand<'CourierId'>;
export type ZoneId = Brand<'ZoneId'>;
export type CityId = Brand<'CityId'>;
export type HoldId = Brand<'HoldId'>;
export type OfferId = Brand<'OfferId'>;
/** A substitute that was proposed for a missing article: made by the store, one for each proposing. */
export type SubstitutionId = Brand<'SubstitutionId'>;
/** The payment of an order: the body of its order's id. */
export type PaymentId = Brand<'PaymentId'>;
/** Stock-keeping unit: the store's own article code, 1-40 characters. */
export type Sku = Brand<'Sku'>;
/** A supplier's batch or lot number as printed on the case, GS1 AI (10): 1-20 characters. Unique per SKU. */
export type LotId = Brand<'LotId'>;
/** Where an order comes from: our own `app`, a marketplace, a kiosk. */
export type ChannelId = Brand<'ChannelId'>;
/** The number on a transfer note, made by whoever sends: 6-40 characters. Unique per sending store. */
export type TransferId = Brand<'TransferId'>;
/** Made by whoever acts, persisted before sending, kept while it retries: same id, same answer. */
export type OpId = Brand<'OpId'>;

export const ID_PREFIXES = {
  UserId: 'usr',
  StoreId: 'sto',
  OrderId: 'ord',
  DeliveryId: 'dlv',
  CourierId: 'cou',
  ZoneId: 'zon',
  CityId: 'cit',
  HoldId: 'hld',
  OfferId: 'off',
  SubstitutionId: 'sub',
  PaymentId: 'pay',
} as const;
export type IdName = keyof typeof ID_PREFIXES;

const BODY = '[0-9A-HJKMNP-TV-Z]{26}';
/** The pattern of an id with this prefix: `<prefix>_<26 Crockford base32>`. */
export function idPattern(name: IdName): RegExp {
  return new RegExp(`^${ID_PREFIXES[name]}_${BODY}$`);
}
const PATTERNS: { readonly [N in IdName]: RegExp } = {
  UserId: idPattern('UserId'),
  StoreId: idPattern('StoreId'),
  OrderId: idPattern('OrderId'),
  DeliveryId: idPattern('DeliveryId'),
  CourierId: idPattern('CourierId'),
  ZoneId: idPattern('ZoneId'),
  CityId: idPattern('CityId'),
  HoldId: idPattern('HoldId'),
  OfferId: idPattern('OfferId'),
  SubstitutionId: idPattern('SubstitutionId'),
  PaymentId: idPattern('PaymentId'),
};
export const SKU_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
/** GS1 General Specifications: AI (10) is up to 20 characters of set 82; ours are those that need no escaping. */
export const LOT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,19}$/;
export const CHANNEL_ID_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;
export const TRANSFER_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{5,39}$/;
export const OP_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9:._-]{7,119}$/;

export function isId(name: IdName, raw: string): boolean {
  return PATTERNS[name].test(raw);
}

function checked(name: IdName, raw: string): string {
  invariant(isId(name, raw), `"${raw}" is not a ${name}`);
  return raw;
}

// The only casts to branded ids in the code base: each follows its check.
export function asUserId(raw: string): UserId {
  return checked('UserId', raw) as UserId;
}
export function asStoreId(raw: string): StoreId {
  return checked('StoreId', raw) as StoreId;
}
export function asOrderId(raw: string): OrderId {
  return checked('OrderId', raw) as OrderId;
}
export function asDeliveryId(raw: string): DeliveryId {
  return checked('DeliveryId', raw) as DeliveryId;
}
export function asCourierId(raw: string): CourierId {
  return checked('CourierId', raw) as CourierId;
}
export function asZoneId(raw: string): ZoneId {
  return checked('ZoneId', raw) as ZoneId;
}
export function asCityId(raw: string): CityId {
  return checked('CityId', raw) as CityId;
}
export function asHoldId(raw: string): HoldId {
  return checked('HoldId', raw) as HoldId;
}
export function asOfferId(raw: string): OfferId {
  return checked('OfferId', raw) as OfferId;
}
export function asSubstitutionId(raw: string): SubstitutionId {
  return checked('SubstitutionId', raw) as SubstitutionId;
}
export function asPaymentId(raw: string): PaymentId {
  return checked('PaymentId', raw) as PaymentId;
}
export function asSku(raw: string): Sku {
  invariant(SKU_PATTERN.test(raw), `"${raw}" is not a SKU`);
  return raw as Sku;
}
export function asLotId(raw: string): LotId {
  invariant(LOT_ID_PATTERN.test(raw), `"${raw}" is not a lot`);
  return raw as LotId;
}
export function asChannelId(raw: string): ChannelId {
  invariant(CHANNEL_ID_PATTERN.test(raw), `"${raw}" is not a channel`);
  return raw as ChannelId;
}
export function asTransferId(raw: string): TransferId {
  invariant(TRANSFER_ID_PATTERN.test(raw), `"${raw}" is not a transfer`);
  return raw as TransferId;
}
export function asOpId(raw: string): OpId {
  invariant(OP_ID_PATTERN.test(raw), `"${raw}" is not an opId`);
  return raw as OpId;
}

/** `<prefix>_<26 characters>` from 16 bytes, such as a truncated SHA-256: the same bytes give the same id. */
export function idFromBytes(name: IdName, bytes: Uint8Array): string {
  invariant(bytes.length === 16, 'an id takes 16 bytes');
  return `${ID_PREFIXES[name]}_${encodeBase32(bytes)}`;
}

/**
 * A time-ordered id: 48 bits of milliseconds, then 74 random bits with the version and variant bits of UUIDv7 (RFC 9562, 5.7).
 * `random` is 10 bytes.
 */
export function timeOrderedId(name: IdName, nowMs: number, random: Uint8Array): string {
  invariant(random.length === 10, 'a time-ordered id takes 10 random bytes');
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(nowMs / 256 ** (5 - i)) % 256;
  bytes.set(random, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return idFromBytes(name, bytes);
}

export function deliveryIdOf(orderId: OrderId): DeliveryId {
  return asDeliveryId(`${ID_PREFIXES.DeliveryId}${orderId.slice(ID_PREFIXES.OrderId.length)}`);
}

export function orderIdOf(deliveryId: DeliveryId): OrderId {
  return asOrderId(`${ID_PREFIXES.OrderId}${deliveryId.slice(ID_PREFIXES.DeliveryId.length)}`);
}
