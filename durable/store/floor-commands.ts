import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { AnnounceCourier, CancelPick } from '../../contracts/rpc/store.ts';
import type { TabletCommand, TaskStatus } from '../../contracts/ws/tablet.ts';
import { withdrawHold } from '../../domain/inventory/hold.ts';
import {
  acceptTask,
  cancelTask,
  claimTask,
  expectCourier,
  handOverTask,
  packTask,
  scanItem,
} from '../../domain/picking/pick-task.ts';
import type { PickLine, PickTask, ScanStep, TaskError, TaskStep } from '../../domain/picking/pick-task.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { handOf } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { taskRefusal } from './store-refusals.ts';
import { because } from './stock-writer.ts';
import type { Cause, Hand } from './stock-writer.ts';
import { announceMilestone, showTask } from './task-announcements.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** What a tablet is answered; the task as a whole comes as a delta. */
export interface FloorAnswer {
  readonly taskId: string;
  readonly status: TaskStatus;
  /** With `scan`: the line that was scanned, as it is now. */
  readonly line?: PickLine;
}

const MILESTONE_OF = { accept: 'accepted', claim: 'claimed', pack: 'packed', handover: 'handed_over' } as const;

/** A picker's command. */
export function actOnFloor(
  books: StoreBooks,
  pickerId: UserId,
  command: TabletCommand,
  cause: Cause,
  hand: Hand,
): Result<FloorAnswer, Refusal> {
  const task = books.queue.find(asOrderId(command.taskId));
  if (task === undefined) return err(taskNotFound());
  const decided = decide(books, task, pickerId, command);
  if (!decided.ok) return err(taskRefusal(decided.error));
  const step = decided.value;
  if (step.changed) {
    write(books, step, cause, hand);
    if (command.do === 'scan') showTask(books, step.task);
    else announceMilestone(books, step.task, MILESTONE_OF[command.do], hand);
  }
  const answer = { taskId: step.task.orderId, status: step.task.status };
  return ok('line' in step ? { ...answer, line: step.line } : answer);
}

function decide(
  { cards }: StoreBooks,
  task: PickTask,
  pickerId: UserId,
  command: TabletCommand,
): Result<TaskStep | ScanStep, TaskError> {
  switch (command.do) {
    case 'accept':
      return acceptTask(task);
    case 'claim':
      return claimTask(task, pickerId);
    case 'scan':
      return scanItem(task, { pickerId, skus: cards.skusOf(command.barcode), quantity: command.quantity });
    case 'pack':
      return packTask(task, { pickerId, bags: command.bags });
    case 'handover':
      return handOverTask(task, command.code);
  }
}

/** The order names the courier who will come, and the code that courier shows. */
export function expectCourierAt(
  books: StoreBooks,
  { orderId, courierId, handoverCode }: AnnounceCourier,
  nowMs: number,
): Result<null, Refusal<'TASK_NOT_FOUND'>> {
  const task = books.queue.find(orderId);
  const step = task === undefined ? undefined : expectCourier(task, { courierId, handoverCode });
  if (step === undefined) return err(taskNotFound());
  books.queue.save(step.task, nowMs);
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

/** Cancels an order's task; what was set aside for it goes back on the shelf and its hold is at an end. */
export function cancelPickOf(
  books: StoreBooks,
  orderId: OrderId,
  cause: Cause,
  hand: Hand,
): Result<null, Refusal<'TASK_NOT_FOUND' | 'TASK_STATE'>> {
  const task = books.queue.find(orderId);
  if (task === undefined) return err(taskNotFound());
  const decided = cancelTask(task);
  if (!decided.ok) return err(refuse('TASK_STATE', 'The bags have left the store.', { status: task.status }));
  const step = decided.value;
  if (!step.changed) return ok(null);
  write(books, step, cause, hand);
  const hold = books.holds.find(task.holdId);
  if (hold !== undefined) books.holds.save(withdrawHold(hold), hand.atMs);
  announceMilestone(books, step.task, 'cancelled', hand);
  return ok(null);
}

function write(books: StoreBooks, step: TaskStep | ScanStep, cause: Cause, hand: Hand): void {
  const { orderId, holdId } = step.task;
  if ('line' in step) books.queue.saveLine(orderId, step.line);
  else books.queue.save(step.task, hand.atMs);
  books.stock.postTo(because(step.movements, { ...cause, orderId, holdId }), hand);
}

function taskNotFound(): Refusal<'TASK_NOT_FOUND'> {
  return refuse('TASK_NOT_FOUND', 'This store has no such order on its floor.');
}
