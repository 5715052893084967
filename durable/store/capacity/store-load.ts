import type { LoadReport } from '../../../contracts/rpc/store-capacity.ts';
import type { StoreLoad } from '../../../contracts/rpc/store.ts';
import { paceOf } from '../../../domain/capacity/pick-pace.ts';
import { lineTime, readyTime } from '../../../domain/capacity/ready-time.ts';
import type { ReadyTime } from '../../../domain/capacity/ready-time.ts';
import { retryAfterMs, takesOrders } from '../../../domain/capacity/service-state.ts';
import type { StoreBooks } from '../store-books.ts';
import type { QueueDepth } from './pace-rows.ts';

export interface Outlook extends QueueDepth, ReadyTime {
  readonly lineP50Ms: number;
  readonly lineP90Ms: number;
}

/** What the floor has before it, and when it would be done with one order more. */
export function outlookOf({ pace }: StoreBooks): Outlook {
  const depth = pace.depth();
  const measured = paceOf(pace.measured());
  return { ...depth, ...readyTime(depth, measured), ...lineTime(measured) };
}

/** As the isolates have it with every availability answer. Outside of transactions. */
export function storeLoad(books: StoreBooks, nowMs: number): StoreLoad {
  const outlook = outlookOf(books);
  const service = books.service.current();
  if (takesOrders(service, nowMs)) {
    // A pause that is over, before the clock has said so.
    return { ...outlook, serviceState: service.state === 'paused' ? 'open' : service.state, retryAfterMs: null };
  }
  const againMs = retryAfterMs(service, outlook.readyP90Ms, books.service.policy(), nowMs);
  return { ...outlook, serviceState: 'paused', retryAfterMs: againMs };
}

export function reportLoad(books: StoreBooks, _question: unknown, nowMs: number): LoadReport {
  const measured = books.pace.measured();
  return {
    ...storeLoad(books, nowMs),
    service: books.service.current(),
    policy: books.service.policy(),
    pace: paceOf(measured),
    measuredSpells: measured.spells,
    shifts: books.shifts.all().map(({ pickerId, startedAtMs }) => ({ pickerId, startedAtMs })),
  };
}
