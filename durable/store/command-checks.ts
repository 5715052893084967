import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { CommitHold, HoldStock, PublishCatalog, ReceiveStock } from '../../contracts/rpc/store.ts';
import { LINES_MAX, QUANTITY_MAX } from '../../contracts/wire.ts';
import { toBasket } from '../../domain/inventory/basket-lines.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import { CHANNEL_HOLD_MS } from '../../domain/inventory/hold.ts';
import { toReceipt } from '../../domain/inventory/lot-receipt.ts';
import type { ReceivedLine } from '../../domain/inventory/lot-receipt.ts';
import { LOT_ID_PATTERN } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { receiptRefusal } from './goods/goods-refusals.ts';
import { basketRefusal } from './store-refusals.ts';

// What a call must look like before it costs anything: refused here, it is not even remembered.

const RECEIPT_LINES_MAX = 2000;
/** Units of one SKU in a note: far above a pallet, and sums of them stay far below 2^53. */
const RECEIPT_QUANTITY_MAX = 1_000_000;
const RECEIPT_ID_CHARS_MAX = 80;
const CENTURY_ENDS_MS = Date.UTC(2101, 0, 1);
/** Cards in one call: about 4 MB, an eighth of what one call may carry. */
const CARDS_MAX = 10_000;

type Bad = Refusal<'INVALID_INPUT'>;

/** The basket of a hold: merged and in order. */
export function basketOf({ kind, orderId, actor, forMs, lines }: HoldStock): Result<readonly BasketLine[], Bad> {
  if ((kind === 'order') !== (orderId !== undefined)) {
    return err(refuse('INVALID_INPUT', 'An order hold names its order, and a cart hold has none.'));
  }
  if (forMs !== undefined && (actor.kind !== 'channel' || !isChannelTime(forMs))) {
    const { min, max } = CHANNEL_HOLD_MS;
    return err(refuse('INVALID_INPUT', `Only a channel says how long it holds, ${min / 1000} to ${max / 1000} s.`));
  }
  return orderBasket(lines);
}

function isChannelTime(forMs: number): boolean {
  return Number.isSafeInteger(forMs) && forMs >= CHANNEL_HOLD_MS.min && forMs <= CHANNEL_HOLD_MS.max;
}

/** What is still wanted of a hold when it is committed: merged and in order; `undefined` is everything. */
export function wantedOf({ lines }: CommitHold): Result<readonly BasketLine[] | undefined, Bad> {
  return lines === undefined ? ok(undefined) : orderBasket(lines);
}

function orderBasket(lines: readonly BasketLine[]): Result<readonly BasketLine[], Bad> {
  const basket = toBasket(lines, { linesMax: LINES_MAX, quantityMax: QUANTITY_MAX });
  return basket.ok ? basket : err(basketRefusal(basket.error));
}

/** The lines of a goods-received note: merged and in order. */
export function noteOf({
  receiptId,
  lines,
}: ReceiveStock): Result<readonly ReceivedLine[], Bad | Refusal<'LOT_DATE_DIFFERS'>> {
  if (receiptId.length === 0 || receiptId.length > RECEIPT_ID_CHARS_MAX) {
    return err(refuse('INVALID_INPUT', `A receipt's id has 1 to ${RECEIPT_ID_CHARS_MAX} characters.`));
  }
  const good = lines.every(
    ({ lotId = 'none', bestBeforeMs = 0 }) => LOT_ID_PATTERN.test(lotId) && isMoment(bestBeforeMs),
  );
  if (!good) {
    return err(refuse('INVALID_INPUT', 'A lot has a number of 1 to 20 characters and a date of this century.'));
  }
  const note = toReceipt(lines, { linesMax: RECEIPT_LINES_MAX, quantityMax: RECEIPT_QUANTITY_MAX });
  return note.ok ? note : err(receiptRefusal(note.error));
}

function isMoment(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms < CENTURY_ENDS_MS;
}

export function refuseCatalog({ catalogVersion, cards }: PublishCatalog): Bad | undefined {
  if (!Number.isSafeInteger(catalogVersion) || catalogVersion < 1) {
    return refuse('INVALID_INPUT', 'Catalog versions count from 1.');
  }
  if (cards.length <= CARDS_MAX) return undefined;
  return refuse('INVALID_INPUT', `Send at most ${CARDS_MAX} cards in one call.`, { cards: cards.length });
}
