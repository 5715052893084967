import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { AnnounceCourier, CancelPick } from '../../../contracts/rpc/store.ts';
import { withdrawHold } from '../../../domain/inventory/hold.ts';
import { cancelTask } from '../../../domain/picking/acceptance.ts';
import { expectCourier } from '../../../domain/picking/handover.ts';
import { queueTask } from '../../../domain/picking/pick-task.ts';
import type { NewTask, PickTask } from '../../../domain/picking/pick-task.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { followService } from '../capacity/service-watch.ts';
import { outlookOf } from '../capacity/store-load.ts';
import { taskNotFound } from './floor-refusals.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { withdrawOpen } from '../substitution/lapse.ts';
import { announceMilestone, showTask } from './task-announcements.ts';
import { stepOf, writeStep } from './task-writes.ts';

// What an order tells the floor. Each inside the transaction of its command: read, decide purely, write.

/** The order joins the pick queue, with the time at which it should be ready. */
export function queueOrder(
  books: StoreBooks,
  order: Omit<NewTask, 'assignedAtMs' | 'estimatedReadyAtMs'>,
  hand: Hand,
): void {
  const { readyP50Ms, lineP50Ms } = outlookOf(books);
  const estimatedReadyAtMs = hand.atMs + readyP50Ms + order.lines.length * lineP50Ms;
  const task = queueTask({ ...order, assignedAtMs: hand.atMs, estimatedReadyAtMs });
  books.queue.add(task, stepOf(hand));
  announceMilestone(books, task, 'created', hand);
  followService(books, hand);
}

/** The order names the courier who will come, and the code that courier shows. */
export function expectCourierAt(
  books: StoreBooks,
  command: AnnounceCourier,
  nowMs: number,
): Result<null, Refusal<'TASK_NOT_FOUND'>> {
  const { orderId, courierId, handoverCode } = command;
  const task = books.queue.find(orderId);
  const step = task === undefined ? undefined : expectCourier(task, { courierId, handoverCode });
  if (step === undefined) return err(taskNotFound());
  books.queue.save(step.task, stepOf(handOf(command, nowMs)));
  showTask(books, step.task);
  return ok(null);
}

export function cancelPick(
  books: StoreBooks,
  command: CancelPick,
  nowMs: number,
): Result<null, Refusal<'TASK_NOT_FOUND' | 'TASK_STATE'>> {
  const { orderId, opId, reason } = command;
  return cancelPickOf(books, orderId, { opId, reason }, handOf(command, nowMs));
}

/** Cancels an order's task: what was set aside for it is on sale again, what is in the tote waits to be put back. */
export function cancelPickOf(
  books: StoreBooks,
  orderId: OrderId,
  cause: Cause,
  hand: Hand,
): Result<null, Refusal<'TASK_NOT_FOUND' | 'TASK_STATE'>> {
  const found = books.queue.find(orderId);
  if (found === undefined) return err(taskNotFound());
  const task = withdrawOpen(books, found, cause, hand);
  const decided = cancelTask(task);
  if (!decided.ok) return err(refuse('TASK_STATE', 'The bags have left the store.', { status: task.status }));
  const step = decided.value;
  if (!step.changed) return ok(null);
  writeStep(books, task, step, cause, hand);
  endHoldOf(books, task, hand);
  announceMilestone(books, step.task, 'cancelled', hand);
  return ok(null);
}

/** The allocation of a task that will not be picked holds nothing any more. */
export function endHoldOf({ holds }: StoreBooks, { holdId }: PickTask, { atMs }: Hand): void {
  const hold = holds.find(holdId);
  if (hold !== undefined) holds.save(withdrawHold(hold), atMs);
}
