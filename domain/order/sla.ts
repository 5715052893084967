import { storeToDoorMs, toTheDoorMs } from '../promise/ride.ts';
import { hasReached, promisedAtMs, quoteOf } from './order.ts';
import type { OrderEvent, OrderState } from './order.ts';
import { isOver } from './stage.ts';
import type { OrderStatus } from './transitions.ts';

/** The last moments, ms since the epoch, at which the order can be at a status and still keep its promise; earliest first. */
export function latestMoments(state: OrderState): readonly { readonly status: OrderStatus; readonly byMs: number }[] {
  const promisedMs = promisedAtMs(state);
  const { distanceM } = quoteOf(state);
  return [
    { status: 'PACKED', byMs: promisedMs - storeToDoorMs(distanceM) },
    { status: 'PICKED_UP', byMs: promisedMs - toTheDoorMs(distanceM) },
  ];
}

/** What the clock says about the promise now: first that it is at risk, then that it is broken. `null` when there is nothing new. */
export function slaEvent(state: OrderState, nowMs: number): OrderEvent | null {
  const dueMs = nextSlaMs(state);
  if (dueMs === null || nowMs < dueMs) return null;
  const missed = state.sla.atRiskAtMs === null ? firstNotReached(state) : undefined;
  return missed === undefined
    ? { type: 'sla.breached', promisedAtMs: promisedAtMs(state) }
    : { type: 'sla.at_risk', waitingFor: missed.status };
}

/** When `slaEvent` has something to say, if nothing moves until then; `null` once the order is over or the breach is on record. */
export function nextSlaMs(state: OrderState): number | null {
  const { sla, status } = state;
  // The promise begins with the turn.
  if (isOver(status) || sla.breachedAtMs !== null || state.line?.at === 'WAITING') return null;
  const missed = sla.atRiskAtMs === null ? firstNotReached(state) : undefined;
  return missed?.byMs ?? promisedAtMs(state);
}

function firstNotReached(state: OrderState) {
  return latestMoments(state).find(({ status }) => !hasReached(state, status));
}
