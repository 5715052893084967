import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asSku } from '../shared/ids.ts';
import { priceBasket } from './basket-price.ts';

const MILK = asSku('MILK-1L');
const RICE = asSku('RICE-5KG');
const PRICE_TAGS = new Map([
  [MILK, { name: 'Milk', priceMinor: 6_600 }],
  [RICE, { name: 'Rice', priceMinor: 41_900 }],
]);

test('prices each line and adds the delivery fee [P5]', () => {
  const lines = [
    { sku: MILK, quantity: 2 },
    { sku: RICE, quantity: 1 },
  ];
  expect(priceBasket(lines, (sku) => PRICE_TAGS.get(sku), 2_500)).toEqual({
    ok: true,
    value: {
      lines: [
        { sku: MILK, name: 'Milk', quantity: 2, unitPriceMinor: 6_600 },
        { sku: RICE, name: 'Rice', quantity: 1, unitPriceMinor: 41_900 },
      ],
      itemsMinor: 55_100,
      deliveryFeeMinor: 2_500,
      totalMinor: 57_600,
    },
  });
});

test('names every SKU the store does not sell, and prices nothing then [O2]', () => {
  const lines = ['GHEE', 'MILK-1L', 'SALT'].map((sku) => ({ sku: asSku(sku), quantity: 1 }));
  expect(priceBasket(lines, (sku) => PRICE_TAGS.get(sku), 0)).toEqual({
    ok: false,
    error: { unknownSkus: ['GHEE', 'SALT'] },
  });
});

test('the items are the sum of the lines, to the minor unit [P5]', () => {
  const line = fc.record({ quantity: fc.integer({ min: 1, max: 99 }), priceMinor: fc.nat(10_000_000) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), fc.nat(100_000), (lines, fee) => {
      const skus = lines.map((_, i) => asSku(`S${i}`));
      const priceTags = new Map(lines.map(({ priceMinor }, i) => [`S${i}`, { name: 'x', priceMinor }]));
      const basket = lines.map(({ quantity }, i) => ({ sku: skus[i] ?? MILK, quantity }));
      const priced = priceBasket(basket, (sku) => priceTags.get(sku), fee);
      const exact = lines.reduce((sum, { quantity, priceMinor }) => sum + BigInt(quantity) * BigInt(priceMinor), 0n);
      expect(priced.ok && BigInt(priced.value.itemsMinor)).toBe(exact);
      expect(priced.ok && priced.value.totalMinor - fee).toBe(priced.ok && priced.value.itemsMinor);
    }),
  );
});
