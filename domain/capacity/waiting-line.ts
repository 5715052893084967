import { LEAVE_AT } from './service-state.ts';
import type { ServicePolicy } from './service-state.ts';
import { readyTime } from './ready-time.ts';
import type { FloorLoad } from './ready-time.ts';
import type { Pace } from './pick-pace.ts';
import type { OrderId } from '../shared/ids.ts';

// Orders that wait before a store which takes none for now: first come, first served, and nobody passes them by.

/** At twenty orders a picker and hour, the end of such a line waits an hour with three pickers: longer helps nobody. */
export const LINE_MAX = 50;
/** Called at the same time, so that a store that has just caught up is not run over. */
export const CALLED_MAX = 5;
/** Whoever was called and has not held the basket by then has gone: the outbox delivers within seconds. */
export const CALLED_FOR_MS = 60_000;
/** How often the line is looked at, and so how often those who wait are told. */
export const LINE_LOOK_MS = 5_000;
/** An estimate that moves by less is no news. */
const ESTIMATE_NEWS_MS = 60_000;

export interface Waiting {
  readonly orderId: OrderId;
  /** Waits no longer than this. */
  readonly untilMs: number;
  /** `null` while it waits. */
  readonly calledAtMs: number | null;
  /** What the order knows. */
  readonly told: Standing;
}
/** `place`: from 1. `turnAtMs`: when it is likely to be called. */
export interface Standing {
  readonly place: number;
  readonly turnAtMs: number;
}

/** How fast a line gets on. */
export interface LinePace {
  /** Until the store takes orders again. */
  readonly againMs: number;
  /** From one order to the next when it does. */
  readonly everyMs: number;
}

/** Lines of an order on an empty floor: the usual basket. */
const USUAL_LINES = 6;

/** How often the floor is done with an order. */
export function servedEveryMs(
  { queuedTasks, queuedLines, pickersOnShift }: FloorLoad,
  { orderMs, lineMs }: Pace,
): number {
  const lines = queuedTasks === 0 ? USUAL_LINES : queuedLines / queuedTasks;
  return Math.round((orderMs + lines * lineMs) / Math.max(1, pickersOnShift));
}

/** When the order at a place is likely to be called. */
export function turnAtMs(place: number, { againMs, everyMs: stepMs }: LinePace, nowMs: number): number {
  return nowMs + againMs + (place - 1) * stepMs;
}

/** How many orders more the floor takes before it would pause again by its policy; no more than are called at a time. */
export function roomFor(load: FloorLoad, pace: Pace, { pauseAtMs }: ServicePolicy): number {
  const lines = load.queuedTasks === 0 ? USUAL_LINES : load.queuedLines / load.queuedTasks;
  let room = 0;
  while (room < CALLED_MAX) {
    const more = { ...load, queuedTasks: load.queuedTasks + room, queuedLines: load.queuedLines + room * lines };
    if (readyTime(more, pace).readyP90Ms >= pauseAtMs * LEAVE_AT) break;
    room += 1;
  }
  return room;
}

export interface LineLook {
  readonly nowMs: number;
  /** Orders that the store has room for, those that were called counted in; 0 while it takes none. */
  readonly room: number;
  readonly pace: LinePace;
}
export interface LineSteps {
  /** Waited long enough, or were called and did not come. */
  readonly gone: readonly OrderId[];
  /** Whose turn it is now, in their order. */
  readonly called: readonly OrderId[];
  /** Who stands elsewhere than they were told. */
  readonly moved: readonly { readonly orderId: OrderId; readonly standing: Standing }[];
}

/** What a look at the line, the longest waiting first, comes to. */
export function lookAtLine(line: readonly Waiting[], { nowMs, room, pace }: LineLook): LineSteps {
  function isGone({ calledAtMs, untilMs }: Waiting): boolean {
    return calledAtMs === null ? nowMs >= untilMs : nowMs >= calledAtMs + CALLED_FOR_MS;
  }
  const there = line.filter((order) => !isGone(order));
  const calledBefore = there.filter(({ calledAtMs }) => calledAtMs !== null).length;
  const waiting = there.filter(({ calledAtMs }) => calledAtMs === null);
  const calls = Math.max(0, Math.min(room, CALLED_MAX) - calledBefore);
  const moved = waiting.slice(calls).flatMap(({ orderId, told }, index) => {
    const standing = { place: index + 1, turnAtMs: turnAtMs(index + 1, pace, nowMs) };
    const isNews = standing.place !== told.place || Math.abs(standing.turnAtMs - told.turnAtMs) >= ESTIMATE_NEWS_MS;
    return isNews ? [{ orderId, standing }] : [];
  });
  return {
    gone: line.filter(isGone).map(({ orderId }) => orderId),
    called: waiting.slice(0, calls).map(({ orderId }) => orderId),
    moved,
  };
}

/** Whether an order may have its basket held before a line: while somebody waits, whoever was called and nobody else. */
export function mayPass(line: readonly Waiting[], orderId: string | null): boolean {
  if (line.every(({ calledAtMs }) => calledAtMs !== null)) return true;
  return orderId !== null && line.some((order) => order.orderId === orderId && order.calledAtMs !== null);
}
