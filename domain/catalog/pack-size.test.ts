import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePackSize, SIZE_LENGTH_MAX } from './pack-size.ts';

test.each([
  ['500 ml', 'ml', 500],
  ['1 kg', 'g', 1000],
  ['1 L', 'ml', 1000],
  ['1.5 l', 'ml', 1500],
  ['0,75 l', 'ml', 750],
  ['33 cl', 'ml', 330],
  ['0.5 g', 'g', 0.5],
  ['250 mg', 'g', 0.25],
  ['6 x 200 g', 'g', 1200],
  ['6×0,33 l', 'ml', 1980],
  ['3 x 0.1 g', 'g', 0.3],
  ['200 g x 6', 'g', 1200],
  ['75 g (Pack of 4)', 'g', 300],
  ['pack of 4', 'piece', 4],
  ['(Pack of 3)', 'piece', 3],
  ['Pack Of 10', 'piece', 10],
  ['6 pieces', 'piece', 6],
  ['6 Pc Pack', 'piece', 6],
  ['1 bunch', 'piece', 1],
  ['piece', 'piece', 1],
  ['kg', 'g', 1000],
] as const)('%s', (text, unit, amount) => {
  expect(parsePackSize(text)).toEqual({ unit, amount });
});

test.each([
  '',
  'family pack',
  '2 ply',
  '0 g',
  '0 x 5 g',
  '12 - 17 kg',
  '1,000 sheets',
  '500 g + 200 g Free',
  '9-Watt',
  '5 m',
  '0.001 mg',
  '999999 kg',
  '1 kg 2 kg',
  '500 ml.\u0000',
  `${' '.repeat(SIZE_LENGTH_MAX)}1 g`,
])('%j says no size', (text) => {
  expect(parsePackSize(text)).toBeUndefined();
});

/** How the packs in a marketplace's inventory of 3,732 articles print their size; every way that occurs, once. */
const PRINTED_SIZES = [
  '120 g | 120Gm | 50g | 100ml | 230 ml | 1 L | 1 kg | 12n | 1000n | 4 Pcs | 6 Pc Pack | 6 Pieces | 100 units',
  'Pack of 4 | Pack Of 6 | (Pack of 3) | 5 Cartridges | 20 sticks | 60 Capsules | 340 Pulls | 100 napkins',
].flatMap((line) => line.split(' | '));
/** Numbers with a word behind them in the same names that are no size, or not one size. */
const NO_SIZES = [
  '500 g  + 200 g Free | 8 Portion 120Gm | 12 - 17 kg | 9-Watt | 16W | 48h | 24 Mantra | 5 Minute | 4 Inches',
  '2 Ply | 3 Ply | 100% Pure | 2-12 months | 6 years | 1 Roti | 5 in 1 | 2 In 1 | 3.16 Burgundy | 1012 Carbon',
].flatMap((line) => line.split(' | '));

test('every way in which a real inventory prints a size is read, and nothing else that stands there', () => {
  expect(PRINTED_SIZES.filter((text) => parsePackSize(text) === undefined)).toEqual([]);
  expect(NO_SIZES.filter((text) => parsePackSize(text) !== undefined)).toEqual([]);
});

test('the same amount is the same size, however it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 1, max: 24 }), (grams, parts) => {
      const plain = parsePackSize(`${grams} g`);
      expect(plain).toEqual({ unit: 'g', amount: grams });
      expect(parsePackSize(`${grams / 1000} kg`)).toEqual(plain);
      expect(parsePackSize(` ${grams}  GMS `)).toEqual(plain);
      expect(parsePackSize(`${parts} x ${grams} g`)).toEqual(parsePackSize(`${grams} g (pack of ${parts})`));
    }),
  );
});

/** What sizes are made of, so that many of the texts nearly are one. */
const SIZE_CHARACTERS = '0123456789.,x×( )kgml packof'.split('');

test('whatever the text is, the answer is a size above nothing or none', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...SIZE_CHARACTERS), maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, (said) => {
      const size = parsePackSize(said);
      if (size === undefined) return;
      expect(size.amount).toBeGreaterThan(0);
      expect(size.amount).toBe(Math.round(size.amount * 1000) / 1000);
    }),
    { numRuns: 1000 },
  );
});
