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

test('prices each line [P5]', () => {
  const lines = [
    { sku: MILK, quantity: 2 },
    { sku: RICE, quantity: 1 },
  ];
  expect(priceBasket(lines, (sku) => PRICE_TAGS.get(sku))).toEqual({
    ok: true,
    value: {
      lines: [
        { sku: MILK, name: 'Milk', quantity: 2, unitPriceMinor: 6_600 },
        { sku: RICE, name: 'Rice', quantity: 1, unitPriceMinor: 41_900 },
      ],
      itemsMinor: 55_100,
    },
  });
});

test('names every SKU the store does not sell, and prices nothing then [O2]', () => {
  const lines = ['GHEE', 'MILK-1L', 'SALT'].map((sku) => ({ sku: asSku(sku), quantity: 1 }));
  expect(priceBasket(lines, (sku) => PRICE_TAGS.get(sku))).toEqual({
    ok: false,
    error: { unknownSkus: ['GHEE', 'SALT'] },
  });
});

test('the items are the sum of the lines, to the minor unit [P5]', () => {
  const line = fc.record({ quantity: fc.integer({ min: 1, max: 99 }), priceMinor: fc.nat(10_000_000) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), (lines) => {
      const skus = lines.map((_, i) => asSku(`S${i}`));
      const priceTags = new Map(lines.map(({ priceMinor }, i) => [`S${i}`, { name: 'x', priceMinor }]));
      const basket = lines.map(({ quantity }, i) => ({ sku: skus[i] ?? MILK, quantity }));
      const priced = priceBasket(basket, (sku) => priceTags.get(sku));
      const exact = lines.reduce((sum, { quantity, priceMinor }) => sum + BigInt(quantity) * BigInt(priceMinor), 0n);
      expect(priced.ok && BigInt(priced.value.itemsMinor)).toBe(exact);
    }),
  );
});
