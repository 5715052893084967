import type { Refusal } from '../../../contracts/problem.ts';
import type { TaskAnswer } from '../../../contracts/ws/tablet.ts';
import { lapseClaim, renewClaim } from '../../../domain/picking/claim.ts';
import { ownPicking } from '../../../domain/picking/pick-task.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { OrderId, UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { taskNotFound, taskRefusal } from './floor-refusals.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { announceMilestone } from './task-announcements.ts';
import { taskAnswer } from './task-view.ts';
import { saveLease, writeStep } from './task-writes.ts';

/** The deadline of the claim that ends first; it stands for all of them. */
export const CLAIM_LAPSE = 'claim';

/** Claims that one alarm takes back; the rest follow at once in the next. */
const LAPSES_PER_ALARM = 50;
/** How long a finished task is kept, for late commands and for its seals. */
const TASK_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Finished tasks that one alarm forgets: far more than can be finished between two of them. */
const PRUNED_PER_ALARM = 200;

/** A claim sets the alarm to the earliest end of all; signs of life leave it, and it looks again when it rings. */
export function planLapse({ queue, deadlines }: StoreBooks): void {
  const earliestMs = queue.earliestLeaseMs();
  if (earliestMs !== null) deadlines.set(CLAIM_LAPSE, '', earliestMs);
}

/**
 * A heartbeat: reads, and writes one column now and then. It is not remembered under its id: it may be said again as often as
 * one likes. Inside a transaction.
 */
export function keepClaim(
  books: StoreBooks,
  pickerId: UserId,
  orderId: OrderId,
  nowMs: number,
): Result<TaskAnswer, Refusal> {
  const task = books.queue.find(orderId);
  if (task === undefined) return err(taskNotFound());
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return err(taskRefusal(picking.error, books.queue.lastStep(orderId)));
  return ok(taskAnswer({ task: noteLife(books, task, pickerId, nowMs) }));
}

/** Whatever a picker asks about its own task shows that it is there. */
export function noteLife(books: StoreBooks, task: PickTask, pickerId: UserId, nowMs: number): PickTask {
  if (task.status !== 'PICKING' || task.pickerId !== pickerId) return task;
  const after = renewClaim(task, nowMs);
  saveLease(books, task, after);
  return after;
}

/** The store's own clock: who gave no sign of life loses the task, not what was picked. Safe to ask early, late and twice. */
export function requeueLapsed(books: StoreBooks, nowMs: number): void {
  const hand = { actor: storeActor(books.storeId), atMs: nowMs };
  for (const task of books.queue.lapsed(nowMs, LAPSES_PER_ALARM)) {
    const step = lapseClaim(task, nowMs);
    if (step === undefined) continue;
    writeStep(books, task, step, { opId: asOpId(`lapse:${task.orderId}:${nowMs}`) }, hand);
    announceMilestone(books, step.task, 'requeued', hand, { reason: 'CLAIM_LAPSED' });
  }
  books.queue.prune(nowMs - TASK_KEPT_MS, PRUNED_PER_ALARM);
  planLapse(books);
}
