import type {
  CartHoldRef,
  CartRefusal,
  CartSnapshot,
  ChangeCart,
  RenameCartHold,
} from '../../contracts/rpc/customer.ts';
import { refuse } from '../../contracts/problem.ts';
import { LINES_MAX, QUANTITY_MAX } from '../../contracts/wire.ts';
import { holdOf } from '../../domain/cart/cart.ts';
import type { Cart } from '../../domain/cart/cart.ts';
import { changeCart, renameHold } from '../../domain/cart/change.ts';
import type { CartChange, CartError, CutLine } from '../../domain/cart/change.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { cartHoldRef, releaseOf } from './cart-hold.ts';
import { announce } from './customer-books.ts';
import type { CustomerBooks } from './customer-books.ts';

// Each inside the transaction of its command: read, decide purely, write.

export function cartSnapshot(customerId: UserId, cart: Cart): CartSnapshot {
  const { holdNo: _holdNo, ...shown } = cart;
  return { cart: shown, hold: holdRefOf(customerId, cart) };
}

export interface CartChangeAnswer {
  readonly cut: readonly CutLine[];
  readonly superseded: CartHoldRef | null;
}

export function applyChange(
  books: CustomerBooks,
  { change, traceparent }: ChangeCart,
  nowMs: number,
): Result<CartChangeAnswer, CartRefusal> {
  const before = books.carts.get();
  const changed = changeCart(before, change, { linesMax: LINES_MAX, quantityMax: QUANTITY_MAX });
  if (!changed.ok) return err(cartRefusal(changed.error));
  const { cart, cut } = changed.value;
  if (cart === before) return ok({ cut, superseded: null });
  announceChange(books, cart, change, { atMs: nowMs, traceparent });
  return ok({ cut, superseded: saveCart(books, before, cart, nowMs) });
}

/** The hold has run out or was given away: its goods are to be held under the next name. */
export function renameCartHold(books: CustomerBooks, { holdId }: RenameCartHold, nowMs: number): Result<null, never> {
  const before = books.carts.get();
  if (holdRefOf(books.customerId, before)?.holdId === holdId) saveCart(books, before, renameHold(before), nowMs);
  return ok(null);
}

/** Writes the cart, and gives back the hold that it does not count on any more: that one, if there is one. */
export function saveCart(books: CustomerBooks, before: Cart, cart: Cart, nowMs: number): CartHoldRef | null {
  books.carts.save(cart);
  const held = holdRefOf(books.customerId, before);
  if (held === null || before.holdNo === cart.holdNo) return null;
  const command = releaseOf(books.customerId, held);
  books.outbox.call({ to: 'store', id: held.storeId, method: 'release', command }, nowMs);
  return held;
}

function holdRefOf(customerId: UserId, cart: Cart): CartHoldRef | null {
  const hold = holdOf(cart);
  return hold === null ? null : cartHoldRef(customerId, hold);
}

function announceChange(
  books: CustomerBooks,
  { version, lines, serving }: Cart,
  change: CartChange,
  stamp: Parameters<typeof announce>[3],
): void {
  switch (change.do) {
    case 'SetLine':
      return announce(books, 'cart.line_set', { version, sku: change.sku, quantity: change.quantity }, stamp);
    case 'RemoveLine':
      return announce(books, 'cart.line_removed', { version, sku: change.sku }, stamp);
    case 'Clear':
      return announce(books, 'cart.cleared', { version }, stamp);
    case 'SetTerms': {
      const data = serving === null ? { version } : { version, storeId: serving.storeId };
      return announce(books, 'cart.terms_set', data, stamp);
    }
    case 'Merge':
      return announce(books, 'cart.merged', { version, lines: lines.length }, stamp);
  }
}

function cartRefusal(error: CartError): CartRefusal {
  if (error.code === 'TOO_MANY_LINES') {
    const { lines, linesMax } = error;
    return refuse('INVALID_INPUT', `A cart has at most ${linesMax} lines: leave some out.`, { lines, linesMax });
  }
  const { sku, quantityMax, noteLengthMax } = error;
  const detail = `Take 1 to ${quantityMax} of a SKU, and at most ${noteLengthMax} characters for its note.`;
  return refuse('INVALID_INPUT', detail, { sku, quantityMax, noteLengthMax });
}
