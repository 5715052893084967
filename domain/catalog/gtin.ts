import { invariant } from '../shared/assert.ts';

/** `in_store` is an EAN-13 of the restricted range 20, which only has a meaning inside our own stores. */
export type GtinKind = 'ean13' | 'ean8' | 'upca' | 'in_store';

/** Prefix of the codes we mint for goods that carry none; no scale label may use it. */
export const IN_STORE_PREFIX = '20';
/** Item numbers have ten digits: prefix 2, number 10, check 1. */
export const IN_STORE_NUMBER_MAX = 9_999_999_999;

/**
 * The last digit of a GTIN: from the right, digits weigh 3, 1, 3, …, and the check digit fills the sum up to a ten.
 * GS1 General Specifications, 7.9.1. `body` is the code without it.
 */
export function checkDigit(body: string): string {
  invariant(/^\d+$/.test(body), `"${body}" is not all digits`);
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) sum += Number(body.at(-1 - i)) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

/** What kind of code this is, or undefined when its length or its check digit says it is none. */
export function gtinKind(code: string): GtinKind | undefined {
  if (!/^(?:\d{8}|\d{12,13})$/.test(code) || checkDigit(code.slice(0, -1)) !== code.at(-1)) return undefined;
  if (code.length === 8) return 'ean8';
  if (code.length === 12) return 'upca';
  return code.startsWith(IN_STORE_PREFIX) ? 'in_store' : 'ean13';
}

/** The in-store EAN-13 of an item number, 1 to 9,999,999,999. */
export function inStoreEan13(itemNumber: number): string {
  invariant(
    Number.isInteger(itemNumber) && itemNumber >= 1 && itemNumber <= IN_STORE_NUMBER_MAX,
    `${itemNumber} is not an item number`,
  );
  const body = `${IN_STORE_PREFIX}${String(itemNumber).padStart(10, '0')}`;
  return body + checkDigit(body);
}
