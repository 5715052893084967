import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type {
  CountOutcome,
  CountReason,
  CountTask,
  PlanCounts,
  RequestCount,
  StartCount,
  SubmitCount,
} from '../../../contracts/rpc/store-counts.ts';
import { afterCount } from '../../../domain/inventory/count-risk.ts';
import { expectedUnits, isAccurate, isBelieved, judgeCount } from '../../../domain/inventory/cycle-count.ts';
import type { CountMade, CountVerdict, ShelfUnits } from '../../../domain/inventory/cycle-count.ts';
import type { Movement } from '../../../domain/inventory/ledger.ts';
import type { StockLevel } from '../../../domain/inventory/stock-level.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { Sku, UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Ok, Result } from '../../../domain/shared/result.ts';
import { rankShelves } from './count-ranking.ts';
import type { Count } from './count-rows.ts';
import { countTasks } from './count-view.ts';
import { raiseDiscrepancy } from './discrepancy-recovery.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** A counter who does not come back within this time has left the task to the next one. */
const COUNTING_MS = 30 * 60 * 1000;

type CountGone = Refusal<'COUNT_NOT_FOUND' | 'COUNT_TAKEN' | 'COUNT_STATE'>;

export function requestCount(
  books: StoreBooks,
  { sku }: RequestCount,
  nowMs: number,
): Result<CountTask, Refusal<'UNKNOWN_SKU'>> {
  if (!books.stock.accounts([sku]).has(sku)) return err(unknownSkus([sku]));
  return answer(books, openCount(books, sku, { reason: 'REQUESTED', risk: 1, atMs: nowMs }));
}

/** Opens a count of one shelf, or answers the one that is open. */
export function openCount(
  { counts }: StoreBooks,
  sku: Sku,
  { reason, risk, atMs }: { readonly reason: CountReason; readonly risk: number; readonly atMs: number },
): Count {
  counts.open([{ sku, risk }], { reason, atMs });
  const task = counts.openOf([sku])[0];
  invariant(task !== undefined, `the count of ${sku} was opened and is not there`);
  return task;
}

export function planCounts(
  books: StoreBooks,
  { tasks }: PlanCounts,
  nowMs: number,
): Result<{ readonly opened: readonly CountTask[] }, never> {
  const worth = rankShelves(books, nowMs).slice(0, tasks);
  const shelves = worth.map(({ sku, score }) => ({ sku, risk: score }));
  books.counts.open(shelves, { reason: 'PLANNED', atMs: nowMs });
  const opened = books.counts.openOf(worth.map(({ sku }) => sku));
  return ok({ opened: countTasks(opened, books.cards) });
}

/** The counter is told which shelf, and never what should be on it. */
export function startCount(
  books: StoreBooks,
  { countId, actor }: StartCount,
  nowMs: number,
): Result<CountTask, CountGone> {
  const counterId = counterOf(actor);
  const count = takeable(books, countId, counterId, nowMs);
  if (!count.ok) return count;
  books.counts.start(countId, counterId, nowMs);
  return answer(books, { ...count.value, status: 'COUNTING', counter: { userId: counterId, startedAtMs: nowMs } });
}

/**
 * What lies on the shelf, held against the ledger of this very moment: picks since the count began have left both. The variance is
 * posted after what was in doubt is for sale again, and after whoever cannot be served any more has given way.
 */
export function submitCount(books: StoreBooks, command: SubmitCount, nowMs: number): Result<CountOutcome, CountGone> {
  const { countId, quantity, opId } = command;
  const found = takeable(books, countId, counterOf(command.actor), nowMs);
  if (!found.ok) return found;
  const count = found.value;
  if (count.status !== 'COUNTING') {
    return err(refuse('COUNT_STATE', 'Start the count first, then go to the shelf.', { status: count.status }));
  }
  const shelf = shelfOf(books, count.sku);
  const expected = expectedUnits(shelf);
  const made: CountMade = { attempt: count.attempt, varianceUnits: quantity - expected };
  if (!isBelieved(made, count.before, expected)) {
    books.counts.again(count, made);
    return ok({ outcome: 'RECOUNT', countId, sku: count.sku, attempt: count.attempt + 1 });
  }
  const verdict = judgeCount(shelf, quantity);
  const cause: Cause = { opId, reason: `count ${countId}` };
  postCount(books, count.sku, { verdict, counted: quantity }, cause, handOf(command, nowMs));
  return ok(closeCount(books, count, { verdict, counted: quantity }, handOf(command, nowMs)));
}

