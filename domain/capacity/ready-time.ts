import type { Pace } from './pick-pace.ts';

export interface FloorLoad {
  /** Tasks that are not packed yet. */
  readonly queuedTasks: number;
  /** Lines that are not done yet. */
  readonly queuedLines: number;
  readonly pickersOnShift: number;
}
export interface ReadyTime {
  readonly readyP50Ms: number;
  readonly readyP90Ms: number;
}

/**
 * When the next order would be packed, its own lines not counted: those on shift pick in parallel, an order each, and it is
 * claimed when so few are left before it that a picker is free. A floor where nobody said so counts as one with one picker.
 */
export function readyTime({ queuedTasks, queuedLines, pickersOnShift }: FloorLoad, pace: Pace): ReadyTime {
  const pickers = Math.max(1, pickersOnShift);
  const toFinishFirst = Math.max(0, queuedTasks - pickers + 1);
  const taskMs = queuedTasks === 0 ? 0 : pace.orderMs + (queuedLines / queuedTasks) * pace.lineMs;
  const readyMs = (toFinishFirst / pickers) * taskMs + pace.orderMs;
  return { readyP50Ms: Math.round(readyMs), readyP90Ms: Math.round(readyMs * pace.p90Factor) };
}

/** What each line of the order itself takes more: added to `readyTime` it is when that order would be packed. */
export function lineTime({ lineMs, p90Factor }: Pace): { readonly lineP50Ms: number; readonly lineP90Ms: number } {
  return { lineP50Ms: Math.round(lineMs), lineP90Ms: Math.round(lineMs * p90Factor) };
}
