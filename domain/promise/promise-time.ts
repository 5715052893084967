import { pickP90Ms } from '../picking/ready-time.ts';
import { storeToDoorMs } from './ride.ts';

// The time from placing an order to the door: what the store has before it, picking it, riding it there.

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
  /** From packed bags to the door. */
  readonly rideMs: number;
  /** The sum, rounded up to whole minutes: a promise is not made to the second. */
  readonly totalMs: number;
}

/** Quotes a promise for `units` to a door `distanceM` from the store as the crow flies. Never less for more of anything. */
export function quotePromise({ readyP90Ms: queueMs }: FloorOutlook, units: number, distanceM: number): PromiseTime {
  const pickMs = pickP90Ms(units);
  const rideMs = storeToDoorMs(distanceM);
  const totalMs = Math.ceil((queueMs + pickMs + rideMs) / MINUTE_MS) * MINUTE_MS;
  return { queueMs, pickMs, rideMs, totalMs };
}
