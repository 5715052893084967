import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';

/** Faster than any courier: 180 km/h. What asks for more is a wrong fix or a made-up one. */
export const SPEED_MAX_M_PER_S = 50;
/** A good fix may still be off by this much between streets of houses. */
export const FIX_ERROR_M = 100;
/** How long a last known position counts as where the courier is. */
export const CURRENT_MS = 60_000;
/** A move that changes who is nearest: the zone is told of it. */
const TELL_ZONE_M = 250;
/** The zone is told of moves at most this often: the period of the pings. */
export const TELL_ZONE_MIN_MS = 5000;
/** A position becomes a row at most this often: every sixth ping of a courier on the road. */
export const KEEP_ROW_MS = 30_000;

export interface Fix extends LatLng {
  readonly atMs: number;
}

/** Where a courier was seen last, and the one sighting that did not fit. */
export interface Track {
  readonly last: Fix | null;
  readonly doubted: Fix | null;
}
export const NO_TRACK: Track = { last: null, doubted: null };

export interface Judged {
  readonly accepted: boolean;
  readonly track: Track;
}

/**
 * The last position wins if one can have come there. An impossible jump is refused once; a second sighting that agrees with it
 * shows that the earlier ones were wrong, and wins.
 */
export function judge(track: Track, fix: Fix): Judged {
  const fits = track.last === null || canHaveMoved(track.last, fix);
  if (fits || (track.doubted !== null && canHaveMoved(track.doubted, fix))) {
    return { accepted: true, track: { last: fix, doubted: null } };
  }
  return { accepted: false, track: { last: track.last, doubted: fix } };
}

function canHaveMoved(from: Fix, to: Fix): boolean {
  const elapsedMs = Math.max(0, to.atMs - from.atMs);
  return distanceM(from, to) <= FIX_ERROR_M + (SPEED_MAX_M_PER_S * elapsedMs) / 1000;
}

export function isCurrent(fix: Fix, nowMs: number): boolean {
  return nowMs - fix.atMs <= CURRENT_MS;
}

/** Three decimals of a degree are 111 m of latitude and, at 13 degrees north, 108 m of longitude. */
const COARSE_PER_DEGREE = 1000;

/** The same position to about 100 m: near enough to say "soon", too far off to say at which door. */
export function coarse<Position extends LatLng>(position: Position): Position {
  return {
    ...position,
    lat: Math.round(position.lat * COARSE_PER_DEGREE) / COARSE_PER_DEGREE,
    lng: Math.round(position.lng * COARSE_PER_DEGREE) / COARSE_PER_DEGREE,
  };
}

/** What the zone believes, and when it was told. */
export interface Told {
  readonly position: LatLng | null;
  readonly atMs: number;
}

export function isWorthTelling(told: Told, fix: Fix): boolean {
  if (fix.atMs - told.atMs < TELL_ZONE_MIN_MS) return false;
  return told.position === null || distanceM(told.position, fix) > TELL_ZONE_M;
}
