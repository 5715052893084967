import type { LatLng } from '../../domain/shared/geo.ts';
import { drawWhole } from '../shared/seeded-random.ts';
import { pointAway } from './route.ts';

/** Around the corner from the store: couriers ride at a scooter's real speed, and nobody wants to wait for minutes. */
const NEAREST_M = 45;
const FARTHEST_M = 75;

/** Somebody's door, kept as apps send it: six decimals are a tenth of a metre. */
export function drawDoorstep(store: LatLng, random: () => number): LatLng {
  const door = pointAway(store, drawWhole(random, NEAREST_M, FARTHEST_M), random());
  return { lat: Number(door.lat.toFixed(6)), lng: Number(door.lng.toFixed(6)) };
}
