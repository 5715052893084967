import { invariant } from './assert.ts';

/** An amount in minor units (paise, cents) of one ISO 4217 currency. Always an integer, never a float. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}
/** ISO 4217 alphabetic code, upper case. */
export type Currency = string;

export const CURRENCY_PATTERN = /^[A-Z]{3}$/;

export function money(amountMinor: number, currency: Currency): Money {
  invariant(Number.isSafeInteger(amountMinor), `${amountMinor} is not a whole number of minor units`);
  invariant(CURRENCY_PATTERN.test(currency), `"${currency}" is not an ISO 4217 code`);
  return { amountMinor, currency };
}

export function addMoney(a: Money, b: Money): Money {
  invariant(a.currency === b.currency, `cannot add ${b.currency} to ${a.currency}`);
  return money(a.amountMinor + b.amountMinor, a.currency);
}

export function timesMoney(price: Money, quantity: number): Money {
  return money(price.amountMinor * quantity, price.currency);
}
