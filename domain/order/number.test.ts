import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CROCKFORD } from '../shared/base32.ts';
import { asOrderId, idFromBytes } from '../shared/ids.ts';
import { orderNumber, parseOrderNumber } from './number.ts';

const orderIds = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => asOrderId(idFromBytes('OrderId', bytes)));

function plain(number: string): string {
  return number.replaceAll('-', '');
}

describe('the number people say', () => {
  test('is 15 characters in three groups, at most 20 long, and reads back [O8]', () => {
    fc.assert(
      fc.property(orderIds, (id) => {
        const number = orderNumber(id);
        expect(number).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}$/);
        expect(number.length).toBeLessThanOrEqual(20);
        expect(parseOrderNumber(number)).toEqual({ ok: true, value: number });
        expect(parseOrderNumber(` ${plain(number).toLowerCase()} `)).toEqual({ ok: true, value: number });
      }),
    );
  });

  test('is the same for the same order and, as a rule, another for another', () => {
    fc.assert(
      fc.property(orderIds, orderIds, (a, b) => {
        const samePayload = a.slice(4, 18) === b.slice(4, 18);
        expect(orderNumber(a) === orderNumber(b)).toBe(samePayload);
      }),
    );
  });

  test('shows every single wrong character', () => {
    fc.assert(
      fc.property(orderIds, fc.nat(14), fc.constantFrom(...CROCKFORD.split('')), (id, place, other) => {
        const number = plain(orderNumber(id));
        fc.pre(number.charAt(place) !== other);
        const wrong = number.slice(0, place) + other + number.slice(place + 1);
        expect(parseOrderNumber(wrong)).toEqual({ ok: false, error: { code: 'ORDER_NUMBER_CHECK' } });
      }),
    );
  });

  test('shows every two characters that were swapped', () => {
    fc.assert(
      fc.property(orderIds, fc.nat(14), fc.nat(14), (id, a, b) => {
        const swapped = plain(orderNumber(id)).split('');
        const [left = '', right = ''] = [swapped[a], swapped[b]];
        fc.pre(left !== right);
        swapped[a] = right;
        swapped[b] = left;
        expect(parseOrderNumber(swapped.join(''))).toEqual({ ok: false, error: { code: 'ORDER_NUMBER_CHECK' } });
      }),
    );
  });

  test('reads O as 0 and I and L as 1, and refuses what is no number', () => {
    const number = orderNumber(asOrderId('ord_0100000000ABCDEFGHJKMNPQRS'));
    const spoken = plain(number).replaceAll('0', 'o').replaceAll('1', 'l');
    expect(parseOrderNumber(spoken)).toEqual({ ok: true, value: number });
    expect(parseOrderNumber('U1234-56789-ABCDE').ok).toBe(false);
    expect(parseOrderNumber('1234')).toEqual({ ok: false, error: { code: 'ORDER_NUMBER_FORM' } });
  });
});
