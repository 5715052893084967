import { expireHold } from '../../../domain/inventory/hold.ts';
import type { HoldStep } from '../../../domain/inventory/hold.ts';
import { postOnto } from '../../../domain/inventory/ledger.ts';
import type { Posted } from '../../../domain/inventory/ledger.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { causeOf } from './hold-writes.ts';
import { watchLedger } from '../ledger/auditor.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Entry } from '../ledger/stock-writer.ts';

/** The one deadline of all holds: the earliest end. */
export const HOLD_EXPIRY = 'hold';
const EARLIEST = 'earliest';
/** Holds that one transaction expires; the rest follow at once in the next. */
const EXPIRED_MAX = 500;
/** A hold that cannot end yet is looked at again after this. */
const STUCK_LOOK_MS = 5_000;

/** Sees to it that the clock rings for a hold. Moves the alarm only if it must ring earlier. */
export function watchExpiry({ deadlines }: StoreBooks, expiresAtMs: number): void {
  deadlines.setEarlier(HOLD_EXPIRY, EARLIEST, expiresAtMs);
}

/** The clock rings: expires what is due, sets itself for what is next. Inside a transaction; safe early, late and twice. */
export function serveExpiry(books: StoreBooks, nowMs: number): void {
  const stuck = expireDue(books, nowMs);
  books.holds.prune(nowMs);
  const next = books.holds.earliestExpiry();
  // Later than the deadline that is being served, which goes when this returns.
  if (next !== null) books.deadlines.set(HOLD_EXPIRY, EARLIEST, Math.max(next, nowMs + (stuck ? STUCK_LOOK_MS : 1)));
}

/**
 * Expires the holds whose time is over, set-wise: the clock may ring a minute late, so whoever needs the units looks first. A hold
 * whose units a level has lost stays as it is and holds up nobody else: the auditor stops that SKU, and who lifts it sets the level
 * right. True when there is one.
 */
export function expireDue(books: StoreBooks, nowMs: number): boolean {
  const due = books.holds.due(nowMs, EXPIRED_MAX);
  if (due.length === 0) return false;
  const accounts = books.stock.accounts([...new Set(due.flatMap(({ setAside }) => setAside.map(({ sku }) => sku)))]);
  const steps: HoldStep[] = [];
  const posted: Posted<Entry>[] = [];
  for (const hold of due) {
    const step = expireHold(hold, nowMs);
    // A SKU that has lost its level has no account to give anything back to.
    if (step === undefined || step.movements.some(({ sku }) => !accounts.has(sku))) continue;
    const cause = causeOf(step.hold, { opId: asOpId(`expire:${hold.holdId}`) });
    const lines = postOnto(accounts, because(step.movements, cause));
    if (!lines.ok) continue;
    steps.push(step);
    posted.push(...lines.value);
  }
  const stuck = steps.length < due.length;
  if (stuck) watchLedger(books, nowMs);
  books.stock.append([{ posted, hand: { actor: storeActor(books.storeId), atMs: nowMs } }]);
  books.policies.moveFences(steps.map(({ hold: { channel }, fences }) => ({ channel, fences })));
  books.holds.saveAll(
    steps.map(({ hold }) => hold),
    nowMs,
  );
  return stuck;
}
