import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { BasketError } from '../../domain/inventory/basket-lines.ts';
import type { HoldError } from '../../domain/inventory/hold.ts';
import type { PickStatus, TaskError } from '../../domain/picking/pick-task.ts';

// What the rules refuse, in words for the people who meet it.

/** SKUs named in one refusal: a picture of the trouble, not a dump of it. */
const NAMED_MAX = 20;

type HoldCode = HoldError['code'];
type TaskCode = Exclude<TaskError['code'], 'LINES_OPEN' | 'NO_COURIER'>;

export function basketRefusal(error: BasketError): Refusal<'INVALID_INPUT'> {
  switch (error.code) {
    case 'NO_LINES':
      return refuse('INVALID_INPUT', 'Send at least one line.');
    case 'TOO_MANY_LINES':
      return refuse('INVALID_INPUT', `Send at most ${error.linesMax} lines.`, { lines: error.lines });
    case 'BAD_QUANTITY':
      return refuse('INVALID_INPUT', `A SKU takes 1 to ${error.quantityMax} whole units.`, {
        sku: error.sku,
        quantity: Number.isFinite(error.quantity) ? error.quantity : null,
      });
  }
}

export function holdRefusal(error: HoldError): Refusal<HoldCode> {
  switch (error.code) {
    case 'INSUFFICIENT_STOCK':
      return refuse('INSUFFICIENT_STOCK', 'Some items have fewer units left than the basket wants.', {
        shortages: error.shortages.map(({ sku, requested, available }) => ({ sku, requested, available })),
      });
    case 'UNKNOWN_SKU':
      return unknownSkus(error.skus);
    case 'HOLD_NOT_FOUND':
      return refuse('HOLD_NOT_FOUND', 'This store knows no such hold; hold the basket first.');
    case 'HOLD_EXPIRED':
      return refuse('HOLD_EXPIRED', 'The time of this hold is over; hold the basket again under a new id.');
    case 'HOLD_RELEASED':
      return refuse('HOLD_RELEASED', 'The hold was released; hold the basket again under a new id.');
    case 'HOLD_ID_REUSED':
      return refuse('HOLD_ID_REUSED', 'This id belongs to another basket or order; use a new one.');
  }
}

export function unknownSkus(skus: readonly string[]): Refusal<'UNKNOWN_SKU'> {
  return refuse('UNKNOWN_SKU', `${skus.length} of the SKUs are not sold here.`, { skus: skus.slice(0, NAMED_MAX) });
}

const AT_STEP: Record<PickStatus, string> = {
  QUEUED: 'waits to be accepted',
  ACCEPTED: 'waits to be claimed',
  PICKING: 'is being picked',
  PACKED: 'is packed',
  HANDED_OVER: 'has left with the courier',
  CANCELLED: 'was cancelled',
};

export function taskRefusal(error: TaskError): Refusal<TaskCode> {
  switch (error.code) {
    case 'TASK_STATE':
      return refuse('TASK_STATE', `The order ${AT_STEP[error.status]}.`, {
        status: error.status,
        wanted: error.wanted,
      });
    case 'LINES_OPEN':
      return refuse('TASK_STATE', 'Pick every line before you pack.', {
        status: 'PICKING',
        open: error.open.map(({ sku, missing }) => ({ sku, missing })),
      });
    case 'NO_COURIER':
      return refuse('TASK_STATE', 'No courier is announced for this order yet.', { status: 'PACKED' });
    case 'TASK_TAKEN':
      return refuse('TASK_TAKEN', 'Another picker has this order.', { pickerId: error.pickerId });
    case 'UNKNOWN_BARCODE':
      return refuse('UNKNOWN_BARCODE', 'Scan again, or show the item to the shift lead.');
    case 'WRONG_ITEM':
      return refuse('WRONG_ITEM', 'Put it back: this order does not want it.', { skus: error.skus });
    case 'OVER_QUANTITY':
      return refuse('OVER_QUANTITY', `This line wants ${error.left} more.`, {
        sku: error.sku,
        quantity: error.quantity,
        left: error.left,
      });
    case 'HANDOVER_CODE_WRONG':
      return refuse('HANDOVER_CODE_WRONG', 'Ask the courier for the code of this order.');
  }
}
