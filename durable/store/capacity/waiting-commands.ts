import { storeCrowded, storePaused } from '../../../contracts/rpc/store-capacity.ts';
import type { InLine, JoinLine, LeaveLine } from '../../../contracts/rpc/store-capacity.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { retryAfterMs, takesOrders } from '../../../domain/capacity/service-state.ts';
import { LINE_MAX } from '../../../domain/capacity/waiting-line.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { isOpen } from '../availability-reader.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { outlookOf } from './store-load.ts';
import { callFromLine, LINE_LOOK, standingAt } from './waiting-watch.ts';

/** To the end of the line; at once to its head when the store has room. One that waits already keeps its place. */
export function joinLine(
  books: StoreBooks,
  command: JoinLine,
  nowMs: number,
): Result<InLine, Refusal<'STORE_BUSY' | 'STORE_CLOSED'>> {
  const { orderId, untilMs } = command;
  const closed = refuseWaiting(books, nowMs);
  if (closed !== null) return err(closed);
  const { waiting } = books;
  const line = waiting.read();
  const known = line.find((order) => order.orderId === orderId);
  if (known === undefined) {
    const place = line.filter(({ calledAtMs }) => calledAtMs === null).length + 1;
    const standing = standingAt(books, place, nowMs);
    if (line.length >= LINE_MAX) return err(storeCrowded(line.length, standing.turnAtMs - nowMs));
    waiting.join({ orderId, joinedAtMs: nowMs, untilMs }, standing);
  } else if (known.calledAtMs !== null) {
    // Its turn came, and the store paused again before it was held.
    waiting.call(orderId, null);
  }
  callFromLine(books, handOf(command, nowMs));
  return ok({ standing: standingOf(books, command, nowMs) });
}

function standingOf(books: StoreBooks, { orderId }: JoinLine, nowMs: number): InLine['standing'] {
  const waiting = books.waiting.read().filter(({ calledAtMs }) => calledAtMs === null);
  const ahead = waiting.findIndex((order) => order.orderId === orderId);
  if (ahead < 0) return null;
  const standing = standingAt(books, ahead + 1, nowMs);
  books.waiting.keepTold(orderId, standing);
  return standing;
}

/** Those behind whoever left are told this soon, so that many who leave at once are one piece of news. */
const LEFT_LOOK_MS = 1_000;

/** Whoever left is not called any more. */
export function leaveLine(books: StoreBooks, { orderId }: LeaveLine, nowMs: number): Result<null, never> {
  books.waiting.leave(orderId);
  books.deadlines.setEarlier(LINE_LOOK, '', nowMs + LEFT_LOOK_MS);
  return ok(null);
}

/** A pause without an end is nothing to wait for, and neither is a store without goods. */
function refuseWaiting(books: StoreBooks, nowMs: number): Refusal<'STORE_CLOSED'> | null {
  const service = books.service.read();
  const hasNoEnd = !takesOrders(service, nowMs) && service.pin !== null && service.pin.untilMs === null;
  if (isOpen(books) && !hasNoEnd) return null;
  return storePaused(retryAfterMs(service, outlookOf(books).readyP90Ms, books.service.policy(), nowMs));
}