function answer({ cards }: StoreBooks, count: Count): Ok<CountTask> {
  const task = countTasks([count], cards)[0];
  invariant(task !== undefined, 'one count is one task');
  return ok(task);
}

function postCount(
  books: StoreBooks,
  sku: Sku,
  { verdict, counted }: { readonly verdict: CountVerdict; readonly counted: number },
  cause: Cause,
  hand: Hand,
): void {
  const { clearedUnits, shortfallUnits, missingSetAside, varianceUnits, expectedUnits: expected } = verdict;
  let uncovered = 0;
  if (shortfallUnits > 0) {
    const found = { sku, source: 'COUNT', expected, counted, shortfall: shortfallUnits } as const;
    uncovered = raiseDiscrepancy(books, found, cause, hand).uncoveredUnits;
  }
  // Promises are the ledger's own buckets, so there is always someone to take them from; a ledger that knows better is broken.
  invariant(uncovered === 0, `${uncovered} promised units of ${sku} belong to nobody`);
  const movements: Movement[] = [];
  const unblocked = clearedUnits + missingSetAside;
  if (unblocked > 0) movements.push({ kind: 'unblocked', sku, quantity: unblocked });
  if (varianceUnits !== 0) movements.push({ kind: 'counted', sku, quantity: varianceUnits });
  books.stock.postTo(because(movements, cause), hand);
}

function closeCount(
  books: StoreBooks,
  count: Count,
  { verdict, counted }: { readonly verdict: CountVerdict; readonly counted: number },
  hand: Hand,
): CountOutcome {
  const { sku, countId, attempt } = count;
  const { expectedUnits: expected, varianceUnits: variance, shortfallUnits: shortfall } = verdict;
  books.counts.close(count, { expected, counted, shortfall, accurate: isAccurate(verdict) }, hand.atMs);
  books.shelves.save(sku, afterCount(books.shelves.history(sku), variance, hand.atMs));
  books.shelves.settleDoubt(sku);
  books.outbox.announce({
    topic: STORE_EVENTS,
    type: 'count.completed',
    subject: books.storeId,
    key: books.storeId,
    atMs: hand.atMs,
    traceparent: hand.traceparent,
    data: { sku, expected, counted, variance, shortfall, attempts: attempt },
  });
  const available = books.stock.accounts([sku]).get(sku)?.level.available ?? 0;
  return { outcome: 'COUNTED', countId, sku, expected, counted, variance, shortfall, available };
}

/** The shelf of a SKU as the ledger has it now. */
function shelfOf(books: StoreBooks, sku: Sku): ShelfUnits {
  const level: StockLevel | undefined = books.stock.accounts([sku]).get(sku)?.level;
  invariant(level !== undefined, `${sku} is counted and has no account`);
  const { available, blocked, held, allocated } = level;
  // Blocked units can leave otherwise, as expired ones that are thrown away: never more doubt than there are.
  const inDoubt = Math.min(blocked, books.shelves.doubtUnits(sku));
  return { available, inDoubt, setAside: blocked - inDoubt, held, allocated };
}

/** The count, when this person may go on with it. */
function takeable(books: StoreBooks, countId: number, counterId: UserId, nowMs: number): Result<Count, CountGone> {
  const count = books.counts.find(countId);
  if (count === undefined) return err(refuse('COUNT_NOT_FOUND', 'This store has no such count; list them again.'));
  if (count.status === 'DONE') {
    return err(refuse('COUNT_STATE', 'This shelf has been counted; ask for another count.', { status: 'DONE' }));
  }
  // What is wrong with the level would be posted as a variance, and be wrong once more when the quarantine is lifted.
  if (books.stock.accounts([count.sku]).get(count.sku)?.quarantined === true) {
    return err(
      refuse('COUNT_STATE', 'The books of this SKU do not agree: an operator lifts its quarantine first, then count.', {
        status: count.status,
        quarantined: true,
      }),
    );
  }
  const { counter } = count;
  if (counter === null || counter.userId === counterId || counter.startedAtMs + COUNTING_MS <= nowMs) return ok(count);
  return err(
    refuse('COUNT_TAKEN', 'Take another count; this one is given up after half an hour.', {
      counterId: counter.userId,
    }),
  );
}

function counterOf(actor: { readonly kind: string; readonly userId?: UserId }): UserId {
  invariant(actor.userId !== undefined, `a ${actor.kind} was let in to count`);
  return actor.userId;
}
