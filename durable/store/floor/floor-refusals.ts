import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import { goodsInHand } from '../../../domain/picking/offline.ts';
import type { Goods } from '../../../domain/picking/offline.ts';
import type { PickStatus, PickTask, TaskError } from '../../../domain/picking/pick-task.ts';
import { substitutionRefusal } from '../substitution/substitution-refusals.ts';
import type { LastStep } from './pick-queue.ts';
import { unitsView } from './task-view.ts';

// What the rules of the floor refuse, in words for the people who stand on it.

type TaskCode =
  | Exclude<TaskError['code'], 'LINES_OPEN' | 'NO_COURIER' | 'BAGS_MISCOUNTED'>
  | 'INVALID_INPUT'
  | 'TASK_STATE';

const AT_STEP: { readonly [S in PickStatus]: string } = {
  QUEUED: 'waits to be accepted',
  ACCEPTED: 'waits to be claimed',
  PICKING: 'is being picked',
  PACKED: 'is packed',
  HANDED_OVER: 'has left with the courier',
  CANCELLED: 'was cancelled',
  REJECTED: 'was sent back by the store',
  RESTOCK: 'was cancelled: bring its units back to their shelves',
};

/** `last` is told to whoever comes late: what happened to the task, by whom and when. */
export function taskRefusal(error: TaskError, last: LastStep | undefined): Refusal<TaskCode> {
  const moved = last === undefined ? {} : { by: last.by, at: toTimestamp(last.atMs) };
  switch (error.code) {
    case 'TASK_STATE':
      return refuse('TASK_STATE', `The order ${AT_STEP[error.status]}.`, {
        status: error.status,
        wanted: error.wanted,
        ...moved,
      });
    case 'TASK_REQUEUED':
      return refuse('TASK_REQUEUED', 'The order is back in the queue; what was picked is kept. Claim it again.', moved);
    case 'TASK_TAKEN':
      return refuse('TASK_TAKEN', 'Another picker has this order.', { pickerId: error.pickerId, ...moved });
    case 'LINES_OPEN':
      return refuse('TASK_STATE', 'Pick every line, or report what is not there, before you pack.', {
        status: 'PICKING',
        open: error.open.map(({ sku, missing }) => ({ sku, missing })),
      });
    case 'SUBSTITUTION_OPEN':
    case 'SUBSTITUTION_BARRED':
    case 'SUBSTITUTE_RULED_OUT':
      return substitutionRefusal(error);
    case 'UNKNOWN_BARCODE':
      return refuse('UNKNOWN_BARCODE', 'Scan again, or show the item to the shift lead.');
    case 'WRONG_ITEM':
      return refuse('WRONG_ITEM', 'Put it back: this order does not want it.', { skus: error.skus });
    case 'WEIGHT_NEEDED':
      return refuse('WEIGHT_NEEDED', 'Weigh it, then scan it again with the grams.', { sku: error.sku });
    case 'OVER_QUANTITY':
      return refuse('OVER_QUANTITY', `Put back what is too much: this line takes ${error.left} more.`, {
        sku: error.sku,
        quantity: error.quantity,
        left: error.left,
      });
    case 'BAGS_MISCOUNTED':
      return refuse(
        'INVALID_INPUT',
        error.units === 0 ? 'Nothing was picked: pack no bag.' : 'Pack at least one bag.',
        {
          bags: error.bags,
          units: error.units,
        },
      );
    case 'SEAL_USED':
      return refuse('SEAL_USED', 'Take a new seal: this one closes or has closed another bag.', { seals: error.seals });
    case 'SEALS_MISMATCH':
      return refuse('SEALS_MISMATCH', 'Scan the seal of every bag of this order, and of no other.', {
        missing: error.missing,
        foreign: error.foreign,
      });
    case 'NO_COURIER':
      return refuse('TASK_STATE', 'No courier is announced for this order yet.', { status: 'PACKED' });
    case 'HANDOVER_CODE_WRONG':
      return refuse('HANDOVER_CODE_WRONG', 'Ask the courier for the code of this order.', {
        triesLeft: error.triesLeft,
      });
    case 'HANDOVER_CODE_LOCKED':
      return refuse('HANDOVER_CODE_LOCKED', 'Too many wrong codes: wait a minute, then ask the courier again.', {
        lockedUntil: toTimestamp(error.lockedUntilMs),
      });
  }
}

/** As above, and what becomes of the goods in hand; a line that takes them no more is told as it is now. */
export function withGoods(
  refusal: Refusal<TaskCode>,
  error: TaskError,
  { task, isLotClosed }: { readonly task: PickTask; readonly isLotClosed: boolean },
): Refusal<TaskCode> {
  const goods = goodsInHand(error, isLotClosed);
  if (goods === undefined) return refusal;
  const line = error.code === 'OVER_QUANTITY' ? task.lines.find(({ sku }) => sku === error.sku) : undefined;
  const numbers = { ...refusal.numbers, goods, ...(line !== undefined && { line: { ...unitsView(line) } }) };
  const words = wordsOnGoods(error, goods);
  return { ...refusal, detail: words ?? refusal.detail, numbers };
}

/** `undefined` where the refusal says it already. */
function wordsOnGoods(error: TaskError, goods: Goods): string | undefined {
  if (goods === 'TO_PICKER') return 'Another picker has this order: give them what you took for it, they scan it.';
  if (goods === 'KEEP') return 'Someone had this order in between, and nobody has it now: claim it, and scan again.';
  if (goods === 'TO_LEAD') return 'The line wants no more, and a lot of this was closed: show yours to the shift lead.';
  if (error.code !== 'TASK_STATE') return undefined;
  return `The order ${AT_STEP[error.status]}. What you took since goes back to its shelf, without a scan.`;
}

/** Who leads a floor does not pick on it. */
export const LEADS_ONLY = refuse('FORBIDDEN', 'Only staff of this store works its floor; you may release and hand on.');

export function taskNotFound(): Refusal<'TASK_NOT_FOUND'> {
  return refuse('TASK_NOT_FOUND', 'This store has no such order on its floor.');
}
