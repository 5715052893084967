import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { LiftQuarantine, QuarantineLifted } from '../../../contracts/rpc/store-audit.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { Disagreement } from './audit-rows.ts';
import type { StoreBooks } from '../store-books.ts';

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
  const caughtUp = books.auditing.addUp(MOVEMENTS_PER_STEP);
  if (!caughtUp) {
    books.deadlines.set(AUDIT_SWEEP, WHOLE_STORE, nowMs + NEXT_STEP_MS);
    return;
  }
  const { auditing } = books;
  const found = [...auditing.wrongLevels(), ...auditing.wrongParts()];
  for (const disagreement of auditing.quarantine(found, nowMs)) announceQuarantine(books, disagreement, nowMs);
  if (books.compact(nowMs, COMPACTED_PER_STEP)) books.deadlines.set(AUDIT_SWEEP, WHOLE_STORE, nowMs + NEXT_STEP_MS);
}

/** Sells a SKU again, at the level that its movements add up to: the ledger is the truth, a level is its sum. */
export function liftQuarantine(
  books: StoreBooks,
  { sku, traceparent }: LiftQuarantine,
  nowMs: number,
): Result<QuarantineLifted, Refusal<'NOT_QUARANTINED' | 'STOCK_DISAGREES'>> {
  const { auditing, storeId, outbox } = books;
  if (!auditing.quarantined().includes(sku)) {
    return err(refuse('NOT_QUARANTINED', 'This SKU is on sale already.'));
  }
  if (!auditing.addUp(Number.MAX_SAFE_INTEGER)) throw new Error('the ledger grew inside a transaction');
  const overdrawnUnits = auditing.overdrawnUnits(sku);
  if (overdrawnUnits > 0) {
    return err(
      refuse(
        'STOCK_DISAGREES',
        'More was promised than there ever was: release holds or cancel orders, then try again.',
        {
          what: 'level',
          gapUnits: overdrawnUnits,
        },
      ),
    );
  }
  auditing.restore(sku);
  const still = auditing.wrongParts().find((found) => found.sku === sku);
  if (still !== undefined) {
    auditing.quarantine([still], nowMs);
    const { what, gapUnits } = still;
    return err(
      refuse(
        'STOCK_DISAGREES',
        'Holds, tasks or lots still disagree with the ledger: put them right, then try again.',
        {
          what,
          gapUnits,
        },
      ),
    );
  }
  const type = 'stock.quarantine_lifted';
  const data = { sku };
  outbox.announce({ topic: STORE_EVENTS, type, subject: storeId, key: storeId, atMs: nowMs, traceparent, data });
  return ok({ sku, available: books.stock.accounts([sku]).get(sku)?.level.available ?? 0 });
}

function announceQuarantine(books: StoreBooks, { sku, what, gapUnits }: Disagreement, nowMs: number): void {
  const { storeId, outbox, counts } = books;
  const type = 'stock.quarantined';
  outbox.announce({
    topic: STORE_EVENTS,
    type,
    subject: storeId,
    key: storeId,
    atMs: nowMs,
    data: { sku, what, gapUnits },
  });
  counts.open([{ sku, risk: 1 }], { reason: 'REQUESTED', atMs: nowMs });
}
