import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asSku, asStoreId } from '../shared/ids.ts';
import { EMPTY_CART, holdOf } from './cart.ts';
import type { Cart, CartLine } from './cart.ts';
import { changeCart, renameHold } from './change.ts';
import type { CartChange } from './change.ts';

const LIMITS = { linesMax: 3, quantityMax: 9 };
const STORE = asStoreId(`sto_${'0'.repeat(26)}`);
const SERVING = { storeId: STORE, deliverTo: { lat: 12.97, lng: 77.64 } };

function line(sku: string, quantity: number, more: Partial<CartLine> = {}): CartLine {
  return { sku: asSku(sku), quantity, note: '', preference: null, ...more };
}
function set(sku: string, quantity: number, more: Partial<CartLine> = {}): CartChange {
  return { do: 'SetLine', ...line(sku, quantity, more) };
}
function merge(...lines: readonly CartLine[]): CartChange {
  return { do: 'Merge', lines, avoidAllergens: [] };
}
function after(...changes: readonly CartChange[]): Cart {
  return changes.reduce((cart, change) => {
    const changed = changeCart(cart, change, LIMITS);
    if (!changed.ok) throw new Error(changed.error.code);
    return changed.value.cart;
  }, EMPTY_CART);
}

describe('a change of the cart', () => {
  test('counts its version up by one, and one that changes nothing does not [K1]', () => {
    expect(after(set('TEA', 1), set('MILK', 2)).version).toBe(2);
    expect(after(set('TEA', 1), set('TEA', 1)).version).toBe(1);
    expect(after({ do: 'RemoveLine', sku: asSku('TEA') }, { do: 'Clear' })).toBe(EMPTY_CART);
  });

  test('replaces a line where it stands [K1]', () => {
    const { lines } = after(set('TEA', 1, { note: 'ripe' }), set('MILK', 2), set('TEA', 3));
    expect(lines).toEqual([line('TEA', 3), line('MILK', 2)]);
  });

  test.each([0, -1, 1.5, 10, Number.NaN])(
    'refuses a quantity of %d, and leaves the cart as it was [K1]',
    (quantity) => {
      expect(changeCart(EMPTY_CART, set('TEA', quantity), LIMITS)).toMatchObject({
        ok: false,
        error: { code: 'BAD_LINE' },
      });
      expect(changeCart(EMPTY_CART, merge(line('TEA', quantity)), LIMITS)).toMatchObject({ ok: false });
    },
  );

  test('refuses a note of more than 140 characters, and a line too many [K1]', () => {
    expect(changeCart(EMPTY_CART, set('TEA', 1, { note: 'x'.repeat(141) }), LIMITS)).toMatchObject({ ok: false });
    const full = after(set('A', 1), set('B', 1), set('C', 1));
    const error = { code: 'TOO_MANY_LINES', lines: 4, linesMax: 3 };
    expect(changeCart(full, set('D', 1), LIMITS)).toEqual({ ok: false, error });
    expect(changeCart(full, merge(line('D', 1)), LIMITS)).toEqual({ ok: false, error });
  });
});

describe('the hold of a cart', () => {
  const terms: CartChange = { do: 'SetTerms', serving: SERVING };

  test('needs goods and a store', () => {
    expect(holdOf(after(set('TEA', 1)))).toBeNull();
    expect(holdOf(after(terms))).toBeNull();
    expect(holdOf(after(terms, set('TEA', 1)))).toMatchObject({ storeId: STORE });
  });

  test('has another name when it holds something else, and the same while it does not', () => {
    const cart = after(terms, set('TEA', 1));
    const noted = changeCart(cart, set('TEA', 1, { note: 'ripe' }), LIMITS);
    expect(noted).toMatchObject({ ok: true, value: { cart: { version: 3, holdNo: cart.holdNo } } });
    const more = changeCart(cart, set('TEA', 2), LIMITS);
    expect(more).toMatchObject({ ok: true, value: { cart: { holdNo: cart.holdNo + 1 } } });
    expect(renameHold(cart)).toEqual({ ...cart, holdNo: cart.holdNo + 1 });
  });
});

describe('merging what was collected before signing in', () => {
  test('sums up, names what is cut at the maximum, and what the cart itself says wins [K1]', () => {
    const own = after(set('TEA', 6, { note: 'mine', preference: { kind: 'refund' } }), set('MILK', 1));
    const merged = changeCart(
      own,
      merge(line('TEA', 5, { note: 'theirs', preference: { kind: 'best_match' } }), line('MILK', 1, { note: 'cold' })),
      LIMITS,
    );
    expect(merged).toMatchObject({
      ok: true,
      value: {
        cart: {
          lines: [line('TEA', 9, { note: 'mine', preference: { kind: 'refund' } }), line('MILK', 2, { note: 'cold' })],
        },
        cut: [{ sku: 'TEA', wanted: 11, quantity: 9 }],
      },
    });
  });

  test('forgets no allergen that either of both avoids', () => {
    const own = after({ do: 'SetTerms', avoidAllergens: ['nuts'] });
    const merged = changeCart(own, { do: 'Merge', lines: [], avoidAllergens: ['milk', 'nuts'] }, LIMITS);
    expect(merged).toMatchObject({ ok: true, value: { cart: { avoidAllergens: ['milk', 'nuts'] } } });
  });

  test('of any lines: no SKU twice, no quantity above the maximum, no unit lost without being named', () => {
    const lines = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 9 })), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (own, guest) => {
        const cart = after(...own.map(([sku, quantity]) => set(sku, quantity)));
        const merged = changeCart(cart, merge(...guest.map(([sku, quantity]) => line(sku, quantity))), LIMITS);
        if (!merged.ok) throw new Error(merged.error.code);
        const { cart: kept, cut } = merged.value;
        expect(new Set(kept.lines.map(({ sku }) => sku)).size).toBe(kept.lines.length);
        for (const { sku, quantity } of kept.lines) {
          const asked = guest.reduce((sum, [name, units]) => (name === sku ? sum + units : sum), 0);
          const had = cart.lines.find((known) => known.sku === sku)?.quantity ?? 0;
          expect(quantity).toBeLessThanOrEqual(LIMITS.quantityMax);
          expect(cut.find((entry) => entry.sku === sku)?.wanted ?? quantity).toBe(had + asked);
        }
      }),
    );
  });
});
