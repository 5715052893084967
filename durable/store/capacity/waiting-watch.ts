import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { storeCrowded } from '../../../contracts/rpc/store-capacity.ts';
import { paceOf } from '../../../domain/capacity/pick-pace.ts';
import { retryAfterMs, takesOrders } from '../../../domain/capacity/service-state.ts';
import {
  CALLED_MAX,
  LINE_LOOK_MS,
  lookAtLine,
  mayPass,
  roomFor,
  servedEveryMs,
  turnAtMs,
} from '../../../domain/capacity/waiting-line.ts';
import type { LineLook, LinePace, LineSteps, Standing } from '../../../domain/capacity/waiting-line.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { outlookOf } from './store-load.ts';

/** What an order, or somebody without one, is told who wants something new of the store; `null` when it may have it. */
export type Entry = (orderId: OrderId | null) => Refusal<'STORE_CLOSED' | 'STORE_BUSY'> | null;

/** When the clock looks at the line: as long as somebody waits. */
export const LINE_LOOK = 'line';

/** Calls whoever there is room for. Whenever orders, pickers, the pace or the service have changed; inside their transaction. */
export function callFromLine(books: StoreBooks, hand: Hand): void {
  const line = books.waiting.read();
  if (line.length === 0) return;
  step(books, lookAtLine(line, lookOf(books, hand.atMs)), { hand, tells: false });
  books.deadlines.setEarlier(LINE_LOOK, '', hand.atMs + LINE_LOOK_MS);
}

/** The store's own clock: those who are gone leave, those next are called, and those who moved are told. Safe early and twice. */
export function lookAtWaiting(books: StoreBooks, nowMs: number): void {
  const line = books.waiting.read();
  if (line.length === 0) return;
  const hand = { actor: storeActor(books.storeId), atMs: nowMs };
  step(books, lookAtLine(line, lookOf(books, nowMs)), { hand, tells: true });
  books.deadlines.set(LINE_LOOK, '', nowMs + LINE_LOOK_MS);
}

/** Where the next one in line would stand. */
export function standingAt(books: StoreBooks, place: number, nowMs: number): Standing {
  return { place, turnAtMs: turnAtMs(place, paceOfLine(books, nowMs), nowMs) };
}

/** What whoever is not called is told while others wait. Asks memory only when nobody does. */
export function entryPast(books: StoreBooks, nowMs: number): Entry {
  const line = books.waiting.current();
  if (mayPass(line, null)) return () => null;
  const waiting = line.filter(({ calledAtMs }) => calledAtMs === null).length;
  const refusal = storeCrowded(waiting, standingAt(books, waiting + 1, nowMs).turnAtMs - nowMs);
  return (orderId) => (mayPass(line, orderId) ? null : refusal);
}

function step(
  books: StoreBooks,
  { gone, called, moved }: LineSteps,
  { hand, tells }: { readonly hand: Hand; readonly tells: boolean },
): void {
  for (const orderId of gone) books.waiting.leave(orderId);
  for (const orderId of called) {
    books.waiting.call(orderId, hand.atMs);
    tell(books, orderId, null, hand);
  }
  if (!tells) return;
  for (const { orderId, standing } of moved) {
    books.waiting.keepTold(orderId, standing);
    tell(books, orderId, standing, hand);
  }
}

function tell(books: StoreBooks, orderId: OrderId, standing: Standing | null, hand: Hand): void {
  const { storeId, outbox, waiting } = books;
  const command = {
    v: RPC_VERSION,
    actor: storeActor(storeId),
    opId: asOpId(`line:${storeId}:${waiting.nextMessage(orderId)}`),
    ...(hand.traceparent !== undefined && { traceparent: hand.traceparent }),
    storeId,
    standing,
  };
  outbox.call({ to: 'order', id: orderId, method: 'moveInLine', command }, hand.atMs);
}

function lookOf(books: StoreBooks, nowMs: number): LineLook {
  return { nowMs, room: roomOf(books, nowMs), pace: paceOfLine(books, nowMs) };
}

/** What somebody set to be open is open, whatever the load. */
function roomOf({ service, pace }: StoreBooks, nowMs: number): number {
  const now = service.read();
  if (!takesOrders(now, nowMs)) return 0;
  return now.pin === null ? roomFor(pace.depth(), paceOf(pace.measured()), service.policy()) : CALLED_MAX;
}

function paceOfLine(books: StoreBooks, nowMs: number): LinePace {
  const { service, pace } = books;
  const now = service.read();
  const outlook = outlookOf(books);
  const everyMs = servedEveryMs(outlook, paceOf(pace.measured()));
  if (takesOrders(now, nowMs)) return { againMs: everyMs, everyMs };
  return { againMs: retryAfterMs(now, outlook.readyP90Ms, service.policy(), nowMs), everyMs };
}
