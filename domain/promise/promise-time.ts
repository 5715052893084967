import type { ServiceState } from '../capacity/service-state.ts';
import { storeToDoorMs } from './ride.ts';

// The time from placing an order to the door: what the store has before it, picking it, riding it there.

const MINUTE_MS = 60_000;
/** Lines of a usual basket: what a promise is quoted for before there is one. */
export const USUAL_LINES = 6;
/** A throttled store promises so many times what it expects to need: it is about to fall behind. */
const THROTTLED_FACTOR = 1.25;

/** What a store says of itself in its availability answer. */
export interface FloorOutlook {
  /** When nine of ten times the next order would be packed, its own lines not counted. */
  readonly readyP90Ms: number;
  /** What each of its lines takes more. */
  readonly lineP90Ms: number;
  readonly serviceState: ServiceState;
}

export interface PromiseTime {
  readonly queueMs: number;
  readonly pickMs: number;
  /** From packed bags to the door. */
  readonly rideMs: number;
  /** The sum, rounded up to whole minutes: a promise is not made to the second. */
  readonly totalMs: number;
}

/** Quotes a promise for `lines` to a door `distanceM` from the store as the crow flies. Never less for more of anything. */
export function quotePromise(outlook: FloorOutlook, lines: number, distanceM: number): PromiseTime {
  const widening = outlook.serviceState === 'open' ? 1 : THROTTLED_FACTOR;
  const queueMs = Math.round(outlook.readyP90Ms * widening);
  const pickMs = Math.round(lines * outlook.lineP90Ms * widening);
  const rideMs = storeToDoorMs(distanceM);
  const totalMs = Math.ceil((queueMs + pickMs + rideMs) / MINUTE_MS) * MINUTE_MS;
  return { queueMs, pickMs, rideMs, totalMs };
}
