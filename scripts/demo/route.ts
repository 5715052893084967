import { distanceM, type LatLng } from '../../domain/shared/geo.ts';

/** Metres of one degree of latitude on the mean Earth. */
const METRES_PER_DEGREE = 111_195;

/** The point `metres` away in a direction, 0 is north and a quarter turn is east. Flat-Earth: right to a metre within 10 km. */
export function pointAway(from: LatLng, metres: number, turns: number): LatLng {
  const angle = turns * 2 * Math.PI;
  const degrees = metres / METRES_PER_DEGREE;
  return {
    lat: from.lat + degrees * Math.cos(angle),
    lng: from.lng + (degrees * Math.sin(angle)) / Math.cos((from.lat * Math.PI) / 180),
  };
}

/** Positions of a ride along the straight line, one each `everyMs`, the last one the goal itself; empty when there already. */
export function positionsAlong(from: LatLng, to: LatLng, speedMPerS: number, everyMs: number): LatLng[] {
  const rideMs = (distanceM(from, to) / speedMPerS) * 1_000;
  const steps = Math.ceil(rideMs / everyMs);
  return Array.from({ length: steps }, (_, index) => {
    const part = (index + 1) / steps;
    return { lat: from.lat + (to.lat - from.lat) * part, lng: from.lng + (to.lng - from.lng) * part };
  });
}
