import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSku } from '../shared/ids.ts';
import { sameBasket, toBasket } from './basket-lines.ts';

const LIMITS = { linesMax: 100, quantityMax: 99 };
/** Enough for whatever `anyLine` adds up to. */
const MANY = { linesMax: 100, quantityMax: 20 * 99 };
const [EGGS, TEA] = [asSku('EGGS'), asSku('TEA')];
const anyLine = fc.record({
  sku: fc.constantFrom(EGGS, TEA, asSku('MILK')),
  quantity: fc.integer({ min: 1, max: 99 }),
});

describe('a basket', () => {
  it('counts a SKU on two lines once, summed [I3]', () => {
    const lines = [
      { sku: TEA, quantity: 1 },
      { sku: EGGS, quantity: 6 },
      { sku: TEA, quantity: 2 },
    ];
    expect(toBasket(lines, LIMITS)).toEqual({
      ok: true,
      value: [
        { sku: EGGS, quantity: 6 },
        { sku: TEA, quantity: 3 },
      ],
    });
  });

  it('keeps the units of every SKU and is the same in whatever order its lines come', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), (lines) => {
        const [basket, reversed] = [toBasket(lines, MANY), toBasket(lines.toReversed(), MANY)];
        if (!basket.ok || !reversed.ok) throw new Error('refused');
        expect(sameBasket(basket.value, reversed.value)).toBe(true);
        expect(new Set(basket.value.map(({ sku }) => sku)).size).toBe(basket.value.length);
        for (const { sku, quantity } of basket.value) {
          expect(quantity).toBe(lines.filter((line) => line.sku === sku).reduce((sum, line) => sum + line.quantity, 0));
        }
      }),
    );
  });

  it('differs from one with another SKU, another quantity or a line more', () => {
    const basket = [{ sku: TEA, quantity: 1 }];
    expect(sameBasket(basket, [{ sku: EGGS, quantity: 1 }])).toBe(false);
    expect(sameBasket(basket, [{ sku: TEA, quantity: 2 }])).toBe(false);
    expect(sameBasket(basket, [...basket, { sku: EGGS, quantity: 1 }])).toBe(false);
  });

  it.each([0, -1, 1.5, 100, Number.NaN])('refuses a line of %d units', (quantity) => {
    expect(toBasket([{ sku: TEA, quantity }], LIMITS)).toMatchObject({ ok: false, error: { code: 'BAD_QUANTITY' } });
  });

  it('refuses lines of one SKU that are too many units together', () => {
    const lines = [60, 39, 1].map((quantity) => ({ sku: TEA, quantity }));
    expect(toBasket(lines.slice(0, 2), LIMITS)).toEqual({ ok: true, value: [{ sku: TEA, quantity: 99 }] });
    expect(toBasket(lines, LIMITS)).toEqual({
      ok: false,
      error: { code: 'BAD_QUANTITY', sku: TEA, quantity: 100, quantityMax: 99 },
    });
  });

  it('refuses none and too many lines', () => {
    expect(toBasket([], LIMITS)).toEqual({ ok: false, error: { code: 'NO_LINES' } });
    const many = Array.from({ length: 101 }, () => ({ sku: TEA, quantity: 1 }));
    expect(toBasket(many, LIMITS)).toEqual({ ok: false, error: { code: 'TOO_MANY_LINES', lines: 101, linesMax: 100 } });
  });
});
