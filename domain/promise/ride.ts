/** A bicycle or moped through city traffic, about 18 km/h: a working figure until rides are measured. */
const RIDE_M_PER_S = 5;
/** Streets are this much longer than the crow flies: the circuity of urban road networks is 1.2-1.4. */
const DETOUR = 1.3;

/** Riding `distanceM` as the crow flies, whole milliseconds; no handover and no stairs. */
export function rideMs(distanceM: number): number {
  return Math.ceil((distanceM * DETOUR * 1000) / RIDE_M_PER_S);
}
