import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../shared/seeded-random.ts';
import { drawBasket } from './basket.ts';

const shelves = fc.uniqueArray(fc.record({ sku: fc.string({ minLength: 1 }), available: fc.nat(6) }), {
  selector: ({ sku }) => sku,
});

test('a basket holds each SKU once and never more than the shelf shows', () => {
  fc.assert(
    fc.property(shelves, fc.nat(), (shelf, seed) => {
      const basket = drawBasket(shelf, seededRandom(seed)) ?? [];
      expect(new Set(basket.map(({ sku }) => sku)).size).toBe(basket.length);
      for (const { sku, quantity } of basket) {
        const available = shelf.find((item) => item.sku === sku)?.available ?? 0;
        expect(quantity).toBeGreaterThanOrEqual(1);
        expect(quantity).toBeLessThanOrEqual(available);
      }
    }),
  );
});

test('from an empty or sold-out shelf there is no basket', () => {
  expect(drawBasket([], seededRandom(1))).toBeNull();
  expect(drawBasket([{ sku: 'a', available: 0 }], seededRandom(1))).toBeNull();
});

test('the same seed fills the same basket', () => {
  const shelf = Array.from({ length: 50 }, (_, index) => ({ sku: `sku-${index}`, available: 6 }));
  expect(drawBasket(shelf, seededRandom(9))).toEqual(drawBasket(shelf, seededRandom(9)));
  expect(drawBasket(shelf, seededRandom(10))).not.toEqual(drawBasket(shelf, seededRandom(9)));
});
