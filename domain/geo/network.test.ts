import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asCityId, asStoreId, asZoneId } from '../shared/ids.ts';
import type { StoreId, ZoneId } from '../shared/ids.ts';
import { Network } from './network.ts';
import { boundsOf, containsPoint, isWithin } from './polygon.ts';
import type { Polygon } from './polygon.ts';

function square(west: number, south: number, side: number): [number, number][] {
  const [east, north] = [west + side, south + side];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

function body(n: number): string {
  return String(n).padStart(26, '0');
}
const CITY = { id: asCityId(`cit_${body(1)}`) };
function zoneId(n: number): ZoneId {
  return asZoneId(`zon_${body(n)}`);
}
function storeId(n: number): StoreId {
  return asStoreId(`sto_${body(n)}`);
}

/** Two zones that overlap between 77.61 and 77.62, and three stores. */
function setUp(changes: { open?: boolean } = {}) {
  const open = changes.open ?? true;
  return new Network({
    version: 1,
    cities: [CITY],
    zones: [
      { id: zoneId(1), cityId: CITY.id, polygon: [square(77.6, 12.9, 0.02)] },
      { id: zoneId(2), cityId: CITY.id, polygon: [square(77.61, 12.9, 0.02)] },
    ],
    stores: [
      { id: storeId(1), zoneId: zoneId(1), location: { lat: 12.91, lng: 77.605 }, radiusM: 3_000, open },
      { id: storeId(2), zoneId: zoneId(2), location: { lat: 12.91, lng: 77.616 }, radiusM: 3_000, open },
      { id: storeId(3), zoneId: zoneId(2), location: { lat: 12.9, lng: 77.63 }, radiusM: 100, open },
    ],
  });
}

test.each([
  { where: 'only the first zone', lng: 77.604, zones: [1], stores: [1] },
  { where: 'both zones', lng: 77.615, zones: [1, 2], stores: [2, 1] },
  { where: 'only the second zone', lng: 77.625, zones: [2], stores: [2] },
])('in $where: its stores, nearest first [L2]', ({ lng, zones, stores }) => {
  const reach = setUp().reach({ lat: 12.91, lng });
  expect(reach.zones.map(({ id }) => id)).toEqual(zones.map(zoneId));
  expect(reach.stores.map(({ store }) => store.id)).toEqual(stores.map(storeId));
  expect(reach.city).toBe(CITY);
  expect(reach.unserviceable).toBeNull();
});

test('says why nobody delivers [L3]', () => {
  expect(setUp().reach({ lat: 13.5, lng: 77.605 })).toEqual({
    city: null,
    zones: [],
    stores: [],
    unserviceable: 'OUTSIDE_EVERY_ZONE',
  });
  const far = new Network({
    version: 1,
    cities: [CITY],
    zones: [{ id: zoneId(1), cityId: CITY.id, polygon: [square(77, 12, 1)] }],
    stores: [{ id: storeId(1), zoneId: zoneId(1), location: { lat: 12.1, lng: 77.1 }, radiusM: 2_000, open: true }],
  }).reach({ lat: 12.9, lng: 77.9 });
  expect(far).toMatchObject({ city: CITY, stores: [], unserviceable: 'TOO_FAR_FROM_EVERY_STORE' });
  expect(setUp({ open: false }).reach({ lat: 12.91, lng: 77.604 }).unserviceable).toBe('NO_STORE_OPEN');
});

test('a hole is outside [L3]', () => {
  const ring: Polygon = [square(0, 0, 10), square(4, 4, 2)];
  expect(containsPoint(ring, { lat: 5, lng: 5 })).toBe(false);
  expect(containsPoint(ring, { lat: 3, lng: 5 })).toBe(true);
});

test('a concave zone does not hold the bay it bends around [L3]', () => {
  const cShape: Polygon = [
    [
      [0, 0],
      [10, 0],
      [10, 2],
      [2, 2],
      [2, 8],
      [10, 8],
      [10, 10],
      [0, 10],
      [0, 0],
    ],
  ];
  expect(containsPoint(cShape, { lat: 5, lng: 6 })).toBe(false);
  expect(containsPoint(cShape, { lat: 1, lng: 6 })).toBe(true);
});

test('zones that share borders leave no gap and no overlap between them [L3]', () => {
  const tiles = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y): Polygon => [square(x, y, 1)]));
  // Quarters hit corners and borders all the time.
  const at = fc.integer({ min: 0, max: 11 }).map((quarter) => quarter / 4);
  fc.assert(
    fc.property(at, at, (lat, lng) => {
      const holders = tiles.filter(
        (tile) => isWithin(boundsOf(tile), { lat, lng }) && containsPoint(tile, { lat, lng }),
      );
      expect(holders).toHaveLength(1);
    }),
  );
});
