import type { PickTask } from './pick-task.ts';

export interface WaitingTask {
  readonly orderId: string;
  /** When the customer was told the order would be there. */
  readonly promisedAtMs: number;
  /** When the store got it. */
  readonly queuedAtMs: number;
}

/** A minute of waiting counts like half a minute less until the promise. */
const WAIT_WEIGHT = 0.5;

/**
 * How soon a task is due, aged by its waiting: (promised - now) - weight * (now - queued). Less is more urgent. With weight
 * 0 it is the earliest promise first.
 *
 * Nobody waits for ever: `b` goes before `a` only when `b` was queued within (promised a - queued a) / (1 + weight) of `a`,
 * because a promise is not made for a time before its order. Two thirds of what `a` was promised at the default weight.
 */
export function urgencyMs(task: WaitingTask, nowMs: number, waitWeight: number = WAIT_WEIGHT): number {
  return task.promisedAtMs - nowMs - waitWeight * (nowMs - task.queuedAtMs);
}

/** A pick task as one that waits. */
export function waitingTask({ orderId, promisedAtMs, times }: PickTask): WaitingTask & Pick<PickTask, 'orderId'> {
  return { orderId, promisedAtMs, queuedAtMs: times.assignedAtMs };
}

/**
 * The most urgent first, equals by order id, so that every tablet shows the same queue. All tasks age alike: the order of
 * two of them never turns while they wait.
 */
export function byUrgency(nowMs: number, waitWeight: number = WAIT_WEIGHT): (a: WaitingTask, b: WaitingTask) => number {
  return (a, b) =>
    urgencyMs(a, nowMs, waitWeight) - urgencyMs(b, nowMs, waitWeight) || (a.orderId < b.orderId ? -1 : 1);
}
