import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidate, OrderLife } from '../../test/support/order-life.ts';
import { quotes } from '../../test/support/order-lives.ts';
import { addUp, ceilingOf, shareOut } from '../pricing/totals.ts';
import { asSku } from '../shared/ids.ts';
import { chargeFor, countPicked, paidUnits, weightCeiling } from './charge.ts';
import type { Candidate } from './order.ts';

const MILK = asSku('MILK-1L');
const EGGS = asSku('EGGS-6');

function pick(quote: Candidate, milk: number, eggs: number, grams?: number) {
  return countPicked(quote, [
    { sku: MILK, quantity: milk, ...(grams !== undefined && { grams }) },
    { sku: EGGS, quantity: eggs },
  ]);
}

/** 3 x 1000 less 100, 1 x 2500 less 85, fees of 500, 5 % on top, a tip. */
const { lines, ...store } = candidate(1);
const parts = {
  itemsMinor: 5500,
  discountMinor: 185,
  smallCartFeeMinor: 0,
  deliveryFeeMinor: 500,
  surgeFeeMinor: 0,
  taxMinor: 291,
  taxIncluded: false,
  tipMinor: 300,
};
const QUOTE: Candidate = {
  ...store,
  lines: lines.map((line, lineNo) => ({ ...line, discountMinor: [100, 85][lineNo] ?? 0 })),
  ...addUp(parts),
};

describe('what is owed for what is in the bags', () => {
  test('is the quote when all of it is there [P5]', () => {
    const { lines: bagged, ...totals } = chargeFor(QUOTE, pick(QUOTE, 3, 1));
    expect(totals).toEqual(addUp(parts));
    expect(bagged.map(({ quantity, discountMinor }) => [quantity, discountMinor])).toEqual([
      [3, 100],
      [1, 85],
    ]);
  });

  test('lets a discount follow its line, counts the tax again, and keeps the fees and the tip [P5]', () => {
    // Of 2900 for three, one costs 966.67: rounded down. 5 % of 966 and of the fee.
    expect(chargeFor(QUOTE, pick(QUOTE, 1, 0))).toMatchObject({
      itemsMinor: 1000,
      discountMinor: 34,
      deliveryFeeMinor: 500,
      taxMinor: 73,
      tipMinor: 300,
      totalMinor: 966 + 500 + 73 + 300,
    });
  });

  test('is never above the quote, falls with every unit that is missing, and adds up line by line [P5] [Y7]', () => {
    fc.assert(
      fc.property(
        quotes,
        fc.nat(3),
        fc.nat(1),
        fc.option(fc.nat(5_000), { nil: undefined }),
        (quote, milk, eggs, grams) => {
          const charge = chargeFor(quote, pick(quote, milk, eggs, grams));
          const { lines: bagged, totalMinor, ...rest } = charge;
          expect(addUp(rest).totalMinor).toBe(totalMinor);
          expect(totalMinor).toBeLessThanOrEqual(ceilingOf(quote));
          expect([charge.deliveryFeeMinor, charge.smallCartFeeMinor, charge.surgeFeeMinor, charge.tipMinor]).toEqual([
            quote.deliveryFeeMinor,
            quote.smallCartFeeMinor,
            quote.surgeFeeMinor,
            quote.tipMinor,
          ]);
          const fewer = chargeFor(quote, pick(quote, Math.max(0, milk - 1), eggs, grams));
          expect(fewer.totalMinor).toBeLessThanOrEqual(totalMinor);
          const shares = shareOut(charge);
          const fees = [shares.deliveryFee, shares.smallCartFee, shares.surgeFee];
          const dueMinor = [...shares.lines, ...fees].reduce((sum, share) => sum + share.dueMinor, 0);
          expect(dueMinor + shares.tipMinor).toBe(totalMinor);
          expect(bagged.every(({ quantity }) => quantity > 0)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('says what was paid for the units of an article, also when it is on two lines', () => {
    const [milk] = QUOTE.lines;
    if (milk === undefined) throw new Error('no milk');
    const twice: Candidate = { ...QUOTE, lines: [milk, { ...milk, quantity: 1, discountMinor: 0 }] };
    const charge = chargeFor(twice, countPicked(twice, undefined));
    const { order } = new OrderLife();
    const packed = { picked: [], substituted: [], finalMinor: charge.totalMinor, charge };
    const due = shareOut(charge).lines.reduce((sum, share) => sum + share.dueMinor, 0);
    expect(paidUnits({ ...order, packed }, MILK)).toEqual({ quantity: 4, paidMinor: due });
    expect(paidUnits(order, MILK)).toEqual({ quantity: 0, paidMinor: 0 });
  });
});

describe('a line that is sold by weight', () => {
  /** 3 x 1 kg, the tenth in addition. */
  const [first, ...others] = QUOTE.lines;
  if (first === undefined) throw new Error('no milk');
  const plain = { ...QUOTE, lines: [{ ...first, weighed: { nominalGrams: 1_000, tolerancePpm: 100_000 } }, ...others] };
  const weighed: Candidate = { ...plain, ...weightCeiling(plain) };

  test('reserves what it comes to at its heaviest, with discount and tax [P5] [Y7]', () => {
    expect(weightCeiling(QUOTE)).toEqual({});
    // 290 more for the milk less its discount, and 5 % of that.
    expect(weighed).toMatchObject({ totalMinor: 6406, ceilingMinor: 6406 + 290 + 14 });
  });

  test.each([
    ['as ordered', 3_000, 3_000, 100, 6406],
    ['lighter', 2_500, 2_500, 83, 6406 - 483 - 25],
    ['within the tolerance', 3_200, 3_200, 107, 6406 + 193 + 9],
    ['at the ceiling', 3_300, 3_300, 110, 6710],
    ['above it: the shop bears the rest', 5_000, 3_300, 110, 6710],
  ])('is charged by its weight: %s [Y7]', (_what, grams, itemMinor, discountMinor, totalMinor) => {
    const charge = chargeFor(weighed, pick(weighed, 3, 1, grams));
    expect(charge.lines[0]).toMatchObject({ quantity: 3, weighedMinor: itemMinor, discountMinor });
    expect(charge.totalMinor).toBe(totalMinor);
  });

  test('has the ceiling of the units that came', () => {
    expect(chargeFor(weighed, pick(weighed, 1, 0, 5_000)).lines).toMatchObject([{ quantity: 1, weighedMinor: 1_100 }]);
  });

  test('costs what was quoted when nobody weighed it', () => {
    expect(chargeFor(weighed, pick(weighed, 3, 1)).totalMinor).toBe(QUOTE.totalMinor);
  });

  test('on two lines has its weight once, by their units', () => {
    const [line] = weighed.lines;
    if (line === undefined) throw new Error('no milk');
    const twice = { ...weighed, lines: [line, { ...line, quantity: 1 }] };
    expect(countPicked(twice, [{ sku: MILK, quantity: 4, grams: 4_002 }])).toEqual([
      { sku: MILK, quantity: 3, grams: 3_002 },
      { sku: MILK, quantity: 1, grams: 1_000 },
    ]);
  });

  test('of an article that is sold by the unit no weight is kept', () => {
    expect(pick(QUOTE, 3, 1, 9_000)).toEqual(pick(QUOTE, 3, 1));
  });
});
