import type { LatLng } from '../../domain/shared/geo.ts';
import { asCityId, asStoreId, asZoneId, type CityId, type StoreId, type ZoneId } from '../../domain/shared/ids.ts';
import type { ChargeRules } from '../../domain/pricing/charges.ts';
import type { ZonePolygon } from '../schema/zones.ts';
import { demoId } from './deterministic.ts';

export interface DemoCity {
  readonly key: string;
  readonly id: CityId;
  readonly name: string;
  readonly countryCode: string;
  readonly currency: string;
  readonly timezone: string;
  readonly slaMinutes: number;
  readonly charges: ChargeRules;
}
export interface DemoStore {
  readonly key: string;
  readonly id: StoreId;
  readonly zoneId: ZoneId;
  readonly city: DemoCity;
  readonly name: string;
  readonly address: string;
  readonly location: LatLng;
  readonly radiusM: number;
  readonly maxCapacity: number;
  readonly averageFulfilmentMinutes: number;
  readonly deliveryFeeMinor: number;
  /** The zone around it; neighbouring zones overlap. */
  readonly polygon: ZonePolygon;
}

function city(key: string, rest: Omit<DemoCity, 'key' | 'id'>): DemoCity {
  return { key, id: asCityId(demoId('CityId', key)), ...rest };
}

const MINUTE_MS = 60_000;

const BENGALURU = city('blr', {
  name: 'Bengaluru',
  countryCode: 'IN',
  currency: 'INR',
  timezone: 'Asia/Kolkata',
  slaMinutes: 20,
  charges: {
    smallCart: { belowMinor: 9_900, feeMinor: 1_500 },
    freeDeliveryFromMinor: 99_900,
    offer: { fromMinor: 199_900, offPpm: 50_000, maxMinor: 15_000 },
    tax: { ratePpm: 50_000, included: true },
    surgeSteps: [
      { fromReadyP90Ms: 10 * MINUTE_MS, feeMinor: 1_000 },
      { fromReadyP90Ms: 15 * MINUTE_MS, feeMinor: 2_000 },
    ],
  },
});
const LISBON = city('lis', {
  name: 'Lisboa',
  countryCode: 'PT',
  currency: 'EUR',
  timezone: 'Europe/Lisbon',
  slaMinutes: 20,
  charges: {
    smallCart: { belowMinor: 800, feeMinor: 99 },
    deliveryTiers: [
      { upToM: 2_500, feeMinor: 199 },
      { upToM: 4_000, feeMinor: 249 },
    ],
    freeDeliveryFromMinor: 5_000,
    tax: { ratePpm: 60_000, included: true },
    surgeSteps: [{ fromReadyP90Ms: 10 * MINUTE_MS, feeMinor: 100 }],
  },
});
export const DEMO_CITIES: readonly DemoCity[] = [BENGALURU, LISBON];

/** Corners as [lat, lng], the way maps show them; GeoJSON wants [lng, lat] and a closed ring. */
function polygon(corners: readonly (readonly [lat: number, lng: number])[]): ZonePolygon {
  const ring = corners.map(([lat, lng]) => [lng, lat] as const);
  return { type: 'Polygon', coordinates: [[...ring, ...ring.slice(0, 1)]] };
}

function store(key: string, rest: Omit<DemoStore, 'key' | 'id' | 'zoneId'>): DemoStore {
  return { key, id: asStoreId(demoId('StoreId', key)), zoneId: asZoneId(demoId('ZoneId', key)), ...rest };
}

export const DEMO_STORES: readonly DemoStore[] = [
  store('blr-indiranagar', {
    city: BENGALURU,
    name: 'Indiranagar',
    address: '12th Main, Indiranagar, Bengaluru 560038',
    location: { lat: 12.9716, lng: 77.6412 },
    radiusM: 4_500,
    maxCapacity: 120,
    averageFulfilmentMinutes: 4,
    deliveryFeeMinor: 2_500,
    polygon: polygon([
      [13.008, 77.628],
      [13.006, 77.668],
      [12.982, 77.684],
      [12.952, 77.674],
      [12.942, 77.642],
      [12.946, 77.612],
      [12.98, 77.606],
    ]),
  }),
  store('blr-koramangala', {
    city: BENGALURU,
    name: 'Koramangala',
    address: '5th Block, Koramangala, Bengaluru 560095',
    location: { lat: 12.9352, lng: 77.6245 },
    radiusM: 4_500,
    maxCapacity: 90,
    averageFulfilmentMinutes: 5,
    deliveryFeeMinor: 2_500,
    polygon: polygon([
      [12.966, 77.604],
      [12.964, 77.65],
      [12.936, 77.664],
      [12.904, 77.646],
      [12.898, 77.61],
      [12.924, 77.588],
    ]),
  }),
  store('lis-chiado', {
    city: LISBON,
    name: 'Chiado',
    address: 'Rua Garrett, 1200-203 Lisboa',
    location: { lat: 38.7107, lng: -9.1401 },
    radiusM: 4_000,
    maxCapacity: 60,
    averageFulfilmentMinutes: 5,
    deliveryFeeMinor: 199,
    polygon: polygon([
      [38.741, -9.158],
      [38.739, -9.118],
      [38.72, -9.112],
      [38.704, -9.126],
      [38.702, -9.174],
      [38.722, -9.18],
    ]),
  }),
  store('lis-alvalade', {
    city: LISBON,
    name: 'Alvalade',
    address: 'Avenida da Igreja, 1700-236 Lisboa',
    location: { lat: 38.7534, lng: -9.1428 },
    radiusM: 4_000,
    maxCapacity: 60,
    averageFulfilmentMinutes: 4,
    deliveryFeeMinor: 199,
    polygon: polygon([
      [38.782, -9.156],
      [38.778, -9.116],
      [38.748, -9.11],
      [38.724, -9.122],
      [38.722, -9.164],
      [38.756, -9.178],
    ]),
  }),
];

/** Where the demo's customers stand, and the keys of the stores that deliver there. */
export const DEMO_PLACES: readonly {
  readonly name: string;
  readonly location: LatLng;
  readonly stores: readonly string[];
}[] = [
  {
    name: 'Domlur, between two zones',
    location: { lat: 12.9545, lng: 77.633 },
    stores: ['blr-indiranagar', 'blr-koramangala'],
  },
  { name: 'Ulsoor', location: { lat: 12.982, lng: 77.622 }, stores: ['blr-indiranagar'] },
  { name: 'HSR', location: { lat: 12.914, lng: 77.632 }, stores: ['blr-koramangala'] },
  {
    name: 'Saldanha, between two zones',
    location: { lat: 38.7335, lng: -9.143 },
    stores: ['lis-chiado', 'lis-alvalade'],
  },
  { name: 'Bairro Alto', location: { lat: 38.713, lng: -9.146 }, stores: ['lis-chiado'] },
  { name: 'Campo Grande', location: { lat: 38.758, lng: -9.152 }, stores: ['lis-alvalade'] },
  { name: 'Sintra, nobody delivers', location: { lat: 38.798, lng: -9.388 }, stores: [] },
];
