import { NOTHING_MEASURED, P90_FACTOR, paceOf } from '../capacity/pick-pace.ts';
import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';
import { RIDE_SPREAD, storeToDoorMs, toTheDoorMs } from './ride.ts';

/** When the order will be at the door, ms since the epoch: half are there by the first, nine in ten by the second. */
export interface Eta {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** Where an order is on its way to the door. */
export type EtaStage =
  /** Before it is picked: what the store takes is in the promise, the rest is the ride. */
  | {
      readonly at: 'queued';
      readonly placedAtMs: number;
      readonly promisedAtMs: number;
      readonly lines: number;
      readonly store: LatLng;
      readonly drop: LatLng;
    }
  | {
      readonly at: 'picking';
      readonly startedAtMs: number;
      readonly lines: number;
      readonly store: LatLng;
      readonly drop: LatLng;
    }
  | { readonly at: 'ready'; readonly store: LatLng; readonly drop: LatLng }
  /** `from`: the courier's last position, or the store before there is one. */
  | { readonly at: 'riding'; readonly from: LatLng; readonly drop: LatLng }
  | { readonly at: 'over' };

/** How long a stage still takes. */
interface Span {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** However long picking has taken, so much is still before it: the seals and the counter. A working figure. */
const STILL_TO_PACK: Span = { p50Ms: 20_000, p90Ms: 60_000 };

/**
 * The stages that are left, added up: medians as they are; the strays beyond them as those of independent stages, by the root of
 * the sum of their squares. `null` once the order is over. Never before now.
 */
export function estimateEta(stage: EtaStage, nowMs: number): Eta | null {
  const spans = spansLeft(stage, nowMs);
  if (spans === null) return null;
  const p50Ms = spans.reduce((sum, span) => sum + span.p50Ms, 0);
  const strayMs = Math.hypot(...spans.map((span) => span.p90Ms - span.p50Ms));
  return { p50Ms: nowMs + Math.round(p50Ms), p90Ms: nowMs + Math.round(p50Ms + strayMs) };
}

function spansLeft(stage: EtaStage, nowMs: number): readonly Span[] | null {
  switch (stage.at) {
    case 'queued':
      return [queueLeft(stage, nowMs), rideOf(storeToDoorMs(distanceM(stage.store, stage.drop)))];
    case 'picking':
      return [pickLeft(stage, nowMs), rideOf(storeToDoorMs(distanceM(stage.store, stage.drop)))];
    case 'ready':
      return [rideOf(storeToDoorMs(distanceM(stage.store, stage.drop)))];
    case 'riding':
      return [rideOf(toTheDoorMs(distanceM(stage.from, stage.drop)))];
    case 'over':
      return null;
  }
}

/** The store's part of the promise less what has passed, and never less than the picking itself takes. */
function queueLeft(stage: EtaStage & { readonly at: 'queued' }, nowMs: number): Span {
  const { placedAtMs, promisedAtMs, lines, store, drop } = stage;
  const inStoreMs = Math.max(0, promisedAtMs - placedAtMs - storeToDoorMs(distanceM(store, drop)));
  const passedMs = nowMs - placedAtMs;
  const pick = pickOf(lines);
  return atLeast(pick, { p50Ms: inStoreMs / P90_FACTOR - passedMs, p90Ms: inStoreMs - passedMs });
}

function pickLeft({ lines, startedAtMs }: EtaStage & { readonly at: 'picking' }, nowMs: number): Span {
  const { p50Ms, p90Ms } = pickOf(lines);
  const passedMs = nowMs - startedAtMs;
  return atLeast(STILL_TO_PACK, { p50Ms: p50Ms - passedMs, p90Ms: p90Ms - passedMs });
}

/** The store's own pace stays in the store: this is the working figure. */
function pickOf(lines: number): Span {
  const { orderMs, lineMs, p90Factor } = paceOf(NOTHING_MEASURED);
  const p50Ms = orderMs + lines * lineMs;
  return { p50Ms, p90Ms: p50Ms * p90Factor };
}

function atLeast(least: Span, { p50Ms, p90Ms }: Span): Span {
  return { p50Ms: Math.max(least.p50Ms, p50Ms), p90Ms: Math.max(least.p90Ms, p90Ms) };
}

function rideOf(p90Ms: number): Span {
  return { p50Ms: p90Ms / RIDE_SPREAD, p90Ms };
}
