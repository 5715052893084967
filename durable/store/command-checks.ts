import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { HoldStock, PublishCatalog, ReceiveStock } from '../../contracts/rpc/store.ts';
import { LINES_MAX, QUANTITY_MAX } from '../../contracts/wire.ts';
import { toBasket } from '../../domain/inventory/basket-lines.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import { err } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { basketRefusal } from './store-refusals.ts';

// What a call must look like before it costs anything: refused here, it is not even remembered.

const RECEIPT_LINES_MAX = 2000;
/** Units of one SKU in a note: far above a pallet, and sums of them stay far below 2^53. */
const RECEIPT_QUANTITY_MAX = 1_000_000;
const RECEIPT_ID_CHARS_MAX = 80;
/** Cards in one call: about 4 MB, an eighth of what one call may carry. */
const CARDS_MAX = 10_000;

type Bad = Refusal<'INVALID_INPUT'>;

/** The basket of a hold: merged and in order. */
export function basketOf({ kind, orderId, lines }: HoldStock): Result<readonly BasketLine[], Bad> {
  if ((kind === 'order') !== (orderId !== undefined)) {
    return err(refuse('INVALID_INPUT', 'An order hold names its order, and a cart hold has none.'));
  }
  const basket = toBasket(lines, { linesMax: LINES_MAX, quantityMax: QUANTITY_MAX });
  return basket.ok ? basket : err(basketRefusal(basket.error));
}

/** The lines of a goods-received note: merged and in order. */
export function noteOf({ receiptId, lines }: ReceiveStock): Result<readonly BasketLine[], Bad> {
  if (receiptId.length === 0 || receiptId.length > RECEIPT_ID_CHARS_MAX) {
    return err(refuse('INVALID_INPUT', `A receipt's id has 1 to ${RECEIPT_ID_CHARS_MAX} characters.`));
  }
  const note = toBasket(lines, { linesMax: RECEIPT_LINES_MAX, quantityMax: RECEIPT_QUANTITY_MAX });
  return note.ok ? note : err(basketRefusal(note.error));
}

export function refuseCatalog({ catalogVersion, cards }: PublishCatalog): Bad | undefined {
  if (!Number.isSafeInteger(catalogVersion) || catalogVersion < 1) {
    return refuse('INVALID_INPUT', 'Catalog versions count from 1.');
  }
  if (cards.length <= CARDS_MAX) return undefined;
  return refuse('INVALID_INPUT', `Send at most ${CARDS_MAX} cards in one call.`, { cards: cards.length });
}
