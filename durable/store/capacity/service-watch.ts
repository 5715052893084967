import { storePaused } from '../../../contracts/rpc/store-capacity.ts';
import { followLoad, retryAfterMs, takesOrders } from '../../../domain/capacity/service-state.ts';
import type { Service } from '../../../domain/capacity/service-state.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { announceService } from './capacity-announcements.ts';
import type { ServiceCause } from './capacity-announcements.ts';
import { outlookOf } from './store-load.ts';
import { callFromLine, entryPast } from './waiting-watch.ts';
import type { Entry } from './waiting-watch.ts';
import type { Outlook } from './store-load.ts';

/** When the clock looks at the load though nothing has happened: a dwell time or what somebody set is over. */
export const SERVICE_LOOK = 'service';

/** Looks whether the load asks for another state. Whenever orders, pickers or the pace have changed; inside their transaction. */
export function followService(books: StoreBooks, hand: Hand): void {
  const outlook = outlookOf(books);
  const before = books.service.read();
  const { service, lookAtMs } = followLoad(before, outlook.readyP90Ms, books.service.policy(), hand.atMs);
  if (lookAtMs !== null) books.deadlines.set(SERVICE_LOOK, '', lookAtMs);
  if (service !== before) {
    const cause = before.pin === null ? 'LOAD' : 'TIME_OVER';
    changeService(books, { before, after: service, cause }, outlook, hand);
  }
  callFromLine(books, hand);
}

/** The store's own clock; safe early, late and twice. */
export function lookAtService(books: StoreBooks, nowMs: number): void {
  followService(books, { actor: storeActor(books.storeId), atMs: nowMs });
}

/** Writes a state and tells of it; whoever reads the state next reads the row. */
export function changeService(
  books: StoreBooks,
  change: { readonly before: Service; readonly after: Service; readonly cause: ServiceCause },
  outlook: Outlook,
  hand: Hand,
): void {
  books.service.save(change.after);
  announceService(books, change, { outlook, policy: books.service.policy() }, hand);
}

/** How the store stands to whatever is new: a paused one takes nothing, one with a line whoever was called. Asks memory only, then. */
export function entryOf(books: StoreBooks, nowMs: number): Entry {
  const service = books.service.current();
  if (takesOrders(service, nowMs)) return entryPast(books, nowMs);
  const refusal = storePaused(retryAfterMs(service, outlookOf(books).readyP90Ms, books.service.policy(), nowMs));
  return () => refusal;
}
