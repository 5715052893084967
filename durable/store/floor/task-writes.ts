import { actorId } from '../../../contracts/actor.ts';
import { isOver } from '../../../domain/picking/pick-task.ts';
import type { PickTask, TaskStep } from '../../../domain/picking/pick-task.ts';
import { followTask } from '../capacity/shift-watch.ts';
import type { StoreBooks } from '../store-books.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';

/** Writes a decided step: the rows it changed and the movements of its units. Inside the transaction of its command. */
export function writeStep(
  books: StoreBooks,
  before: PickTask,
  { task, line, movements }: TaskStep,
  cause: Cause,
  hand: Hand,
): void {
  const { queue, stock, wishes } = books;
  const { orderId, holdId, status } = task;
  if (line !== undefined) queue.saveLine(orderId, line);
  if (line === undefined || status !== before.status) queue.save(task, stepOf(hand));
  else saveLease({ queue }, before, task);
  if (isOver(task)) wishes.forget(orderId);
  stock.postTo(because(movements, { ...cause, orderId, holdId }), hand);
  followTask(books, before, task, hand);
}

/** A sign of life is one column, and only when it is due. */
export function saveLease({ queue }: Pick<StoreBooks, 'queue'>, before: PickTask, after: PickTask): void {
  if (before.status !== 'PICKING' || after.status !== 'PICKING') return;
  if (before.leaseEndsAtMs !== after.leaseEndsAtMs) queue.saveLease(after.orderId, after.leaseEndsAtMs);
}

export function stepOf({ actor, atMs }: Hand): { readonly by: string; readonly atMs: number } {
  return { by: actorId(actor), atMs };
}
