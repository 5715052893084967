/** Walking to the first shelf, packing and sealing, per order: a working figure until a store's own pace is measured. */
const ORDER_OVERHEAD_MS = 60_000;
/**
 * One unit from shelf to tote, median: ten a minute. Times `P90_FACTOR` it is 9.6 s, the slow end of manual picking in a dark
 * store: about six items a minute (public figures of operators, 2021).
 */
const UNIT_MS = 6_000;
/** Nine in ten orders are ready within this many times the median; a promise rests on that, dispatch on the median. */
export const P90_FACTOR = 1.6;

export interface FloorLoad {
  /** Tasks that are not packed yet. */
  readonly queuedTasks: number;
  /** Units that they still want. */
  readonly queuedUnits: number;
}
export interface ReadyTime {
  readonly readyP50Ms: number;
  readonly readyP90Ms: number;
}

/** When the next order would be packed, with one picker working through what is queued and then through it. */
export function readyTime({ queuedTasks, queuedUnits }: FloorLoad): ReadyTime {
  const readyP50Ms = (queuedTasks + 1) * ORDER_OVERHEAD_MS + queuedUnits * UNIT_MS;
  return { readyP50Ms, readyP90Ms: p90Ms(readyP50Ms) };
}

/** Nine of ten times `units` more are picked within this: added to `readyP90Ms` it is when that order would be packed. */
export function pickP90Ms(units: number): number {
  return p90Ms(units * UNIT_MS);
}

function p90Ms(medianMs: number): number {
  return Math.round(medianMs * P90_FACTOR);
}
