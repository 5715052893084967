import type {
  CommitHold,
  HoldQuestion,
  HoldRefusal,
  HoldView,
  PromoteHold,
  ReleaseHold,
  RenewHold,
} from '../../../contracts/rpc/store.ts';
import { actorId } from '../../../contracts/actor.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { BasketLine } from '../../../domain/inventory/basket-lines.ts';
import { CART_HOLD_MS, commitHold, promoteHold, releaseHold, renewHold } from '../../../domain/inventory/hold.ts';
import { APP_CHANNEL } from '../../../domain/inventory/sellable.ts';
import { asOrderId } from '../../../domain/shared/ids.ts';
import type { OpId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { entryOf } from '../capacity/service-watch.ts';
import { mayPromote, ownsHold, seesHold } from '../store-access.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { cancelPickOf, queueOrder } from '../floor/task-commands.ts';
import { watchExpiry } from './hold-expiry.ts';
import { holdOutcome, holdView, isHoldAnswer } from './hold-view.ts';
import { writeHoldStep } from './hold-writes.ts';
import { withholdClosed } from '../goods/lot-closing.ts';
import { holdRefusal } from '../store-refusals.ts';

// Each inside the transaction of its command: read, decide purely, write. Whose hold it is not, is told that there is none.

const NOT_FOUND = refuse('HOLD_NOT_FOUND', 'This store knows no such hold; hold the basket first.');

export function promoteToOrder(books: StoreBooks, command: PromoteHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const { holdId, orderId, opId } = command;
  const existing = books.holds.find(holdId);
  if (existing !== undefined && !mayPromote(command, existing)) return err(NOT_FOUND);
  // A cart becomes a new order; one that has become it is only asked about again.
  const paused = existing?.orderId === null ? entryOf(books, nowMs)(orderId) : null;
  if (paused !== null && command.actor.kind !== 'operator') return err(paused);
  const skus = existing?.lines.map(({ sku }) => sku) ?? [];
  withholdClosed(books, skus, nowMs);
  // The hold itself may be who had to give way just now.
  const standing = existing === undefined ? undefined : books.holds.find(holdId);
  const forSale = { accounts: books.stock.accounts(skus), terms: books.policies.terms(skus) };
  const decided = promoteHold(standing, forSale, { orderId, nowMs });
  if (!decided.ok) return err(holdRefusal(decided.error));
  const { hold } = decided.value;
  if (hold !== standing && hold.status === 'HELD') {
    writeHoldStep(books, decided.value, { opId }, handOf(command, nowMs));
    watchExpiry(books, hold.expiresAtMs);
  }
  books.waiting.leave(orderId);
  return ok(holdView(hold));
}

export function renewCart(books: StoreBooks, command: RenewHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const existing = books.holds.find(command.holdId);
  if (existing !== undefined && !ownsHold(command.actor, existing)) return err(NOT_FOUND);
  const decided = renewHold(existing, nowMs);
  if (!decided.ok) return err(holdRefusal(decided.error));
  // Later than before: the clock rings for nothing once, and sets itself again.
  books.holds.save(decided.value.hold, nowMs);
  return ok(holdView(decided.value.hold));
}

/** The hold becomes an allocation, whole or as much of it as `lines` says, and the order joins the pick queue with that. */
export function commitToOrder(
  books: StoreBooks,
  command: Omit<CommitHold, 'lines'> & { readonly lines?: readonly BasketLine[] | undefined },
  nowMs: number,
): Result<HoldView, HoldRefusal> {
  const { holdId, orderId, orderNumber, promisedAtMs, toDoorMs, opId, lines, wishes } = command;
  const existing = books.holds.find(holdId);
  if (existing !== undefined && !ownsHold(command.actor, existing)) return err(NOT_FOUND);
  const decided = commitHold(existing, { orderId, lines });
  if (!decided.ok) return err(holdRefusal(decided.error));
  const { hold } = decided.value;
  if (hold === existing) return ok(holdView(hold));
  const hand = handOf(command, nowMs);
  writeHoldStep(books, decided.value, { opId }, hand);
  const picked = hold.setAside.map(({ sku, quantity }) => ({ sku, quantity }));
  if (wishes !== undefined) books.wishes.add(orderId, wishes);
  queueOrder(books, { orderId, orderNumber, holdId, promisedAtMs, lines: picked }, hand);
  if (toDoorMs !== undefined) books.queue.saveRide(orderId, toDoorMs);
  return ok(holdView(hold));
}

/** Sees to it that the hold holds nothing any more, also when it was committed, unless the bags have left. */
export function releaseStock(books: StoreBooks, command: ReleaseHold, nowMs: number): Result<HoldView, HoldRefusal> {
  const { holdId, actor, opId, reason } = command;
  const existing = books.holds.find(holdId);
  if (existing !== undefined && !ownsHold(actor, existing)) return err(NOT_FOUND);
  const hand = handOf(command, nowMs);
  if (existing?.status === 'COMMITTED') {
    cancelPickOf(books, existing.orderId, { opId, reason }, hand);
    return ok(holdView(books.holds.find(holdId) ?? existing));
  }
  const step = releaseHold(existing, tombstoneOf(command));
  if (step.hold !== existing) writeHoldStep(books, step, { opId, reason }, hand);
  return ok(holdView(step.hold));
}

export function viewHold(
  { holds }: StoreBooks,
  { actor, holdId }: HoldQuestion,
): Result<HoldView, Refusal<'HOLD_NOT_FOUND'>> {
  const hold = holds.find(holdId);
  if (hold === undefined || !seesHold(actor, hold)) return err(NOT_FOUND);
  return ok(holdView(hold));
}

/** What became of an operation on a hold: asking for one is remembered by the hold, any other by the journal of answers. */
export function findOutcome({ holds, ops }: StoreBooks, opId: OpId): Result<HoldView, HoldRefusal> | null {
  const asked = holds.findByOp(opId);
  if (asked !== undefined) return holdOutcome(asked);
  const stored = ops.find(opId);
  return stored !== null && isHoldAnswer(stored) ? stored.answer : null;
}

/** What a release leaves of a hold that it overtook: whose it was, and that nothing may come under its id. */
function tombstoneOf({ holdId, actor }: ReleaseHold): Parameters<typeof releaseHold>[1] {
  const orderId = actor.kind === 'object' ? asOrderId(actor.id) : null;
  const none = { lines: [], setAside: [], renewed: false, forMs: CART_HOLD_MS, channel: APP_CHANNEL } as const;
  return { ...none, holdId, kind: orderId === null ? 'cart' : 'order', orderId, owner: actorId(actor) };
}
