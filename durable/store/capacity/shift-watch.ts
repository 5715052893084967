import { withSpell } from '../../../domain/capacity/pick-pace.ts';
import { lookAtShift, nextLookMs, startShift } from '../../../domain/capacity/shift.ts';
import type { Shift, ShiftEnd } from '../../../domain/capacity/shift.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import { asUserId } from '../../../domain/shared/ids.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { announceShift } from './capacity-announcements.ts';
import { followService } from './service-watch.ts';

/** When the clock looks whether a picker is still there; the picker's id is its ref. */
export const SHIFT_LOOK = 'shift';

/** The shift of this picker, started if there was none. */
export function openShift(books: StoreBooks, pickerId: UserId, hand: Hand): Shift {
  const known = books.shifts.find(pickerId);
  if (known !== undefined) return known;
  const shift = startShift(pickerId, hand.atMs);
  books.shifts.save(shift);
  books.deadlines.set(SHIFT_LOOK, pickerId, nextLookMs(shift, hand.atMs));
  announceShift(books, { type: 'shift.started' }, pickerId, hand);
  return shift;
}

export function closeShift(books: StoreBooks, pickerId: UserId, by: ShiftEnd, hand: Hand): void {
  if (books.shifts.find(pickerId) === undefined) return;
  books.shifts.remove(pickerId);
  books.deadlines.clear(SHIFT_LOOK, pickerId);
  announceShift(books, { type: 'shift.ended', by }, pickerId, hand);
}

/** The store's own clock; safe early, late and twice. */
export function serveShift(books: StoreBooks, ref: string, nowMs: number): void {
  const shift = books.shifts.find(asUserId(ref));
  if (shift === undefined) return;
  const { pickerId } = shift;
  const signs = { heardAtMs: books.heardAtMs(pickerId), holdsTask: books.shifts.tasksInHand(pickerId) > 0 };
  const looked = lookAtShift(shift, signs, nowMs);
  if (typeof looked === 'string') {
    const hand = { actor: storeActor(books.storeId), atMs: nowMs };
    closeShift(books, pickerId, looked, hand);
    followService(books, hand);
    return;
  }
  if (looked.heardAtMs !== shift.heardAtMs) books.shifts.save(looked);
  books.deadlines.set(SHIFT_LOOK, pickerId, nextLookMs(looked, nowMs));
}

/**
 * What a step of a task says about the floor: who picks is on shift, a pick that went through says how fast, and the load is
 * another one. After the step was written, in its transaction.
 */
export function followTask(books: StoreBooks, before: PickTask, after: PickTask, hand: Hand): void {
  if (after.status === before.status) return;
  if (after.status === 'PICKING') beginPicking(books, before, after.pickerId, hand);
  else if (before.status === 'PICKING') endPicking(books, before, after, hand);
  followService(books, hand);
}

function beginPicking(books: StoreBooks, before: PickTask, pickerId: UserId, hand: Hand): void {
  const shift = openShift(books, pickerId, hand);
  const fresh = before.times.claimedAtMs === null;
  if (books.shifts.tasksInHand(pickerId) === 1) {
    const spell = fresh ? { fromMs: hand.atMs, orders: 0, lines: 0 } : null;
    books.shifts.save({ ...shift, spell });
  } else if (!fresh && shift.spell !== null) books.shifts.save({ ...shift, spell: null });
}

/** A task that was given back, or that somebody else had begun, says nothing about pace: nor does what was picked along with it. */
function endPicking(
  books: StoreBooks,
  { pickerId }: Extract<PickTask, { readonly status: 'PICKING' }>,
  after: PickTask,
  { atMs }: Hand,
): void {
  const shift = books.shifts.find(pickerId);
  if (shift === undefined || shift.spell === null) return;
  if (after.status !== 'PACKED') {
    books.shifts.save({ ...shift, spell: null });
    return;
  }
  const { fromMs, orders, lines } = shift.spell;
  const spell = { fromMs, orders: orders + 1, lines: lines + after.lines.length };
  if (books.shifts.tasksInHand(pickerId) > 0) {
    books.shifts.save({ ...shift, spell });
    return;
  }
  books.shifts.save({ ...shift, spell: null });
  const picked = { orders: spell.orders, lines: spell.lines, tookMs: atMs - fromMs };
  books.pace.save(withSpell(books.pace.measured(), picked, atMs));
}
