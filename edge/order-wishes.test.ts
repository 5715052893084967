import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { PlaceOrderBody } from '../contracts/http/orders.ts';
import { readWishes } from './order-wishes.ts';

function body(lines: readonly unknown[], more: object = {}): unknown {
  return { deliverTo: { lat: 12.9, lng: 77.6 }, lines, payment: { method: 'cod' }, ...more };
}
function wishesOf(order: unknown): ReturnType<typeof readWishes> {
  return readWishes(v.parse(PlaceOrderBody, order));
}
const TEA = { sku: 'TEA', quantity: 1 };

describe('what a customer says about replacements', () => {
  test('is kept by SKU, each thing once; nothing said is nothing kept [F8]', () => {
    const replacement = { prefer: 'specific', skus: ['ASSAM', 'EARL', 'ASSAM'] };
    const order = body([{ ...TEA, replacement }, { ...TEA, replacement }, TEA, { sku: 'MILK', quantity: 1 }], {
      avoidAllergens: ['nuts', 'milk', 'nuts'],
    });
    expect(wishesOf(order)).toEqual({
      ok: true,
      value: {
        avoidAllergens: ['nuts', 'milk'],
        preferences: [{ sku: 'TEA', preference: { kind: 'specific', skus: ['ASSAM', 'EARL'] } }],
      },
    });
    expect(wishesOf(body([TEA]))).toEqual({ ok: true, value: { avoidAllergens: [], preferences: [] } });
  });

  test('must not contradict itself [F8]', () => {
    const lines = ['refund', 'best_match'].map((prefer) => ({ ...TEA, replacement: { prefer } }));
    expect(wishesOf(body(lines))).toMatchObject({ error: { code: 'INVALID_INPUT', numbers: { sku: 'TEA' } } });
  });

  test.each([
    ['no article', { prefer: 'specific', skus: [] }],
    ['more than five', { prefer: 'specific', skus: ['A', 'B', 'C', 'D', 'E', 'F'] }],
    ['what is no SKU', { prefer: 'specific', skus: ['A B'] }],
    ['a wish that nobody knows', { prefer: 'anything' }],
    ['more than was asked', { prefer: 'refund', skus: ['A'] }],
  ])('is refused when it names %s', (_what, replacement) => {
    expect(v.safeParse(PlaceOrderBody, body([{ ...TEA, replacement }])).success).toBe(false);
  });

  test('allergens are those of the list', () => {
    expect(v.safeParse(PlaceOrderBody, body([TEA], { avoidAllergens: ['cats'] })).success).toBe(false);
  });
});
