import type { UserId } from '../shared/ids.ts';

/** Nobody works longer than this at a stretch; whoever goes on starts anew, with a claim for instance. */
export const SHIFT_MAX_MS = 12 * 60 * 60 * 1000;
/** A tablet that was not heard for so long, with nothing in hand, was put away. It pings every 20 s while it is in use. */
export const SILENCE_MAX_MS = 15 * 60 * 1000;
/** How often the store looks whether the tablets of those on shift are still there. */
const LOOK_EVERY_MS = 5 * 60 * 1000;

/** A picker on shift. */
export interface Shift {
  readonly pickerId: UserId;
  readonly startedAtMs: number;
  /** The last sign of life of the picker's tablet, as far as the store has looked. */
  readonly heardAtMs: number;
  /** What the picker has been doing since its hands were empty; `null` when they are, or when it says nothing about pace. */
  readonly spell: OpenSpell | null;
}
export interface OpenSpell {
  readonly fromMs: number;
  /** Packed so far. */
  readonly orders: number;
  readonly lines: number;
}

/** By whose doing a shift ended. */
export type ShiftEnd = 'SAID' | 'TOO_LONG' | 'SILENT';

export function startShift(pickerId: UserId, nowMs: number): Shift {
  return { pickerId, startedAtMs: nowMs, heardAtMs: nowMs, spell: null };
}

/** What the store's clock finds when it looks: the shift goes on, heard until now, or it is over. */
export function lookAtShift(
  shift: Shift,
  { heardAtMs, holdsTask }: { readonly heardAtMs: number | null; readonly holdsTask: boolean },
  nowMs: number,
): Shift | Exclude<ShiftEnd, 'SAID'> {
  if (nowMs >= shift.startedAtMs + SHIFT_MAX_MS) return 'TOO_LONG';
  // A claim has a heartbeat of its own.
  const heard = holdsTask ? nowMs : Math.max(shift.heardAtMs, heardAtMs ?? 0);
  return nowMs >= heard + SILENCE_MAX_MS ? 'SILENT' : { ...shift, heardAtMs: heard };
}

/** When to look again. */
export function nextLookMs({ startedAtMs, heardAtMs }: Shift, nowMs: number): number {
  const soonest = Math.min(heardAtMs + SILENCE_MAX_MS, nowMs + LOOK_EVERY_MS, startedAtMs + SHIFT_MAX_MS);
  return Math.max(soonest, nowMs + 1);
}
