import type { BasketLine } from '../inventory/basket-lines.ts';
import type { OrderWishes } from '../picking/order-wishes.ts';
import type { OrderId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { holdOf } from './cart.ts';
import type { Cart, CartHold, CartLine } from './cart.ts';
import { nextCart, renameHold } from './change.ts';

/** What an order is made of: the cart as it was. */
export interface Checkout {
  readonly cartVersion: number;
  readonly lines: readonly BasketLine[];
  readonly wishes: OrderWishes;
  readonly notes: readonly Pick<CartLine, 'sku' | 'note'>[];
  readonly hold: CartHold | null;
}

/** OPEN: its order is being placed. LAPSED: none ever was, so that it may be opened again. */
export type CheckoutStatus = 'OPEN' | 'CONFIRMED' | 'FAILED' | 'LAPSED';
export interface Claim {
  readonly orderId: OrderId;
  /** SHA-256 of the request that asked for it. */
  readonly bodyDigest: string;
  readonly status: CheckoutStatus;
  readonly checkout: Checkout;
}

export interface CheckoutRequest {
  readonly orderId: OrderId;
  readonly bodyDigest: string;
  readonly cartVersion: number;
}
export type CheckoutError =
  | { readonly code: 'KEY_REUSED' }
  | { readonly code: 'CART_EMPTY' }
  | { readonly code: 'CART_CHANGED'; readonly cartVersion: number }
  | { readonly code: 'CHECKOUT_OPEN'; readonly orderId: OrderId };

/**
 * Opens the checkout of a cart version for one order: the same order gets what it got before, another one is refused while the
 * first is open.
 */
export function openCheckout(
  cart: Cart,
  { own, open }: { readonly own: Claim | null; readonly open: Claim | null },
  { orderId, bodyDigest, cartVersion }: CheckoutRequest,
): Result<Claim, CheckoutError> {
  if (own !== null && own.bodyDigest !== bodyDigest) return err({ code: 'KEY_REUSED' });
  if (own !== null && own.status !== 'LAPSED') return ok(own);
  if (open !== null) return err({ code: 'CHECKOUT_OPEN', orderId: open.orderId });
  if (cart.version !== cartVersion) return err({ code: 'CART_CHANGED', cartVersion: cart.version });
  if (cart.lines.length === 0) return err({ code: 'CART_EMPTY' });
  return ok({ orderId, bodyDigest, status: 'OPEN', checkout: checkoutOf(cart) });
}

function checkoutOf(cart: Cart): Checkout {
  const preferences = cart.lines.flatMap(({ sku, preference }) => (preference === null ? [] : [{ sku, preference }]));
  return {
    cartVersion: cart.version,
    lines: cart.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    wishes: { avoidAllergens: cart.avoidAllergens, preferences },
    notes: cart.lines.flatMap(({ sku, note }) => (note === '' ? [] : [{ sku, note }])),
    hold: holdOf(cart),
  };
}

/** How an order came out, as far as its cart is concerned. */
export interface CheckoutEnd {
  readonly outcome: 'CONFIRMED' | 'FAILED' | 'LAPSED';
  /** Whether the order took over the cart's hold: then the cart has none any more. */
  readonly tookHold: boolean;
}

/** The cart after its order came out: what was ordered is taken out, whatever else was put in since; or it is as it was. */
export function settleCart(cart: Cart, { checkout }: Claim, { outcome, tookHold }: CheckoutEnd): Cart {
  if (outcome !== 'CONFIRMED') return tookHold && isHoldOf(cart, checkout) ? renameHold(cart) : cart;
  const lines = cart.version === checkout.cartVersion ? [] : withoutOrdered(cart.lines, checkout.lines);
  const { avoidAllergens, serving } = cart;
  return nextCart(cart, { lines, avoidAllergens, serving });
}

function withoutOrdered(lines: readonly CartLine[], ordered: readonly BasketLine[]): readonly CartLine[] {
  const units = new Map(ordered.map(({ sku, quantity }) => [sku, quantity]));
  return lines.flatMap((line) => {
    const quantity = line.quantity - (units.get(line.sku) ?? 0);
    return quantity > 0 ? [{ ...line, quantity }] : [];
  });
}

/** Whether the cart still counts on the hold that the checkout was given. */
export function isHoldOf(cart: Cart, { hold }: Checkout): boolean {
  return hold !== null && hold.holdNo === cart.holdNo;
}
