import type { BeginCheckout, CheckoutRefusal, CheckoutView } from '../../contracts/rpc/customer.ts';
import { refuse } from '../../contracts/problem.ts';
import { isHoldOf, openCheckout, settleCart } from '../../domain/cart/checkout.ts';
import type { CheckoutEnd, CheckoutError, Claim } from '../../domain/cart/checkout.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { cartHoldRef } from './cart-hold.ts';
import { saveCart } from './cart-commands.ts';
import { announce } from './customer-books.ts';
import type { CustomerBooks } from './customer-books.ts';

/** An open checkout is looked after: its order is asked what became of it. */
export const CLAIM_DEADLINE = 'claim';
/**
 * How long an order may take to come into being, and how often one that is still being paid is asked about: longer than any request
 * that places an order goes on.
 */
export const CLAIM_LOOK_MS = 2 * 60 * 1000;

/** Idempotent by order id, so it needs no place in the journal of answers. */
export function beginCheckout(
  books: CustomerBooks,
  command: BeginCheckout,
  nowMs: number,
): Result<CheckoutView, CheckoutRefusal> {
  const { orderId, cartVersion, traceparent } = command;
  const own = books.checkouts.find(orderId);
  const opened = openCheckout(books.carts.get(), { own, open: books.checkouts.open(cartVersion) }, command);
  if (!opened.ok) return err(checkoutRefusal(opened.error));
  const claim = opened.value;
  if (claim !== own) {
    books.checkouts.prune(nowMs);
    books.checkouts.save(claim, nowMs);
    books.deadlines.set(CLAIM_DEADLINE, orderId, nowMs + CLAIM_LOOK_MS);
    const data = { version: cartVersion, orderId };
    announce(books, 'cart.checkout_opened', data, { atMs: nowMs, traceparent });
  }
  return ok(toView(books, claim));
}

/** The order came out. Told twice, or of a checkout that is settled, it changes nothing. */
export function settleCheckout(books: CustomerBooks, orderId: OrderId, end: CheckoutEnd, nowMs: number): void {
  const claim = books.checkouts.find(orderId);
  if (claim === null || (claim.status !== 'OPEN' && claim.status !== 'LAPSED')) return;
  books.checkouts.settle(orderId, end.outcome);
  books.deadlines.clear(CLAIM_DEADLINE, orderId);
  const before = books.carts.get();
  const cart = settleCart(before, claim, end);
  const data = { version: cart.version, orderId, outcome: end.outcome };
  announce(books, 'cart.checkout_settled', data, { atMs: nowMs });
  if (cart === before) return;
  // A hold that the order took over is the order's to end.
  if (end.tookHold && isHoldOf(before, claim.checkout)) books.carts.save(cart);
  else saveCart(books, before, cart, nowMs);
}

function toView({ customerId }: CustomerBooks, { checkout }: Claim): CheckoutView {
  const { hold, ...told } = checkout;
  return { ...told, hold: hold === null ? null : cartHoldRef(customerId, hold) };
}

function checkoutRefusal(error: CheckoutError): CheckoutRefusal {
  switch (error.code) {
    case 'KEY_REUSED':
      return refuse('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key for another order.');
    case 'CART_EMPTY':
      return refuse('CART_EMPTY', 'Put something into the cart first.');
    case 'CART_CHANGED': {
      const { cartVersion } = error;
      return refuse('CART_CHANGED', 'Look at the cart again, then order what is in it now.', { cartVersion });
    }
    case 'CHECKOUT_OPEN': {
      const { orderId } = error;
      return refuse('CHECKOUT_OPEN', 'Follow the order that is being placed, or wait for how it comes out.', {
        orderId,
      });
    }
  }
}
