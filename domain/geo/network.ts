import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';
import type { CityId, StoreId, ZoneId } from '../shared/ids.ts';
import { boundsOf, containsPoint, isWithin } from './polygon.ts';
import type { Bounds, Polygon } from './polygon.ts';

export interface City {
  readonly id: CityId;
}
export interface Zone {
  readonly id: ZoneId;
  readonly cityId: CityId;
  readonly polygon: Polygon;
}
export interface Store {
  readonly id: StoreId;
  readonly zoneId: ZoneId;
  readonly location: LatLng;
  /** How far it delivers, in metres, inside its zone. */
  readonly radiusM: number;
  readonly open: boolean;
}
/** Cities, zones and stores as one published version has them. */
export interface Places<C extends City, Z extends Zone, S extends Store> {
  readonly version: number;
  readonly cities: readonly C[];
  readonly zones: readonly Z[];
  readonly stores: readonly S[];
}

export type Unserviceable = 'OUTSIDE_EVERY_ZONE' | 'TOO_FAR_FROM_EVERY_STORE' | 'NO_STORE_OPEN';

/** Who delivers to a point. */
export interface Reach<C, Z, S> {
  /** The city of the first zone; null outside of all. */
  readonly city: C | null;
  readonly zones: readonly Z[];
  /** Those whose zone and radius hold the point, nearest first; open or not. */
  readonly stores: readonly { readonly store: S; readonly distanceM: number }[];
  /** Null when an open store delivers there. */
  readonly unserviceable: Unserviceable | null;
}

/** One version of the network, indexed for the question every customer's visit begins with. */
export class Network<C extends City, Z extends Zone, S extends Store> {
  readonly version: number;
  readonly #cities: ReadonlyMap<CityId, C>;
  readonly #zones: readonly { readonly zone: Z; readonly bounds: Bounds }[];
  readonly #storesOfZone: ReadonlyMap<ZoneId, readonly S[]>;
  readonly #stores: ReadonlyMap<StoreId, S>;

  constructor({ version, cities, zones, stores }: Places<C, Z, S>) {
    this.version = version;
    this.#cities = new Map(cities.map((city) => [city.id, city]));
    this.#zones = zones.map((zone) => ({ zone, bounds: boundsOf(zone.polygon) }));
    this.#storesOfZone = Map.groupBy(stores, (store) => store.zoneId);
    this.#stores = new Map(stores.map((store) => [store.id, store]));
  }

  store(id: StoreId): S | undefined {
    return this.#stores.get(id);
  }

  stores(): Iterable<S> {
    return this.#stores.values();
  }

  cityOf(store: S & { readonly cityId: CityId }): C | undefined {
    return this.#cities.get(store.cityId);
  }

  reach(point: LatLng): Reach<C, Z, S> {
    const zones = this.#zones
      .filter(({ zone, bounds }) => isWithin(bounds, point) && containsPoint(zone.polygon, point))
      .map(({ zone }) => zone);
    const stores = zones
      .flatMap((zone) => this.#storesOfZone.get(zone.id) ?? [])
      .map((store) => ({ store, distanceM: distanceM(store.location, point) }))
      .filter((near) => near.distanceM <= near.store.radiusM)
      .toSorted((a, b) => a.distanceM - b.distanceM || (a.store.id < b.store.id ? -1 : 1));
    const [first] = zones;
    return {
      city: (first === undefined ? undefined : this.#cities.get(first.cityId)) ?? null,
      zones,
      stores,
      unserviceable: whyNot(zones.length, stores),
    };
  }
}

function whyNot(zones: number, stores: readonly { readonly store: Store }[]): Unserviceable | null {
  if (zones === 0) return 'OUTSIDE_EVERY_ZONE';
  if (stores.length === 0) return 'TOO_FAR_FROM_EVERY_STORE';
  return stores.some(({ store }) => store.open) ? null : 'NO_STORE_OPEN';
}
