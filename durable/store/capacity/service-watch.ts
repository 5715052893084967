import { storePaused } from '../../../contracts/rpc/store-capacity.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { followLoad, retryAfterMs, takesOrders } from '../../../domain/capacity/service-state.ts';
import type { Service } from '../../../domain/capacity/service-state.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { announceService } from './capacity-announcements.ts';
import type { ServiceCause } from './capacity-announcements.ts';
import { outlookOf } from './store-load.ts';
import type { Outlook } from './store-load.ts';

/** When the clock looks at the load though nothing has happened: a dwell time or what somebody set is over. */
export const SERVICE_LOOK = 'service';

/** Looks whether the load asks for another state. Whenever orders, pickers or the pace have changed; inside their transaction. */
export function followService(books: StoreBooks, hand: Hand): void {
  const outlook = outlookOf(books);
  const before = books.service.read();
  const { service, lookAtMs } = followLoad(before, outlook.readyP90Ms, books.service.policy(), hand.atMs);
  if (lookAtMs !== null) books.deadlines.set(SERVICE_LOOK, '', lookAtMs);
  if (service === before) return;
  changeService(books, { before, after: service, cause: before.pin === null ? 'LOAD' : 'TIME_OVER' }, outlook, hand);
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

/** What whoever wants something new of the store is told while it is paused; `null` when it takes orders. Asks memory only, then. */
export function refuseNewOrders(books: StoreBooks, nowMs: number): Refusal<'STORE_CLOSED'> | null {
  const service = books.service.current();
  if (takesOrders(service, nowMs)) return null;
  return storePaused(retryAfterMs(service, outlookOf(books).readyP90Ms, books.service.policy(), nowMs));
}
