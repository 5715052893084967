import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { BasketError } from '../../domain/inventory/basket-lines.ts';
import type { HoldError } from '../../domain/inventory/hold.ts';

// What the rules refuse, in words for the people who meet it.

/** SKUs named in one refusal: a picture of the trouble, not a dump of it. */
const NAMED_MAX = 20;

type HoldCode = HoldError['code'];

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
    case 'HOLD_NOT_RENEWABLE':
      return refuse(
        'HOLD_NOT_RENEWABLE',
        'A cart hold is renewed once; place the order, or hold the basket again later.',
      );
    case 'HOLD_ID_REUSED':
      return refuse('HOLD_ID_REUSED', 'This id belongs to another basket or order; use a new one.');
  }
}

export function unknownSkus(skus: readonly string[]): Refusal<'UNKNOWN_SKU'> {
  return refuse('UNKNOWN_SKU', `${skus.length} of the SKUs are not sold here.`, { skus: skus.slice(0, NAMED_MAX) });
}
