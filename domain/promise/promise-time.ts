/**
 * The time from placing an order to the door: what is queued before it, picking it, riding it there. Every figure that is
 * assumed stands here with its reason; the store's own measured times win over the assumptions where they are longer.
 */

/** A picker picks about six items a minute in a dark store (public figures of operators, 2021). */
const PICK_UNIT_MS = 10_000;
/** Taking the task, walking in and packing, whatever the basket. */
const PICK_FIXED_MS = 60_000;
/** Streets are longer than the crow flies. */
const DETOUR = 1.3;
/** A bicycle or moped through city traffic, about 18 km/h. */
const RIDE_M_PER_S = 5;
/** Handover at the store and the way from the street to the door. */
const RIDE_FIXED_MS = 120_000;
const MINUTE_MS = 60_000;

/** What the store said of itself, see the availability answer. */
export interface StoreLoad {
  readonly queuedUnits: number;
  /** What nine of ten recent orders took until they were packed; 0 while unknown. */
  readonly readyP90Ms: number;
}

export interface PromiseTime {
  readonly queueMs: number;
  readonly pickMs: number;
  readonly rideMs: number;
  /** The sum, rounded up to whole minutes: a promise is not made to the second. */
  readonly totalMs: number;
}

/** Quotes a promise. `units` of the basket, `distanceM` from the store as the crow flies. */
export function quotePromise(load: StoreLoad, units: number, distanceM: number): PromiseTime {
  const pickMs = PICK_FIXED_MS + units * PICK_UNIT_MS;
  // One picker is assumed: a store with several is faster than promised, and its measured times do not undercut this.
  const queueMs = Math.max(load.queuedUnits * PICK_UNIT_MS, load.readyP90Ms - pickMs, 0);
  const rideMs = RIDE_FIXED_MS + Math.ceil((distanceM * DETOUR * 1000) / RIDE_M_PER_S);
  const totalMs = Math.ceil((queueMs + pickMs + rideMs) / MINUTE_MS) * MINUTE_MS;
  return { queueMs, pickMs, rideMs, totalMs };
}
