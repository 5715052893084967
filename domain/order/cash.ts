import { err, ok } from '../shared/result.ts';
import type { Decision } from './decide.ts';
import { quoteOf } from './order.ts';
import type { OrderState } from './order.ts';

export type HandInError =
  | { readonly code: 'NO_CASH' }
  | { readonly code: 'CASH_MISCOUNTED'; readonly dueMinor: number }
  | { readonly code: 'CURRENCY_MISMATCH'; readonly currency: string; readonly wanted: string };

/** Cash of this order that is in the courier's hand, minor units. */
export function cashInHandMinor({ collectedMinor, handedInMinor }: OrderState): number {
  return collectedMinor - handedInMinor;
}

/** The courier hands in the cash of the order, and it is counted: all of it, once. */
export function handInCash(
  state: OrderState,
  { amountMinor, currency }: { readonly amountMinor: number; readonly currency: string },
): Decision<HandInError> {
  const own = quoteOf(state).currency;
  if (currency !== own) return refused({ code: 'CURRENCY_MISMATCH', currency: own, wanted: currency });
  const dueMinor = cashInHandMinor(state);
  if (dueMinor === 0) return refused({ code: 'NO_CASH' });
  if (amountMinor !== dueMinor) return refused({ code: 'CASH_MISCOUNTED', dueMinor });
  return { events: [{ type: 'cash.handed_in', amountMinor }], answer: ok(null) };
}

function refused(error: HandInError): Decision<HandInError> {
  return { events: [], answer: err(error) };
}
