import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDigit, gtinKind, IN_STORE_NUMBER_MAX, inStoreEan13 } from './gtin.ts';

// Codes as printed in public examples: ISBN-13, UPC-A, EAN-8.
test.each([
  ['9780306406157', 'ean13'],
  ['4006381333931', 'ean13'],
  ['036000291452', 'upca'],
  ['73513537', 'ean8'],
  ['2000000000015', 'in_store'],
  ['2000000000014', undefined],
  ['4006381333932', undefined],
  ['400638133393', undefined],
  ['40063813339310', undefined],
  ['400638133393X', undefined],
  ['', undefined],
])('%s is %s', (code, kind) => {
  expect(gtinKind(code)).toBe(kind);
});

test('every in-store number gives a 13-digit code of range 20 that names the number and passes its own check', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: IN_STORE_NUMBER_MAX }), (itemNumber) => {
      const code = inStoreEan13(itemNumber);
      expect(code).toMatch(/^20\d{11}$/);
      expect(gtinKind(code)).toBe('in_store');
      expect(Number(code.slice(2, 12))).toBe(itemNumber);
    }),
  );
});

test('any single wrong digit and any swap of neighbours that differ by other than 5 is noticed', () => {
  const body = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(body, fc.nat(11), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
      const code = digits.join('') + checkDigit(digits.join(''));
      const typo = digits.with(at, ((digits[at] ?? 0) + by) % 10).join('') + code.at(-1);
      expect(gtinKind(typo)).toBeUndefined();
      const [left, right] = [digits[at] ?? 0, digits[at + 1]];
      if (right === undefined || left === right || Math.abs(left - right) === 5) return;
      const swapped =
        digits
          .with(at, right)
          .with(at + 1, left)
          .join('') + code.at(-1);
      expect(gtinKind(swapped)).toBeUndefined();
    }),
  );
});

test('a number outside the range is a bug', () => {
  for (const bad of [0, -1, 1.5, IN_STORE_NUMBER_MAX + 1]) expect(() => inStoreEan13(bad)).toThrow('invariant broken');
});
