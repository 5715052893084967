import { normalTail, normalTailQuantile, Z_90 } from '../shared/normal.ts';
import { rideSpread } from './ride.ts';

/**
 * How long an order takes from placing to the door, as a random time: what the floor takes (the queue before it, then its own lines) and
 * the ride, independent of each other, each log-normal. The floor's median and p90 are the store's own, from its measured pace
 * (`domain/capacity/pick-pace.ts`); the ride's are working figures until rides are measured.
 */
export interface TimeToDoor {
  readonly floor: Spread;
  readonly ride: Spread;
}
/** A log-normal time by two of its quantiles, ms. `p90Ms` is no less than `p50Ms`. */
export interface Spread {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** What a store says of itself in its availability answer. */
export interface FloorPace {
  readonly readyP50Ms: number;
  readonly readyP90Ms: number;
  readonly lineP50Ms: number;
  readonly lineP90Ms: number;
}

export function timeToDoor(floor: FloorPace, lines: number, distanceM: number): TimeToDoor {
  return {
    floor: {
      p50Ms: floor.readyP50Ms + lines * floor.lineP50Ms,
      p90Ms: floor.readyP90Ms + lines * floor.lineP90Ms,
    },
    ride: rideSpread(distanceM),
  };
}

/** The ride is summed over so many slices of equal probability; each slice stands at its middle. */
const SLICES = 16;
const SLICE_Z = Array.from({ length: SLICES }, (_, slice) => normalTailQuantile(1 - (slice + 0.5) / SLICES));

/**
 * P(the order takes longer than `withinMs`), between 0 and 1. The two times are convolved by summing and not by fitting one log-normal to
 * their sum (Fenton, IRE Transactions on Communications Systems 8, 1960), because a fitted one may say that a longer queue is late less
 * often: this way more load, lines or distance never makes it less.
 */
export function lateProbability(time: TimeToDoor, withinMs: number): number {
  return tailOf(time.floor, rideSlices(time.ride), withinMs);
}

const SECOND_MS = 1_000;

/** The time that the order takes longer than with this probability or less, rounded up to whole seconds; ms. */
export function doorTimeMs({ floor, ride }: TimeToDoor, tail: number): number {
  const slices = rideSlices(ride);
  let [low, high] = [0, 1];
  while (tailOf(floor, slices, high * SECOND_MS) > tail && high < HORIZON_S) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (tailOf(floor, slices, middle * SECOND_MS) > tail) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}
/** Beyond a year nothing is asked. */
const HORIZON_S = 32_000_000;

function rideSlices(ride: Spread): readonly number[] {
  const sigma = sigmaOf(ride);
  return SLICE_Z.map((z) => ride.p50Ms * Math.exp(sigma * z));
}

function tailOf(floor: Spread, slices: readonly number[], withinMs: number): number {
  const sigma = sigmaOf(floor);
  const late = slices.reduce((sum, rideMs) => sum + exceeds(floor, sigma, withinMs - rideMs), 0);
  return late / SLICES;
}

function exceeds({ p50Ms }: Spread, sigma: number, leftMs: number): number {
  if (leftMs <= 0) return 1;
  if (sigma === 0) return leftMs < p50Ms ? 1 : 0;
  return normalTail(Math.log(leftMs / p50Ms) / sigma);
}

function sigmaOf({ p50Ms, p90Ms }: Spread): number {
  return p50Ms <= 0 ? 0 : Math.max(0, Math.log(p90Ms / p50Ms)) / Z_90;
}
