import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { Account } from '../../../domain/inventory/ledger.ts';
import type { ReceiptError } from '../../../domain/inventory/lot-receipt.ts';
import { basketRefusal } from '../store-refusals.ts';

// What the rules of goods and lots refuse, in words for the people who meet it.

export function unknownLot(sku: string, lotId: string): Refusal<'UNKNOWN_LOT'> {
  return refuse('UNKNOWN_LOT', 'Nothing of this lot was ever received here; read the number on the case again.', {
    sku,
    lotId,
  });
}

export function stockChanged(
  sku: string,
  expectedSequence: number,
  { sequence, level }: Account,
): Refusal<'STOCK_CHANGED'> {
  return refuse('STOCK_CHANGED', 'This SKU has moved since you looked: look at it as it is now, and decide again.', {
    sku,
    expectedSequence,
    sequence,
    level: { ...level },
  });
}

export function lotDateDiffers({
  sku,
  lotId,
}: Extract<ReceiptError, { readonly code: 'LOT_DATE_DIFFERS' }>): Refusal<'LOT_DATE_DIFFERS'> {
  return refuse('LOT_DATE_DIFFERS', 'A lot has one best-before date; read the case again.', { sku, lotId });
}

export function receiptRefusal(error: ReceiptError): Refusal<'INVALID_INPUT' | 'LOT_DATE_DIFFERS'> {
  switch (error.code) {
    case 'DATE_WITHOUT_LOT':
      return refuse('INVALID_INPUT', 'Goods with a best-before date have a lot: send its number with the date.', {
        sku: error.sku,
      });
    case 'LOT_DATE_DIFFERS':
      return lotDateDiffers(error);
    case 'NO_LINES':
    case 'TOO_MANY_LINES':
    case 'BAD_QUANTITY':
      return basketRefusal(error);
  }
}
