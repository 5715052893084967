import type { UserId } from '../shared/ids.ts';
import { ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { claimTask } from './claim.ts';
import type { PickStatus, PickTask, TaskError, TaskStep } from './pick-task.ts';

// What became of a task while a tablet was away, and what that means for the commands of its journal.

/** What to do with the goods that one has in hand, when the store does not take what was done with them. */
export type Goods =
  /** Another has the order: give them to that picker, who scans them. */
  | 'TO_PICKER'
  /** The order does not want them any more: they go back to their shelf, and need no scan, for they count as lying there. */
  | 'TO_SHELF'
  /** Nobody has the order: claim it, and scan them again. */
  | 'KEEP'
  /** They may be of a lot that was recalled or is past its date, so nobody puts them back on a shelf. */
  | 'TO_LEAD';

/**
 * Who lost the claim to the clock alone goes on with it, as long as nobody has claimed the task since: the claim that this
 * takes, if it takes one. Who gave the task back has no claim on it.
 */
export function resumeClaim(
  task: PickTask,
  { pickerId, nowMs }: { readonly pickerId: UserId; readonly nowMs: number },
): Result<TaskStep | undefined, TaskError> {
  if (task.status !== 'ACCEPTED' || task.lapsedFrom !== pickerId) return ok(undefined);
  return claimTask(task, { pickerId, nowMs });
}

/**
 * What becomes of the goods of a scan or a tote that the store refused; `undefined` when the refusal is not about them.
 * `isLotClosed`: units of a lot that may not be sold lie on the shelf they came from.
 */
export function goodsInHand(error: TaskError, isLotClosed = false): Goods | undefined {
  if (error.code === 'TASK_TAKEN') return 'TO_PICKER';
  if (error.code === 'TASK_REQUEUED') return 'KEEP';
  if (error.code === 'TASK_STATE') return WANTS_NO_MORE.includes(error.status) ? 'TO_SHELF' : undefined;
  if (error.code === 'WRONG_ITEM') return 'TO_SHELF';
  if (error.code === 'OVER_QUANTITY') return isLotClosed ? 'TO_LEAD' : 'TO_SHELF';
  return undefined;
}
/** Called off, sent back, or brought to its end by somebody else. */
const WANTS_NO_MORE: readonly PickStatus[] = ['RESTOCK', 'CANCELLED', 'REJECTED', 'PACKED', 'HANDED_OVER'];

/** Where the units of a short are missing: at the shelf while picking, or in the tote of a cancelled order. */
export const SHORT_FROM = ['SHELF', 'TOTE'] as const;
export type ShortFrom = (typeof SHORT_FROM)[number];

/**
 * What a short means. One from a journal was about the shelf unless it says otherwise: the order may have been cancelled since,
 * and then it must write nothing off.
 */
export function shortFrom(
  said: ShortFrom | undefined,
  task: Pick<PickTask, 'status'>,
  isJournaled: boolean,
): ShortFrom {
  return said ?? (!isJournaled && task.status === 'RESTOCK' ? 'TOTE' : 'SHELF');
}
