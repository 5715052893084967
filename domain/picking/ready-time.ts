/** Walking to the first shelf, packing and sealing, per order: a working figure until a store's own pace is measured. */
const ORDER_OVERHEAD_MS = 60_000;
/** One unit from shelf to tote. */
const UNIT_MS = 6_000;
/** Nine in ten orders are ready within this many times the median. */
const P90_FACTOR = 1.6;

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
  return { readyP50Ms, readyP90Ms: Math.round(readyP50Ms * P90_FACTOR) };
}
