import { invariant } from '../shared/assert.ts';
import { CROCKFORD } from '../shared/base32.ts';
import type { OrderId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

/** Characters of an order number, the last one a check character. Shown as `XXXX-XXXX-XXXX`. */
const ORDER_NUMBER_LENGTH = 12;

/**
 * The number people say on the phone: the first 55 bits of the order's id, which is a hash, and a check character. With a
 * million orders a day, two share one about twice a year, so a look-up by number also names the customer or the day.
 */
export function orderNumber(id: OrderId): string {
  const payload = id.slice(id.indexOf('_') + 1).slice(0, ORDER_NUMBER_LENGTH - 1);
  invariant(payload.length === ORDER_NUMBER_LENGTH - 1, `${id} is too short for an order number`);
  const number = payload + CROCKFORD.charAt(checkOf(payload));
  return `${number.slice(0, 4)}-${number.slice(4, 8)}-${number.slice(8)}`;
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
  return ok(`${plain.slice(0, 4)}-${plain.slice(4, 8)}-${plain.slice(8)}`);
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
