import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asSku } from '../shared/ids.ts';
import { chargeBasket } from './charges.ts';
import type { ChargeRules } from './charges.ts';
import { shareOut } from './totals.ts';

const TEA = asSku('TEA');
const MINUTE_MS = 60_000;
const HERE = { flatDeliveryFeeMinor: 2_500, distanceM: 1_200, readyP90Ms: 2 * MINUTE_MS, tipMinor: 0 };

/** One line of so many minor units. */
function basket(itemsMinor: number) {
  return { lines: [{ sku: TEA, name: 'Tea', quantity: 1, unitPriceMinor: itemsMinor }], itemsMinor };
}

test('without rules there are the items and the store’s flat fee [P5]', () => {
  expect(chargeBasket(basket(5_000), {}, HERE)).toEqual({
    lines: [{ sku: TEA, name: 'Tea', quantity: 1, unitPriceMinor: 5_000, discountMinor: 0 }],
    itemsMinor: 5_000,
    discountMinor: 0,
    smallCartFeeMinor: 0,
    deliveryFeeMinor: 2_500,
    surgeFeeMinor: 0,
    taxMinor: 0,
    taxIncluded: false,
    tipMinor: 0,
    totalMinor: 7_500,
  });
});

test.each<[string, ChargeRules, number, Partial<typeof HERE>, object]>([
  [
    'a basket below the least pays for being small',
    { smallCart: { belowMinor: 5_000, feeMinor: 900 } },
    4_999,
    {},
    { smallCartFeeMinor: 900 },
  ],
  [
    'one at the least does not',
    { smallCart: { belowMinor: 5_000, feeMinor: 900 } },
    5_000,
    {},
    { smallCartFeeMinor: 0 },
  ],
  [
    'the first tier that reaches the door',
    {
      deliveryTiers: [
        { upToM: 1_199, feeMinor: 1 },
        { upToM: 1_200, feeMinor: 2 },
        { upToM: 9_000, feeMinor: 3 },
      ],
    },
    100,
    {},
    { deliveryFeeMinor: 2 },
  ],
  [
    'the last tier goes for all beyond it',
    {
      deliveryTiers: [
        { upToM: 500, feeMinor: 1 },
        { upToM: 600, feeMinor: 2 },
      ],
    },
    100,
    {},
    { deliveryFeeMinor: 2 },
  ],
  [
    'delivery is free from an amount on, the surge is not',
    { freeDeliveryFromMinor: 5_000, surgeSteps: [{ fromReadyP90Ms: 0, feeMinor: 7 }] },
    5_000,
    {},
    { deliveryFeeMinor: 0, surgeFeeMinor: 7 },
  ],
  [
    'an offer below its amount',
    { offer: { fromMinor: 5_000, offPpm: 100_000, maxMinor: 900 } },
    4_999,
    {},
    { discountMinor: 0 },
  ],
  [
    'an offer, rounded half up',
    { offer: { fromMinor: 5_000, offPpm: 100_000, maxMinor: 900 } },
    5_005,
    {},
    { discountMinor: 501 },
  ],
  [
    'an offer at its cap',
    { offer: { fromMinor: 5_000, offPpm: 100_000, maxMinor: 900 } },
    90_000,
    {},
    { discountMinor: 900 },
  ],
  [
    'no surge below the first step',
    { surgeSteps: [{ fromReadyP90Ms: 10 * MINUTE_MS, feeMinor: 500 }] },
    100,
    {},
    { surgeFeeMinor: 0 },
  ],
  [
    'tax on top, of items less discount and fees, not of the tip',
    { tax: { ratePpm: 50_000, included: false } },
    7_500,
    { tipMinor: 1_000 },
    { taxMinor: 500, totalMinor: 11_500 },
  ],
  [
    'tax contained',
    { tax: { ratePpm: 50_000, included: true } },
    8_000,
    { tipMinor: 1_000 },
    { taxMinor: 500, totalMinor: 11_500 },
  ],
])('%s [P2] [P5]', (_, rules, itemsMinor, context, expected) => {
  expect(chargeBasket(basket(itemsMinor), rules, { ...HERE, ...context })).toMatchObject(expected);
});

test('a surge fee says what load it is for, and the last step bounds it [P2]', () => {
  const surgeSteps = [
    { fromReadyP90Ms: 10 * MINUTE_MS, feeMinor: 1_000 },
    { fromReadyP90Ms: 15 * MINUTE_MS, feeMinor: 2_000 },
  ];
  function at(minutes: number) {
    return chargeBasket(basket(5_000), { surgeSteps }, { ...HERE, readyP90Ms: minutes * MINUTE_MS });
  }
  expect(at(12)).toMatchObject({
    surgeFeeMinor: 1_000,
    surge: { readyP90Ms: 12 * MINUTE_MS, fromReadyP90Ms: 10 * MINUTE_MS },
  });
  expect(at(9)).not.toHaveProperty('surge');
  expect(at(500).surgeFeeMinor).toBe(2_000);
});

test('by line, fee and tip the parts add up to the total, whatever the rules; no line costs less than nothing [P5]', () => {
  const amount = fc.nat(200_000);
  const rules = fc.record<ChargeRules>(
    {
      smallCart: fc.record({ belowMinor: amount, feeMinor: amount }),
      deliveryTiers: fc.array(fc.record({ upToM: fc.nat(9_000), feeMinor: amount }), { maxLength: 4 }),
      freeDeliveryFromMinor: amount,
      offer: fc.record({ fromMinor: amount, offPpm: fc.nat(1_000_000), maxMinor: amount }),
      tax: fc.record({ ratePpm: fc.nat(1_000_000), included: fc.boolean() }),
      surgeSteps: fc.array(fc.record({ fromReadyP90Ms: fc.nat(3_600_000), feeMinor: amount }), { maxLength: 4 }),
    },
    { requiredKeys: [] },
  );
  const line = fc.record({ quantity: fc.integer({ min: 1, max: 99 }), unitPriceMinor: fc.nat(1_000_000) });
  const context = fc.record({
    flatDeliveryFeeMinor: amount,
    distanceM: fc.nat(10_000),
    readyP90Ms: fc.nat(3_600_000),
    tipMinor: amount,
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), rules, context, (lines, some, where) => {
      const itemsMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
      const named = lines.map((l, i) => ({ ...l, sku: asSku(`S${i}`), name: 'x' }));
      const charged = chargeBasket({ lines: named, itemsMinor }, some, where);
      const shares = shareOut(charged);
      const all = [...shares.lines, shares.smallCartFee, shares.deliveryFee, shares.surgeFee];
      expect(all.reduce((sum, { dueMinor }) => sum + dueMinor, shares.tipMinor)).toBe(charged.totalMinor);
      expect(Math.min(...all.map(({ netMinor }) => netMinor))).toBeGreaterThanOrEqual(0);
      expect(charged.discountMinor).toBeLessThanOrEqual(itemsMinor);
    }),
  );
});
