import { invariant } from '../shared/assert.ts';
import { CROCKFORD } from '../shared/base32.ts';
import type { OrderId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

/** Characters of an order number, the last one a check character. Shown as `XXXXX-XXXXX-XXXXX`. */
const ORDER_NUMBER_LENGTH = 15;

/**
 * The number people say on the phone: the first 70 bits of the order's id, which is a hash, and a check character. At a
 * million orders a day, two share one in a year with a chance of 6e-5 (n² / 2 / 2^70).
 */
export function orderNumber(id: OrderId): string {
  const payload = id.slice(id.indexOf('_') + 1).slice(0, ORDER_NUMBER_LENGTH - 1);
  invariant(payload.length === ORDER_NUMBER_LENGTH - 1, `${id} is too short for an order number`);
  return inGroups(payload + CROCKFORD.charAt(checkOf(payload)));
}

export interface OrderNumberError {
  readonly code: 'ORDER_NUMBER_FORM' | 'ORDER_NUMBER_CHECK';
}

/** Reads a number as people type it: any case, with or without dashes, O for 0 and I or L for 1. */
export function parseOrderNumber(typed: string): Result<string, OrderNumberError> {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const known = [...plain].every((character) => CROCKFORD.includes(character));
  if (!known || plain.length !== ORDER_NUMBER_LENGTH) return err({ code: 'ORDER_NUMBER_FORM' });
  if (CROCKFORD.charAt(checkOf(plain.slice(0, -1))) !== plain.at(-1)) return err({ code: 'ORDER_NUMBER_CHECK' });
  return ok(inGroups(plain));
}

function inGroups(number: string): string {
  return `${number.slice(0, 5)}-${number.slice(5, 10)}-${number.slice(10)}`;
}

/**
 * A weighted sum over the field of 32 elements, each place with another power of x as its weight. Every weight is different
 * and none is zero, so any one wrong character and any two swapped ones change the sum.
 */
function checkOf(payload: string): number {
  let sum = 0;
  let weight = 1;
  for (const character of payload) {
    weight = timesInField(weight, 2);
    sum ^= timesInField(weight, CROCKFORD.indexOf(character));
  }
  return sum;
}

/** x^5 + x^2 + 1, a primitive polynomial: the powers of x run through all 31 non-zero elements. */
const FIELD_POLYNOMIAL = 0b100101;

function timesInField(a: number, b: number): number {
  let product = 0;
  for (let bit = 4; bit >= 0; bit -= 1) {
    product <<= 1;
    if (product & 0b100000) product ^= FIELD_POLYNOMIAL;
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}
