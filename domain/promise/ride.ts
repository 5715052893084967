/** A bicycle or moped through city traffic, about 18 km/h: a working figure until rides are measured. */
const RIDE_M_PER_S = 5;
/** Streets are this much longer than the crow flies: the circuity of urban road networks is 1.2-1.4. */
const DETOUR = 1.3;

/** Riding `distanceM` as the crow flies, whole milliseconds; no handover and no stairs. */
function rideMs(distanceM: number): number {
  return Math.ceil((distanceM * DETOUR * 1000) / RIDE_M_PER_S);
}

/** Bags to bike to street: a working figure, as above. */
const HANDOVER_MS = 60_000;
/** From the kerb to the door: a working figure, as above. */
const AT_THE_DOOR_MS = 60_000;

/** From where the courier is, bags in hand, to the door. */
export function toTheDoorMs(distanceM: number): number {
  return rideMs(distanceM) + AT_THE_DOOR_MS;
}

/** From packed bags in the store to the door. */
export function storeToDoorMs(distanceM: number): number {
  return HANDOVER_MS + toTheDoorMs(distanceM);
}

/** Rides are promised at their slow end; half of them take this many times less: a working figure until rides are measured. */
export const RIDE_SPREAD = 1.35;

/** From packed bags in the store to the door, at the median and nine times of ten. */
export function rideSpread(distanceM: number): { readonly p50Ms: number; readonly p90Ms: number } {
  const p90Ms = storeToDoorMs(distanceM);
  return { p50Ms: Math.round(p90Ms / RIDE_SPREAD), p90Ms };
}
