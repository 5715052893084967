import type { Refusal } from '../../../contracts/problem.ts';
import type { SubstituteCommand, TabletCommand, TaskAnswer } from '../../../contracts/ws/tablet.ts';
import { acceptTask, rejectTask } from '../../../domain/picking/acceptance.ts';
import { claimTask, handOff, releaseClaim } from '../../../domain/picking/claim.ts';
import type { FloorRole } from '../../../domain/picking/claim.ts';
import { handOverTask } from '../../../domain/picking/handover.ts';
import { packTask } from '../../../domain/picking/pack.ts';
import { clockAheadMs } from '../../../domain/picking/device-journal.ts';
import { resumeClaim, shortFrom } from '../../../domain/picking/offline.ts';
import { ownPicking } from '../../../domain/picking/pick-task.ts';
import type { PickTask, TaskError, TaskStep } from '../../../domain/picking/pick-task.ts';
import { restockItem, writeOffRestock } from '../../../domain/picking/restock.ts';
import { scanItem, shortLine } from '../../../domain/picking/scan.ts';
import { MG_PER_G } from '../../../domain/picking/scan.ts';
import { asOrderId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { noteLife } from './claims.ts';
import { LEADS_ONLY, taskNotFound, taskRefusal, withGoods } from './floor-refusals.ts';
import { hasClosedLot, ofSellableLots } from './picked-lots.ts';
import { itemsOf, soldByWeight } from './scanned-items.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { lapseUnanswered } from '../substitution/lapse.ts';
import { followClaim, followStep } from './task-consequences.ts';
import { taskAnswer } from './task-view.ts';
import { writeStep } from './task-writes.ts';

// What the tablets tell the floor. Each inside the transaction of its command: read, decide purely, write.

/** A command that moves a task; a heartbeat is `keepClaim`'s, `claimWave` is about several, substitutes have a room of their own. */
export type FloorCommand = Exclude<TabletCommand, SubstituteCommand | { readonly do: 'heartbeat' | 'claimWave' }>;

/** A rule's own refusal, or one that was put into words where the barcode was read. */
type Decided = Result<TaskStep, TaskError | { readonly refusal: Refusal }>;

export function actOnFloor(
  books: StoreBooks,
  role: FloorRole,
  command: FloorCommand,
  cause: Cause,
  hand: Hand,
): Result<TaskAnswer, Refusal> {
  // The clock may be late, and nobody packs twice.
  if (command.do === 'pack') lapseUnanswered(books, hand.atMs);
  const found = books.queue.find(asOrderId(command.taskId));
  if (found === undefined) return err(taskNotFound());
  const resumed = resume(books, found, role, command, cause, hand);
  if (!resumed.ok) return err(refused(books, found, command, resumed.error, hand.atMs));
  const task = resumed.value;
  const told = { ...(task !== found && { reclaimed: true as const }), ...clockNews(command, hand.atMs) };
  const decided = decide(books, task, role, command, hand.atMs);
  if (!decided.ok) {
    if ('pickerId' in role) noteLife(books, task, role.pickerId, hand.atMs);
    return err(refused(books, task, command, decided.error, hand.atMs));
  }
  const step = decided.value;
  if (step.changed) {
    writeStep(books, task, step, 'reason' in command ? { ...cause, reason: command.reason } : cause, hand);
    followStep(books, { before: task, task: step.task, command, cause, hand });
    return ok({ ...taskAnswer(step), ...told });
  }
  const alive = 'pickerId' in role ? noteLife(books, step.task, role.pickerId, hand.atMs) : step.task;
  return ok({ ...taskAnswer({ ...step, task: alive }), ...told });
}

/** The task, claimed again where the journal of whoever lost it to the clock goes on with it. */
function resume(
  books: StoreBooks,
  task: PickTask,
  role: FloorRole,
  command: FloorCommand,
  cause: Cause,
  hand: Hand,
): Result<PickTask, TaskError> {
  if (command.device === undefined || !('pickerId' in role) || !NEEDS_CLAIM.includes(command.do)) return ok(task);
  const claimed = resumeClaim(task, { pickerId: role.pickerId, nowMs: hand.atMs });
  if (!claimed.ok) return claimed;
  if (claimed.value === undefined) return ok(task);
  // The walk is the one that it was claimed for: its picker is still on it.
  writeStep(books, task, claimed.value, cause, hand);
  followClaim(books, task, claimed.value.task, hand);
  return ok(claimed.value.task);
}
const NEEDS_CLAIM: readonly FloorCommand['do'][] = ['scan', 'short', 'pack', 'release', 'handoff'];

function clockNews({ device }: FloorCommand, nowMs: number): Pick<TaskAnswer, 'clockOffsetMs'> {
  const aheadMs = device === undefined ? undefined : clockAheadMs(Date.parse(device.at), nowMs);
  return aheadMs === undefined ? {} : { clockOffsetMs: aheadMs };
}

function decide(books: StoreBooks, task: PickTask, role: FloorRole, command: FloorCommand, nowMs: number): Decided {
  if (command.do === 'release') return releaseClaim(task, role);
  if (command.do === 'handoff') return handOff(task, role, { to: asUserId(command.to), nowMs });
  if (!('pickerId' in role)) return err({ refusal: LEADS_ONLY });
  return decideForPicker(books, task, role.pickerId, command, nowMs);
}

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
      const { grams } = command;
      const weighing = {
        enteredMg: grams === undefined ? undefined : grams * MG_PER_G,
        soldByWeight: soldByWeight(books, scanned.value),
      };
      const step = scanItem(task, { pickerId, nowMs, ...scanned.value, ...weighing });
      return step.ok ? ofSellableLots(books, step.value, nowMs) : step;
    }
    case 'short': {
      const short = { sku: asSku(command.sku), quantity: command.quantity, reason: command.reason };
      const from = shortFrom(command.from, task, command.device !== undefined);
      return from === 'TOTE' ? writeOffRestock(task, short) : shortLine(task, { pickerId, nowMs, ...short });
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
function refused(
  books: StoreBooks,
  task: PickTask,
  command: FloorCommand,
  error: TaskError | { readonly refusal: Refusal },
  nowMs: number,
): Refusal {
  if ('refusal' in error) return error.refusal;
  const { queue } = books;
  if (error.code === 'HANDOVER_CODE_WRONG') queue.saveTries(task.orderId, error.tries);
  const refusal = taskRefusal(error, queue.lastStep(task.orderId));
  if (!WITH_GOODS.includes(command.do)) return refusal;
  const isLotClosed = error.code === 'OVER_QUANTITY' && hasClosedLot(books, error.sku, nowMs);
  return withGoods(refusal, error, { task, isLotClosed });
}
/** Whoever says these has goods in hand. */
const WITH_GOODS: readonly FloorCommand['do'][] = ['scan', 'short', 'pack'];
