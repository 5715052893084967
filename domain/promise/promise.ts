import { PPM } from '../money/share.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { doorTimeMs, lateProbability, timeToDoor } from './lateness.ts';
import type { FloorPace } from './lateness.ts';
import { quotePromise } from './promise-time.ts';
import type { FloorOutlook } from './promise-time.ts';

/** How a city keeps its promises: data, published with the network. */
export interface PromiseRules {
  /** No order is taken on a promise that is broken more often than this, in parts per million. */
  readonly latePpmMax: number;
  /**
   * What happens where the city's own time would be broken more often: a later promise (`widen`), a later promise and the last choice of
   * all stores (`throttle`), or none at all (`refuse`).
   */
  readonly whenLate: 'widen' | 'throttle' | 'refuse';
  /** No promise is later than this: the order is refused before anybody pays. */
  readonly promiseMaxMs: number;
}
/** One in ten is what every p90 allows; an hour is beyond what anybody waits for milk. */
export const DEFAULT_PROMISE_RULES: PromiseRules = { latePpmMax: 100_000, whenLate: 'widen', promiseMaxMs: 3_600_000 };

/** What is promised, and how sure it is. */
export interface Promised {
  /** From placing to the door, whole minutes. */
  readonly promiseMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  /** P(later than promised), parts per million; never above the rules' bound. */
  readonly latePpm: number;
  /** P(later than the city's own time), parts per million. */
  readonly lateAtSlaPpm: number;
  /** Promised later because the city's own time would be broken too often. */
  readonly widened: boolean;
  /** The last choice of all stores. */
  readonly throttled: boolean;
}
/** Why nothing is promised. */
export interface NoPromise {
  readonly slaMs: number;
  readonly lateAtSlaPpm: number;
  readonly latePpmMax: number;
  readonly p90Ms: number;
}

const MINUTE_MS = 60_000;

/** What a store promises for so many lines to a door so far away, or why it promises nothing. */
export function promise(
  floor: FloorPace & FloorOutlook,
  order: { readonly lines: number; readonly distanceM: number },
  slaMs: number,
  rules: PromiseRules,
): Result<Promised, NoPromise> {
  const { lines, distanceM } = order;
  const time = timeToDoor(floor, lines, distanceM);
  const bound = rules.latePpmMax / PPM;
  const p90Ms = doorTimeMs(time, 0.1);
  const lateAtSlaPpm = inPpm(lateProbability(time, slaMs));
  const soonestMs = Math.ceil(doorTimeMs(time, bound) / MINUTE_MS) * MINUTE_MS;
  const promiseMs = Math.max(quotePromise(floor, lines, distanceM).totalMs, soonestMs);
  const late = lateAtSlaPpm > rules.latePpmMax;
  if (promiseMs > rules.promiseMaxMs || (late && rules.whenLate === 'refuse')) {
    return err({ slaMs, lateAtSlaPpm, latePpmMax: rules.latePpmMax, p90Ms });
  }
  return ok({
    promiseMs,
    p50Ms: doorTimeMs(time, 0.5),
    p90Ms,
    latePpm: inPpm(lateProbability(time, promiseMs)),
    lateAtSlaPpm,
    widened: late,
    throttled: floor.serviceState === 'throttled' || (late && rules.whenLate === 'throttle'),
  });
}

/** How often a promise that was made before would be broken at the load of now, parts per million. */
export function latePpmOf(
  promiseMs: number,
  floor: FloorPace,
  order: { readonly lines: number; readonly distanceM: number },
): number {
  return inPpm(lateProbability(timeToDoor(floor, order.lines, order.distanceM), promiseMs));
}

/** Rounded up: what is barely above a bound is above it. */
function inPpm(probability: number): number {
  return Math.ceil(probability * PPM - 1e-6);
}
