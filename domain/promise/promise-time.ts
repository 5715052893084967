/**
 * The time from placing an order to the door: what the store has before it, picking it, riding it there. Each assumed
 * figure stands here with its reason.
 */

/** The slow end of manual picking in a dark store: six items a minute (public figures of operators, 2021). */
const PICK_UNIT_MS = 10_000;
/** Streets are longer than the crow flies. */
const DETOUR = 1.3;
/** A bicycle or moped through city traffic, about 18 km/h. */
const RIDE_M_PER_S = 5;
/** Handover at the store, and from the street to the door. */
const RIDE_FIXED_MS = 120_000;
const MINUTE_MS = 60_000;
/** Units of a usual basket: what a promise is quoted for before there is one. */
export const USUAL_UNITS = 8;

/** What a store says of itself in its availability answer. */
export interface FloorOutlook {
  /** When nine of ten times the next order would be packed, its own units not counted. */
  readonly readyP90Ms: number;
}

export interface PromiseTime {
  readonly queueMs: number;
  readonly pickMs: number;
  readonly rideMs: number;
  /** The sum, rounded up to whole minutes: a promise is not made to the second. */
  readonly totalMs: number;
}

/** Quotes a promise for `units` to a door `distanceM` from the store as the crow flies. Never less for more of anything. */
export function quotePromise({ readyP90Ms: queueMs }: FloorOutlook, units: number, distanceM: number): PromiseTime {
  const pickMs = units * PICK_UNIT_MS;
  const rideMs = RIDE_FIXED_MS + Math.ceil((distanceM * DETOUR * 1000) / RIDE_M_PER_S);
  return { queueMs, pickMs, rideMs, totalMs: Math.ceil((queueMs + pickMs + rideMs) / MINUTE_MS) * MINUTE_MS };
}
