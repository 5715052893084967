import type { Movement } from '../inventory/ledger.ts';
import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { missingUnits, pickedUnits, step, termsOf, unchanged, wrongStep } from './pick-task.ts';
import type { PickTask, RejectReason, TaskError, TaskStep } from './pick-task.ts';

// Whether the store does the order at all: it says so, or the order calls it off.

/** The store takes the order on. */
export function acceptTask(task: PickTask, nowMs: number): Result<TaskStep, TaskError> {
  if (task.status === 'ACCEPTED') return ok(unchanged(task));
  if (task.status !== 'QUEUED') return wrongStep(task, 'QUEUED');
  const times = { ...task.times, acceptedAtMs: nowMs };
  return ok(step({ ...termsOf(task), times, status: 'ACCEPTED', offer: null, lapsedFrom: null }));
}

export interface Rejection {
  readonly reason: RejectReason;
  /** SKUs of the list that the shelf does not have: they are not put on sale again. */
  readonly notThere: readonly Sku[];
}

/** The store sends the order back; only before anybody has begun to pick it. */
export function rejectTask(task: PickTask, { reason, notThere }: Rejection): Result<TaskStep, TaskError> {
  if (task.status === 'REJECTED') return ok(unchanged(task));
  const begun = task.times.claimedAtMs !== null;
  if (begun || (task.status !== 'QUEUED' && task.status !== 'ACCEPTED')) return wrongStep(task, 'QUEUED');
  const foreign = notThere.filter((sku) => task.lines.every((line) => line.sku !== sku));
  if (foreign.length > 0) return err({ code: 'WRONG_ITEM', skus: foreign });
  // A line that was shortened since has fewer units set aside than the order wants.
  const back = task.lines
    .filter((line) => missingUnits(line) > 0)
    .map((line): Movement => {
      const kind = notThere.includes(line.sku) ? 'shorted' : 'deallocated';
      return { kind, sku: line.sku, quantity: missingUnits(line) };
    });
  return ok(step({ ...termsOf(task), status: 'REJECTED', reason }, back));
}

/**
 * The order is called off. What was set aside for it can be sold again; what is in the tote stays counted as picked until
 * each unit is scanned back to its shelf. Too late once the bags have left.
 */
export function cancelTask(task: PickTask): Result<TaskStep, TaskError> {
  if (task.status === 'CANCELLED' || task.status === 'RESTOCK' || task.status === 'REJECTED')
    return ok(unchanged(task));
  if (task.status === 'HANDED_OVER') return wrongStep(task, 'PACKED');
  const back = task.lines
    .filter((line) => missingUnits(line) > 0)
    .map((line): Movement => ({ kind: 'deallocated', sku: line.sku, quantity: missingUnits(line) }));
  return ok(step({ ...termsOf(task), status: pickedUnits(task) > 0 ? 'RESTOCK' : 'CANCELLED' }, back));
}
