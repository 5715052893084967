import type { ChargeRules } from '../domain/pricing/charges.ts';
import type { LatLng } from '../domain/shared/geo.ts';
import type { CityId, Sku, StoreId, ZoneId } from '../domain/shared/ids.ts';
import type { FulfilmentRules } from './http/rules.ts';

/** Where we are: published from Postgres to KV as one immutable value and a pointer. */
export interface NetworkSnapshot {
  readonly version: number;
  readonly publishedAt: string;
  readonly cities: readonly CityEntry[];
  readonly zones: readonly ZoneEntry[];
  readonly stores: readonly StoreEntry[];
}
export interface CityEntry {
  readonly id: CityId;
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  readonly slaMs: number;
  /** Absent: nothing beside the prices and each store's flat fee. */
  readonly charges?: ChargeRules | undefined;
  /** Absent: as by default. */
  readonly fulfilment?: FulfilmentRules | undefined;
}
export interface ZoneEntry {
  readonly id: ZoneId;
  readonly cityId: CityId;
  readonly name: string;
  /** GeoJSON order: [lng, lat], first ring outer. */
  readonly polygon: readonly (readonly (readonly [lng: number, lat: number])[])[];
}
export interface StoreEntry {
  readonly id: StoreId;
  readonly cityId: CityId;
  readonly zoneId: ZoneId;
  readonly name: string;
  readonly location: LatLng;
  readonly radiusM: number;
  readonly open: boolean;
  /** Where no tier of the charges goes. */
  readonly deliveryFeeMinor: number;
  /** In place of the city's. */
  readonly charges?: ChargeRules | undefined;
}

/** What one store sells, as content: prices and words. Stock comes from the store's object. */
export interface CatalogSnapshot {
  readonly storeId: StoreId;
  readonly version: number;
  readonly currency: string;
  readonly categories: readonly { readonly id: string; readonly parentId: string | null; readonly name: string }[];
  readonly products: readonly CatalogProduct[];
}
export interface CatalogProduct {
  readonly sku: Sku;
  readonly name: string;
  readonly categoryId: string;
  /** What one unit is: piece, pack, kg. */
  readonly unit: string;
  /** As printed on the pack: `500 ml`. */
  readonly size: string;
  readonly description: string;
  readonly priceMinor: number;
  /** Sold by weight: the price is for so much. Absent: sold by the unit. */
  readonly nominalGrams?: number;
  readonly mrpMinor: number;
  readonly imageUrl: string | null;
}

export const NETWORK_KEY = 'network/current';
export function catalogKey(storeId: StoreId, version: number): string {
  return `catalog/${storeId}/${version}`;
}
