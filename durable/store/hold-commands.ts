import { refuse } from '../../contracts/problem.ts';
import type {
  CommitHold,
  HoldRefusal,
  HoldStock,
  HoldView,
  PromoteHold,
  ReleaseHold,
  RenewHold,
} from '../../contracts/rpc/store.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import {
  CART_HOLD_MS,
  commitHold,
  expireHold,
  holdBasket,
  promoteHold,
  releaseHold,
} from '../../domain/inventory/hold.ts';
import type { Hold, HoldStep } from '../../domain/inventory/hold.ts';
import { asOpId, asOrderId } from '../../domain/shared/ids.ts';
import type { HoldId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { denyReservation } from './store-access.ts';
import { isOpen } from './availability-reader.ts';
import { handOf, storeActor } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { cancelPickOf, queueOrder } from './task-commands.ts';
import { holdView } from './hold-rows.ts';
import { holdRefusal } from './store-refusals.ts';
import { because } from './stock-writer.ts';
import type { Cause, Hand } from './stock-writer.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** The deadline at which a hold's time is over; its ref is the hold's id. */
export const HOLD_EXPIRY = 'hold';

/** `lines` is the command's basket: merged and in order. */
export function holdStock(
  books: StoreBooks,
  command: HoldStock,
  lines: readonly BasketLine[],
  nowMs: number,
): Result<HoldView, HoldRefusal> {
  const { holdId, kind, orderId = null, opId } = command;
  const accounts = books.stock.accounts(lines.map(({ sku }) => sku));
  const decided = holdBasket(books.holds.find(holdId), accounts, { holdId, kind, orderId, lines, nowMs });
  if (!decided.ok) {
    const closed = decided.error.code === 'UNKNOWN_SKU' && !isOpen(books);
    return err(closed ? refuse('STORE_CLOSED', 'This store has no catalog yet.') : holdRefusal(decided.error));
  }
  const { hold, movements } = decided.value;
  if (movements.length === 0) return ok(holdView(hold));
  books.stock.post(accounts, because(movements, causeOf(hold, { opId })), handOf(command, nowMs));
  keep(books, hold, nowMs);
  return ok(holdView(hold));
}

export function promoteToOrder(books: StoreBooks, command: PromoteHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const { holdId, orderId } = command;
  const existing = books.holds.find(holdId);
  const decided = promoteHold(existing, { orderId, nowMs });
  if (!decided.ok) return err(holdRefusal(decided.error));
  if (decided.value.hold !== existing) keep(books, decided.value.hold, nowMs);
  return ok(holdView(decided.value.hold));
}

export function renewCart(books: StoreBooks, { holdId }: RenewHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const existing = books.holds.find(holdId);
  if (existing?.status !== 'HELD' || existing.kind !== 'cart') return err(holdRefusal({ code: 'HOLD_NOT_FOUND' }));
  const renewed: Hold = { ...existing, expiresAtMs: nowMs + CART_HOLD_MS };
  keep(books, renewed, nowMs);
  return ok(holdView(renewed));
}

/** The hold becomes an allocation and the order joins the pick queue. */
export function commitToOrder(books: StoreBooks, command: CommitHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const { holdId, orderId, orderNumber, promisedAtMs, opId } = command;
  const decided = commitHold(books.holds.find(holdId), { orderId });
  if (!decided.ok) return err(holdRefusal(decided.error));
  const { hold, movements } = decided.value;
  if (movements.length === 0) return ok(holdView(hold));
  const hand = handOf(command, nowMs);
  move(books, decided.value, { opId }, hand);
  queueOrder(books, { orderId, orderNumber, holdId, promisedAtMs, lines: hold.lines }, hand);
  return ok(holdView(hold));
}

/** Sees to it that the hold holds nothing any more, also when it was committed, unless the bags have left. */
export function releaseStock(books: StoreBooks, command: ReleaseHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const { holdId, actor, opId, reason } = command;
  const existing = books.holds.find(holdId);
  const denied = existing === undefined ? undefined : denyReservation(actor, existing.orderId);
  if (denied !== undefined) return err(denied);
  const hand = handOf(command, nowMs);
  if (existing?.status === 'COMMITTED') {
    cancelPickOf(books, existing.orderId, { opId, reason }, hand);
    return ok(holdView(books.holds.find(holdId) ?? existing));
  }
  const step = releaseHold(existing, { holdId, orderId: actor.kind === 'object' ? asOrderId(actor.id) : null });
  if (step.hold !== existing) move(books, step, { opId, reason }, hand);
  return ok(holdView(step.hold));
}

/** The store's own clock; safe to ask early, late and twice. */
export function expireAt(books: StoreBooks, holdId: HoldId, nowMs: number): void {
  const step = expireHold(books.holds.find(holdId), nowMs);
  if (step === undefined) return;
  move(books, step, { opId: asOpId(`expire:${holdId}`) }, { actor: storeActor(books.storeId), atMs: nowMs });
}

/** Writes a step whose units were set aside by the hold itself. */
function move(books: StoreBooks, { hold, movements }: HoldStep, cause: Cause, hand: Hand): void {
  books.stock.postTo(because(movements, causeOf(hold, cause)), hand);
  keep(books, hold, hand.atMs);
}

function keep({ holds, deadlines }: StoreBooks, hold: Hold, nowMs: number): void {
  holds.save(hold, nowMs);
  if (hold.status === 'HELD') deadlines.set(HOLD_EXPIRY, hold.holdId, hold.expiresAtMs);
  else deadlines.clear(HOLD_EXPIRY, hold.holdId);
}

function causeOf({ holdId, orderId }: Hold, cause: Cause): Cause {
  return orderId === null ? { ...cause, holdId } : { ...cause, holdId, orderId };
}
