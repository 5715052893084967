import { expireHold } from '../../../domain/inventory/hold.ts';
import type { HoldStep } from '../../../domain/inventory/hold.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { causeOf } from './hold-writes.ts';
import { because } from '../ledger/stock-writer.ts';

/** The one deadline of all holds: the earliest end. */
export const HOLD_EXPIRY = 'hold';
const EARLIEST = 'earliest';
/** Holds that one transaction expires; the rest follow at once in the next. */
const EXPIRED_MAX = 500;

/** Sees to it that the clock rings for a hold. Moves the alarm only if it must ring earlier. */
export function watchExpiry({ deadlines }: StoreBooks, expiresAtMs: number): void {
  deadlines.setEarlier(HOLD_EXPIRY, EARLIEST, expiresAtMs);
}

/** The clock rings: expires what is due, sets itself for what is next. Inside a transaction; safe early, late and twice. */
export function serveExpiry(books: StoreBooks, nowMs: number): void {
  expireDue(books, nowMs);
  books.holds.prune(nowMs);
  const next = books.holds.earliestExpiry();
  // Later than the deadline that is being served, which goes when this returns.
  if (next !== null) books.deadlines.set(HOLD_EXPIRY, EARLIEST, Math.max(next, nowMs + 1));
}

/** Expires the holds whose time is over, set-wise: the clock may ring a minute late, so whoever needs the units looks first. */
export function expireDue(books: StoreBooks, nowMs: number): void {
  const due = books.holds.due(nowMs, EXPIRED_MAX);
  const steps = due.map((hold) => expireHold(hold, nowMs)).filter((step) => step !== undefined);
  if (steps.length === 0) return;
  const entries = steps.flatMap(({ hold, movements }: HoldStep) =>
    because(movements, causeOf(hold, { opId: asOpId(`expire:${hold.holdId}`) })),
  );
  books.stock.postTo(entries, { actor: storeActor(books.storeId), atMs: nowMs });
  books.policies.moveFences(steps.map(({ hold: { channel }, fences }) => ({ channel, fences })));
  books.holds.saveAll(
    steps.map(({ hold }) => hold),
    nowMs,
  );
}
