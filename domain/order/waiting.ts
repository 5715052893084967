import type { Standing } from '../capacity/waiting-line.ts';
import type { StoreId } from '../shared/ids.ts';
import { ok } from '../shared/result.ts';
import type { Decision } from './decide.ts';
import { placedAtMs } from './order.ts';
import type { Candidate, OrderState } from './order.ts';

// At a peak an order may wait in the line of a store. It is not charged before it has left it: payment follows the hold.

/** An order waits no longer than this: what is promised after that is no quick commerce. */
export const WAIT_MAX_MS = 20 * 60_000;
/** Turns that come to nothing, because the store has paused again by then, before it is given up. */
const TURNS_MAX = 3;

/** The store whose line the order asks for a place: the best that would have taken it but for the load, and was not asked before. */
export function lineAsked({ terms, passedOver, lineRefusals }: OrderState): Candidate | null {
  const busy = terms.candidates.filter((_store, at) => isBusy(passedOver[at]?.code));
  return busy[lineRefusals.length] ?? null;
}

/** The same, or `null` when the order does not wait, or not any more. */
export function lineToJoin(state: OrderState, nowMs: number): Candidate | null {
  const { payment, soughtAgainAt, status, line } = state;
  const untilMs = waitsUntilMs(state);
  if (untilMs === null || nowMs >= untilMs || (line?.turns ?? 0) >= TURNS_MAX) return null;
  if (status !== 'PENDING' || payment.at !== 'NONE' || soughtAgainAt !== null) return null;
  return lineAsked(state);
}

function isBusy(code: string | undefined): boolean {
  return code === 'STORE_CLOSED' || code === 'STORE_BUSY';
}

/** `null` when the customer did not want to wait. */
export function waitsUntilMs(state: OrderState): number | null {
  const { waitMaxMs } = state.terms;
  return waitMaxMs === undefined ? null : placedAtMs(state) + waitMaxMs;
}

/** Joins that were answered: tells one from the next. */
export function joinsSoFar({ line, lineRefusals }: OrderState): number {
  return lineRefusals.length + (line?.turns ?? 0);
}

/** Where it stands; `null` while it does not wait. */
export function standingOf({ line }: OrderState): Standing | null {
  return line?.at === 'WAITING' ? line.standing : null;
}

/** In the line, or called from it and not held yet: the store is to be told when it leaves. */
export function isInLine({ line, stock }: OrderState): boolean {
  return line !== null && line.at !== 'LEFT' && stock.at === 'NONE';
}

/** The store's word on where the order stands. One that comes before the answer to joining is that answer. */
export function moveInLine(
  state: OrderState,
  { storeId, standing }: { readonly storeId: StoreId; readonly standing: Standing | null },
): Decision<never> {
  const { call, line, status } = state;
  const isJoining = call?.step === 'join' && lineAsked(state)?.storeId === storeId;
  const isWaiting = call === null && line?.at === 'WAITING' && line.storeId === storeId;
  if (status !== 'PENDING' || !(isJoining || isWaiting)) return { events: [], answer: ok(null) };
  if (standing === null) return { events: [{ type: 'line.turn_came', storeId }], answer: ok(null) };
  const type = isJoining ? 'line.joined' : 'line.moved';
  return { events: [{ type, storeId, ...standing }], answer: ok(null) };
}
