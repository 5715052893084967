import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { FloorView, TabletDelta } from '../../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import type { Service, ServicePolicy } from '../../../domain/capacity/service-state.ts';
import type { ShiftEnd } from '../../../domain/capacity/shift.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Outlook } from './store-load.ts';

/** By what a service state changed: the load, somebody, or the end of what somebody had set. */
export type ServiceCause = 'LOAD' | 'SAID' | 'TIME_OVER';

/** How the floor stands, as the tablets show it. */
export function floorView({ shifts }: StoreBooks, { state, pin }: Service): FloorView {
  const until = pin === null || pin.untilMs === null ? null : toTimestamp(pin.untilMs);
  return { pickersOnShift: shifts.count(), service: { state, reason: pin?.reason ?? null, until } };
}

function showFloor(books: StoreBooks, service: Service): void {
  books.feed.append({ floor: floorView(books, service) } satisfies TabletDelta);
}

export function announceShift(
  books: StoreBooks,
  step: { readonly type: 'shift.started' } | { readonly type: 'shift.ended'; readonly by: ShiftEnd },
  pickerId: UserId,
  { atMs, traceparent }: Hand,
): void {
  const { storeId, outbox } = books;
  showFloor(books, books.service.read());
  const data = {
    pickerId,
    pickersOnShift: books.shifts.count(),
    ...('by' in step && { by: step.by }),
  };
  outbox.announce({ topic: STORE_EVENTS, type: step.type, subject: storeId, key: storeId, atMs, traceparent, data });
}

/** Tells the tablets and the log, with the figures that explain it. */
export function announceService(
  books: StoreBooks,
  { before, after, cause }: { readonly before: Service; readonly after: Service; readonly cause: ServiceCause },
  { outlook, policy }: { readonly outlook: Outlook; readonly policy: ServicePolicy },
  { atMs, traceparent }: Hand,
): void {
  const { storeId, outbox } = books;
  showFloor(books, after);
  outbox.announce({
    topic: STORE_EVENTS,
    type: 'store.service_changed',
    subject: storeId,
    key: storeId,
    atMs,
    traceparent,
    data: {
      before: before.state,
      state: after.state,
      cause,
      ...(after.pin !== null && { reason: after.pin.reason }),
      ...(after.pin !== null && after.pin.untilMs !== null && { until: toTimestamp(after.pin.untilMs) }),
      readyP50Ms: outlook.readyP50Ms,
      readyP90Ms: outlook.readyP90Ms,
      throttleAtMs: policy.throttleAtMs,
      pauseAtMs: policy.pauseAtMs,
      queuedTasks: outlook.queuedTasks,
      queuedLines: outlook.queuedLines,
      pickersOnShift: outlook.pickersOnShift,
    },
  });
}
