import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

// The journal of a tablet: its commands are taken in the order of their numbers, each once.

/** Clocks of tablets that ask a time server agree within a second; one that is off by more than this is told so. */
export const CLOCK_OFF_MS = 30_000;

export type PlaceError =
  /** Commands before it have not come yet; `missing` is the first of them. */
  | { readonly code: 'DEVICE_GAP'; readonly missing: number }
  /** Another command was answered under this number; `next` is the number that is wanted. */
  | { readonly code: 'DEVICE_SEQ_REUSED'; readonly next: number };

/**
 * Whether a command takes the next place of its journal. One that was answered before is answered again wherever it stands: it
 * takes a place only if it is the next, as in a journal that began anew.
 */
export function placeInJournal(
  lastSeq: number,
  { seq, isKnown }: { readonly seq: number; readonly isKnown: boolean },
): Result<'NEXT' | 'AGAIN', PlaceError> {
  if (seq === lastSeq + 1) return ok('NEXT');
  if (isKnown) return ok('AGAIN');
  return err(
    seq > lastSeq ? { code: 'DEVICE_GAP', missing: lastSeq + 1 } : { code: 'DEVICE_SEQ_REUSED', next: lastSeq + 1 },
  );
}

/** How far the clock of a tablet is ahead of ours, negative when it is behind; `undefined` while it is near enough. */
export function clockOffsetMs(tabletMs: number, nowMs: number): number | undefined {
  const offsetMs = tabletMs - nowMs;
  return Math.abs(offsetMs) > CLOCK_OFF_MS ? offsetMs : undefined;
}

/** What a command of a journal shows of its tablet's clock: it was done some time ago, so only a time to come is wrong. */
export function clockAheadMs(doneAtMs: number, nowMs: number): number | undefined {
  return doneAtMs > nowMs ? clockOffsetMs(doneAtMs, nowMs) : undefined;
}
