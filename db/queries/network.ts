import { asc, sql } from 'drizzle-orm';
import type { LatLng } from '../../domain/shared/geo.ts';
import {
  asCityId,
  asCourierId,
  asStoreId,
  asZoneId,
  type CityId,
  type CourierId,
  type StoreId,
  type ZoneId,
} from '../../domain/shared/ids.ts';
import type { Db } from '../client.ts';
import { cities } from '../schema/cities.ts';
import { couriers, type CourierStatus, type VehicleType } from '../schema/couriers.ts';
import { stores, type StoreStatus } from '../schema/stores.ts';
import { zones, type ZonePolygon } from '../schema/zones.ts';

/** Cities, zones, stores and couriers as they are in Postgres: what the published network snapshot is made from. */
export interface Network {
  readonly cities: readonly NetworkCity[];
  readonly zones: readonly NetworkZone[];
  readonly stores: readonly NetworkStore[];
  readonly couriers: readonly NetworkCourier[];
}
export interface NetworkCity {
  readonly id: CityId;
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  readonly slaMinutes: number;
}
export interface NetworkZone {
  readonly id: ZoneId;
  readonly cityId: CityId;
  readonly name: string;
  readonly polygon: ZonePolygon;
}
export interface NetworkStore {
  readonly id: StoreId;
  readonly cityId: CityId;
  readonly zoneId: ZoneId;
  readonly name: string;
  readonly location: LatLng;
  readonly radiusM: number;
  readonly status: StoreStatus;
  readonly maxCapacity: number;
  readonly averageFulfilmentMinutes: number;
  readonly deliveryFeeMinor: number;
}
export interface NetworkCourier {
  readonly id: CourierId;
  readonly zoneId: ZoneId;
  readonly vehicleType: VehicleType;
  readonly maxConcurrentOrders: number;
  readonly rating: number | null;
  readonly status: CourierStatus;
}

/**
 * Four reads without a transaction: each kind is read before those it refers to, and master data is never deleted, so
 * whatever is written in between, everything a row refers to is in the answer.
 */
export async function loadNetwork(db: Db): Promise<Network> {
  const courierRows = await db.select().from(couriers).orderBy(asc(couriers.id));
  const storeRows = await db.select().from(stores).orderBy(asc(stores.id));
  const zoneRows = await db.select().from(zones).orderBy(asc(zones.id));
  const cityRows = await db.select().from(cities).orderBy(asc(cities.id));
  return {
    cities: cityRows.map(({ id, name, currency, timezone, slaMinutes }) => ({
      id: asCityId(id),
      name,
      currency,
      timezone,
      slaMinutes,
    })),
    zones: zoneRows.map(({ id, cityId, name, polygon }) => ({
      id: asZoneId(id),
      cityId: asCityId(cityId),
      name,
      polygon,
    })),
    stores: storeRows.map((row) => ({
      id: asStoreId(row.id),
      cityId: asCityId(row.cityId),
      zoneId: asZoneId(row.zoneId),
      name: row.name,
      location: { lat: row.lat, lng: row.lng },
      radiusM: row.radiusM,
      status: row.status,
      maxCapacity: row.maxCapacity,
      averageFulfilmentMinutes: row.averageFulfilmentMinutes,
      deliveryFeeMinor: row.deliveryFeeMinor,
    })),
    couriers: courierRows.map((row) => ({
      id: asCourierId(row.id),
      zoneId: asZoneId(row.zoneId),
      vehicleType: row.vehicleType,
      maxConcurrentOrders: row.maxConcurrentOrders,
      rating: row.rating,
      status: row.status,
    })),
  };
}

/** The number for the next network snapshot: above every one before. */
export async function nextNetworkVersion(db: Db): Promise<number> {
  const { rows } = await db.execute<{ version: number }>(
    sql`SELECT nextval('network_version_numbers')::int AS version`,
  );
  const version = rows[0]?.version;
  if (version === undefined) throw new Error('a sequence gave no number');
  return version;
}
