import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from './card-number.ts';

/** Numbers that card schemes publish for tests. */
const CARDS = ['4242424242424242', '5555555555554444', '378282246310005', '6011111111111117', '2223003122003222'];

describe('a card number in a text [Y9]', () => {
  it.each(CARDS)('is seen: %s', (card) => {
    const grouped = card.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
    for (const text of [card, `my card is ${card}, thanks`, grouped, grouped.replaceAll(' ', '-'), `x${card}y`]) {
      expect(holdsCardNumber(text)).toBe(true);
    }
  });

  it('is not seen in phone numbers, ids, amounts and addresses', () => {
    const texts = [
      '+91 98450 12345',
      'ord_00000000000000000000000001',
      '560001',
      'Flat 12, 4th floor, call 080-2345 6789',
    ];
    for (const text of texts) expect(holdsCardNumber(text)).toBe(false);
  });

  it('is not seen when one digit is another: Luhn tells all of these', () => {
    const card = fc.constantFrom(...CARDS);
    fc.assert(
      fc.property(card, fc.nat({ max: 13 }), fc.integer({ min: 1, max: 9 }), (number, place, step) => {
        const index = place + 1;
        const digit = (Number(number.charAt(index)) + step) % 10;
        expect(holdsCardNumber(number.slice(0, index) + digit + number.slice(index + 1))).toBe(false);
      }),
    );
  });
});
