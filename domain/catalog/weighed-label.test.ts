import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigit, inStoreEan13, IN_STORE_NUMBER_MAX } from './gtin.ts';
import { checkWeighedLabels, DEFAULT_WEIGHED_LABELS, measureCheckDigit, readWeighedLabel } from './weighed-label.ts';
import type { WeighedLabel } from './weighed-label.ts';

/** UPC-A number system 2 of North America: five digits of item, check digit, price in cents. */
const US_PRICE: WeighedLabel = {
  prefix: '02',
  itemDigits: 5,
  measureCheck: true,
  measureDigits: 4,
  measures: 'price',
  step: 1,
};
const FIVE_CHECKED: WeighedLabel = { ...US_PRICE, prefix: '28', itemDigits: 4, measureDigits: 5 };

test('the check digit over a measure is that of the examples of GS1 [I6]', () => {
  expect(measureCheckDigit('2875')).toBe('9');
  expect(measureCheckDigit('14685')).toBe('6');
});

test('a wrong digit in a measure is noticed at every place [I6]', () => {
  const digits = fc.constantFrom(4, 5).chain((length) => digitsOf(length, length));
  fc.assert(
    fc.property(digits, fc.nat(4), fc.integer({ min: 1, max: 9 }), (measured, place, by) => {
      const at = place % measured.length;
      const typo = measured.slice(0, at) + String((Number(measured.charAt(at)) + by) % 10) + measured.slice(at + 1);
      expect(measureCheckDigit(typo)).not.toBe(measureCheckDigit(measured));
    }),
  );
});

describe('a label is read by its row', () => {
  test.each<[string, WeighedLabel, string, string, number]>([
    ['1.5 kg of pasta', DEFAULT_WEIGHED_LABELS[0] ?? US_PRICE, '2112345015002', '02112345000008', 1_500_000],
    ['5.99 dollars', US_PRICE, '0201234105992', '00201234000006', 599],
  ])('%s [I6]', (_name, label, code, gtin, amount) => {
    expect(readWeighedLabel(code, [label])).toEqual({ ok: true, value: { gtin, measures: label.measures, amount } });
  });

  test('whatever was weighed, all labels of an article name the same GTIN and their own amount [I6]', () => {
    const rows = [...DEFAULT_WEIGHED_LABELS, US_PRICE, FIVE_CHECKED];
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.nat(), fc.nat(), fc.nat(), (label, item, first, second) => {
        const [nothing, ...readings] = [0, first, second].map((drawn) => {
          const measure = drawn === 0 ? 0 : 1 + (drawn % (10 ** label.measureDigits - 1));
          return { amount: measure * label.step, reading: readWeighedLabel(print(label, item, measure), rows) };
        });
        const gtin = gtinOf(nothing?.reading);
        expect(gtin).toMatch(/^0\d{13}$/);
        for (const { amount, reading } of readings) {
          const value = { gtin, measures: label.measures, amount };
          expect(reading).toEqual(
            amount === 0 ? { ok: false, error: { code: 'NOTHING_WEIGHED', gtin } } : { ok: true, value },
          );
        }
      }),
    );
  });

  test('a measure whose check digit is wrong is refused with the right one [I6]', () => {
    const right = print(US_PRICE, 1234, 599);
    const body = `${right.slice(0, 7)}4${right.slice(8, 12)}`;
    expect(readWeighedLabel(body + checkDigit(body), [US_PRICE])).toEqual({
      ok: false,
      error: { code: 'BAD_CHECK_DIGIT', of: 'measure', expected: '1' },
    });
  });
});

test('no code that the importer mints is taken for a weighed label [I6]', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: IN_STORE_NUMBER_MAX }), (number) => {
      expect(readWeighedLabel(inStoreEan13(number), DEFAULT_WEIGHED_LABELS)).toBeUndefined();
    }),
  );
});

describe('the table is checked before it is used', () => {
  test('the default passes [I6]', () => {
    expect(checkWeighedLabels(DEFAULT_WEIGHED_LABELS)).toEqual({ ok: true, value: DEFAULT_WEIGHED_LABELS });
    expect(checkWeighedLabels([US_PRICE, FIVE_CHECKED]).ok).toBe(true);
  });

  test.each<[string, readonly WeighedLabel[], object]>([
    ['the range we mint from', [{ ...FIVE_CHECKED, prefix: '20' }], { code: 'LABEL_PREFIX_TAKEN', by: '20' }],
    ['a part of it', [{ ...FIVE_CHECKED, prefix: '201' }], { code: 'LABEL_PREFIX_TAKEN', by: '20' }],
    [
      'a prefix inside another',
      [FIVE_CHECKED, { ...FIVE_CHECKED, prefix: '281' }],
      { code: 'LABEL_PREFIX_TAKEN', by: '28' },
    ],
    ['one digit', [{ ...FIVE_CHECKED, prefix: '2' }], { code: 'LABEL_PREFIX' }],
    ['the range of other countries', [{ ...FIVE_CHECKED, prefix: '89' }], { code: 'LABEL_PREFIX' }],
    ['eleven digits', [{ ...US_PRICE, itemDigits: 4 }], { code: 'LABEL_DIGITS', digits: 11 }],
    ['a check digit over six', [{ ...US_PRICE, itemDigits: 3, measureDigits: 6 }], { code: 'LABEL_DIGITS' }],
    ['half digits', [{ ...US_PRICE, itemDigits: 4.5, measureDigits: 4.5 }], { code: 'LABEL_DIGITS' }],
    ['a step of nothing', [{ ...US_PRICE, step: 0 }], { code: 'LABEL_DIGITS' }],
    ['more rows than prefixes', Array.from({ length: 101 }, () => US_PRICE), { code: 'TOO_MANY_LABELS', rows: 101 }],
  ])('%s is refused [I6]', (_name, rows, error) => {
    expect(checkWeighedLabels(rows)).toMatchObject({ ok: false, error });
  });
});

function print(label: WeighedLabel, item: number, measure: number): string {
  const measured = String(measure).padStart(label.measureDigits, '0');
  const itemNumber = String(item % 10 ** label.itemDigits).padStart(label.itemDigits, '0');
  const body = label.prefix + itemNumber + (label.measureCheck ? measureCheckDigit(measured) : '') + measured;
  return body + checkDigit(body);
}

function gtinOf(reading: ReturnType<typeof readWeighedLabel>): string | undefined {
  if (reading === undefined) return undefined;
  if (reading.ok) return reading.value.gtin;
  return reading.error.code === 'NOTHING_WEIGHED' ? reading.error.gtin : undefined;
}

function digitsOf(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.nat(9), { minLength, maxLength }).map((digits) => digits.join(''));
}
