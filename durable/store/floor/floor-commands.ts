import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { TabletCommand, TaskAnswer } from '../../../contracts/ws/tablet.ts';
import { acceptTask, rejectTask } from '../../../domain/picking/acceptance.ts';
import { claimTask, handOff, releaseClaim } from '../../../domain/picking/claim.ts';
import type { FloorRole } from '../../../domain/picking/claim.ts';
import { handOverTask } from '../../../domain/picking/handover.ts';
import { packTask } from '../../../domain/picking/pack.ts';
import { ownPicking } from '../../../domain/picking/pick-task.ts';
import type { PickTask, TaskError, TaskStep } from '../../../domain/picking/pick-task.ts';
import { restockItem, writeOffRestock } from '../../../domain/picking/restock.ts';
import { scanItem, shortLine } from '../../../domain/picking/scan.ts';
import { asOrderId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { noteLife } from './claims.ts';
import { taskNotFound, taskRefusal } from './floor-refusals.ts';
import { ofSellableLots } from './picked-lots.ts';
import { itemsOf } from './scanned-items.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { followStep } from './task-consequences.ts';
import { taskAnswer } from './task-view.ts';
import { writeStep } from './task-writes.ts';

// What the tablets tell the floor. Each inside the transaction of its command: read, decide purely, write.

/** A command that moves a task; a heartbeat is `keepClaim`'s. */
export type FloorCommand = Exclude<TabletCommand, { readonly do: 'heartbeat' }>;

/** A rule's own refusal, or one that was put into words where the barcode was read. */
type Decided = Result<TaskStep, TaskError | { readonly refusal: Refusal }>;

export function actOnFloor(
  books: StoreBooks,
  role: FloorRole,
  command: FloorCommand,
  cause: Cause,
  hand: Hand,
): Result<TaskAnswer, Refusal> {
  const task = books.queue.find(asOrderId(command.taskId));
  if (task === undefined) return err(taskNotFound());
  const decided = decide(books, task, role, command, hand.atMs);
  if (!decided.ok) {
    if ('pickerId' in role) noteLife(books, task, role.pickerId, hand.atMs);
    return err(refused(books, task, decided.error));
  }
  const step = decided.value;
  if (step.changed) {
    writeStep(books, task, step, 'reason' in command ? { ...cause, reason: command.reason } : cause, hand);
    followStep(books, { before: task, task: step.task, command, cause, hand });
    return ok(taskAnswer(step));
  }
  const alive = 'pickerId' in role ? noteLife(books, step.task, role.pickerId, hand.atMs) : step.task;
  return ok(taskAnswer({ ...step, task: alive }));
}

function decide(books: StoreBooks, task: PickTask, role: FloorRole, command: FloorCommand, nowMs: number): Decided {
  if (command.do === 'release') return releaseClaim(task, role);
  if (command.do === 'handoff') return handOff(task, role, { to: asUserId(command.to), nowMs });
  if (!('pickerId' in role)) return err({ refusal: LEADS_ONLY });
  return decideForPicker(books, task, role.pickerId, command, nowMs);
}
const LEADS_ONLY = refuse('FORBIDDEN', 'Only staff of this store works its floor; you may release and hand on.');

function decideForPicker(
  books: StoreBooks,
  task: PickTask,
  pickerId: UserId,
  command: Exclude<FloorCommand, { readonly do: 'release' | 'handoff' }>,
  nowMs: number,
): Decided {
  switch (command.do) {
    case 'accept':
      return acceptTask(task, nowMs);
    case 'reject':
      return rejectTask(task, { reason: command.reason, notThere: (command.notThere ?? []).map(asSku) });
    case 'claim':
      return claimTask(task, { pickerId, nowMs });
    case 'scan': {
      const picking = ownPicking(task, pickerId);
      if (!picking.ok) return picking;
      const scanned = itemsOf(books, command, nowMs);
      if (!scanned.ok) return err({ refusal: scanned.error });
      const step = scanItem(task, { pickerId, nowMs, ...scanned.value });
      return step.ok ? ofSellableLots(books, step.value, nowMs) : step;
    }
    case 'short': {
      const short = { sku: asSku(command.sku), quantity: command.quantity, reason: command.reason };
      return task.status === 'RESTOCK' ? writeOffRestock(task, short) : shortLine(task, { pickerId, nowMs, ...short });
    }
    case 'pack': {
      const { bags } = command;
      const usedSeals = books.queue.usedSeals(typeof bags === 'number' ? [] : bags.map(({ seal }) => seal));
      return packTask(task, { pickerId, nowMs, bags, usedSeals });
    }
    case 'handover':
      return handOverTask(task, { code: command.code, seals: command.seals ?? [], nowMs });
    case 'restock': {
      const scanned = itemsOf(books, command, nowMs);
      return scanned.ok ? restockItem(task, scanned.value) : err({ refusal: scanned.error });
    }
  }
}

/** A wrong handover code counts though the command is refused. */
function refused({ queue }: StoreBooks, task: PickTask, error: TaskError | { readonly refusal: Refusal }): Refusal {
  if ('refusal' in error) return error.refusal;
  if (error.code === 'HANDOVER_CODE_WRONG') queue.saveTries(task.orderId, error.tries);
  return taskRefusal(error, queue.lastStep(task.orderId));
}
