import type { StoreBooks } from '../store-books.ts';
import { stopSale } from './quarantine.ts';

/** The deadline of the next sweep. */
export const AUDIT_SWEEP = 'audit';
const WHOLE_STORE = 'store';
/** From a movement to the sweep that checks it, and so the longest that a wrong level of a busy store is sold from. */
export const SWEEP_AFTER_MS = 60_000;
/** The rest of a long ledger follows after this. */
const NEXT_STEP_MS = 1_000;
/** Movements that one sweep adds up, and that one turns into sums by day: some 50 ms each. */
const MOVEMENTS_PER_STEP = 20_000;
const COMPACTED_PER_STEP = 10_000;

/** Sees to it that what was just posted is checked. A store at rest is not woken. */
export function watchLedger({ deadlines }: Pick<StoreBooks, 'deadlines'>, atMs: number): void {
  deadlines.setEarlier(AUDIT_SWEEP, WHOLE_STORE, atMs + SWEEP_AFTER_MS);
}

/**
 * Adds the ledger up once more and holds every level, every hold, every task and every lot against it. A SKU that does not agree is not sold
 * from then on; the store goes on selling the others. Inside the transaction of the deadline.
 */
export function sweepLedger(books: StoreBooks, nowMs: number): void {
  const caughtUp = books.auditing.balances.addUp(MOVEMENTS_PER_STEP);
  if (!caughtUp) {
    books.deadlines.set(AUDIT_SWEEP, WHOLE_STORE, nowMs + NEXT_STEP_MS);
    return;
  }
  const { auditing } = books;
  const found = [...auditing.wrongLevels(), ...auditing.wrongParts()];
  stopSale(books, found, nowMs);
  books.pruneLots(nowMs);
  if (books.compact(nowMs, COMPACTED_PER_STEP)) books.deadlines.set(AUDIT_SWEEP, WHOLE_STORE, nowMs + NEXT_STEP_MS);
}
