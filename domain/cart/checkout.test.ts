import { describe, expect, test } from 'vitest';
import { asOrderId, asSku, asStoreId } from '../shared/ids.ts';
import type { Cart, CartLine } from './cart.ts';
import { openCheckout, settleCart } from './checkout.ts';
import type { Claim } from './checkout.ts';

const [FIRST, SECOND] = [asOrderId(`ord_${'0'.repeat(26)}`), asOrderId(`ord_${'1'.repeat(26)}`)];
const NONE = { own: null, open: null };

function line(sku: string, quantity: number): CartLine {
  return { sku: asSku(sku), quantity, note: '', preference: null };
}
function cartOf(version: number, ...lines: readonly CartLine[]): Cart {
  const serving = { storeId: asStoreId(`sto_${'0'.repeat(26)}`), deliverTo: { lat: 1, lng: 2 } };
  return { version, lines, avoidAllergens: ['nuts'], serving, holdNo: 7 };
}
const CART = cartOf(5, line('TEA', 2), { ...line('MILK', 1), preference: { kind: 'refund' }, note: 'cold' });
const REQUEST = { orderId: FIRST, bodyDigest: 'a', cartVersion: 5 };

function opened(): Claim {
  const claim = openCheckout(CART, NONE, REQUEST);
  if (!claim.ok) throw new Error(claim.error.code);
  return claim.value;
}

describe('the checkout of a cart', () => {
  test('gives the order lines, wishes, notes and the hold [K3]', () => {
    expect(opened()).toMatchObject({
      status: 'OPEN',
      checkout: {
        cartVersion: 5,
        lines: [
          { sku: 'TEA', quantity: 2 },
          { sku: 'MILK', quantity: 1 },
        ],
        wishes: { avoidAllergens: ['nuts'], preferences: [{ sku: 'MILK', preference: { kind: 'refund' } }] },
        notes: [{ sku: 'MILK', note: 'cold' }],
        hold: { holdNo: 7 },
      },
    });
  });

  test('is the same for the same order, whatever the cart has become [X3]', () => {
    const own = opened();
    expect(openCheckout(cartOf(9), { own, open: own }, REQUEST)).toEqual({ ok: true, value: own });
    const settled = { ...own, status: 'CONFIRMED' } as const;
    expect(openCheckout(cartOf(9), { own: settled, open: null }, REQUEST)).toEqual({ ok: true, value: settled });
    expect(openCheckout(CART, { own, open: own }, { ...REQUEST, bodyDigest: 'b' })).toMatchObject({
      error: { code: 'KEY_REUSED' },
    });
  });

  test('is refused to another order while it is open, and names the one that has it [X3]', () => {
    const refused = openCheckout(CART, { own: null, open: opened() }, { ...REQUEST, orderId: SECOND });
    expect(refused).toEqual({ ok: false, error: { code: 'CHECKOUT_OPEN', orderId: FIRST } });
  });

  test('is refused for another version, and for an empty cart [K4]', () => {
    const old = openCheckout(CART, NONE, { ...REQUEST, cartVersion: 4 });
    expect(old).toEqual({ ok: false, error: { code: 'CART_CHANGED', cartVersion: 5 } });
    expect(openCheckout(cartOf(5), NONE, REQUEST)).toMatchObject({ error: { code: 'CART_EMPTY' } });
  });

  test('that lapsed is opened anew, as the cart is now, unless another order has it [X3]', () => {
    const own = { ...opened(), status: 'LAPSED' } as const;
    expect(openCheckout(CART, { own, open: null }, REQUEST)).toMatchObject({ ok: true, value: { status: 'OPEN' } });
    const other = { ...opened(), orderId: SECOND };
    expect(openCheckout(CART, { own, open: other }, REQUEST)).toMatchObject({ error: { code: 'CHECKOUT_OPEN' } });
    expect(openCheckout(cartOf(6), { own, open: null }, REQUEST)).toMatchObject({ error: { code: 'CART_CHANGED' } });
  });
});

describe('the cart after its order came out', () => {
  test('is empty when it is what was ordered', () => {
    const settled = settleCart(CART, opened(), { outcome: 'CONFIRMED', tookHold: true });
    expect(settled).toMatchObject({ version: 6, lines: [], avoidAllergens: ['nuts'], holdNo: 8 });
  });

  test('keeps what was put in meanwhile, and loses what was ordered', () => {
    const later = cartOf(8, line('TEA', 3), line('JAM', 1));
    const settled = settleCart(later, opened(), { outcome: 'CONFIRMED', tookHold: true });
    expect(settled.lines).toEqual([line('TEA', 1), line('JAM', 1)]);
  });

  test('is as it was when the order failed; only a hold that the order took has another name', () => {
    expect(settleCart(CART, opened(), { outcome: 'FAILED', tookHold: false })).toBe(CART);
    expect(settleCart(CART, opened(), { outcome: 'FAILED', tookHold: true })).toEqual({ ...CART, holdNo: 8 });
    const other = { ...CART, holdNo: 9 };
    expect(settleCart(other, opened(), { outcome: 'FAILED', tookHold: true })).toBe(other);
  });
});
