import type { StoreLoad } from '../../contracts/rpc/store.ts';

/** What a store with nothing to do says of itself. */
export const IDLE_LOAD: StoreLoad = {
  queuedTasks: 0,
  queuedLines: 0,
  queuedUnits: 0,
  pickersOnShift: 0,
  readyP50Ms: 60_000,
  readyP90Ms: 96_000,
  lineP50Ms: 8_000,
  lineP90Ms: 12_800,
  serviceState: 'open',
  retryAfterMs: null,
};
