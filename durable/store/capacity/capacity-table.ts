import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { PINNED_MAX_MS, READY_MAX_MS } from '../../../contracts/rpc/store-capacity.ts';
import type {
  CapacityCommands,
  EndShift,
  ServiceView,
  SetServicePolicy,
  SetServiceState,
  StartShift,
} from '../../../contracts/rpc/store-capacity.ts';
import { pinService, SERVICE_REASONS, SERVICE_STATES, unpinService } from '../../../domain/capacity/service-state.ts';
import type { Service, ServicePolicy } from '../../../domain/capacity/service-state.ts';
import { asUserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { actorId } from '../../../contracts/actor.ts';
import type { Handler } from '../command-table.ts';
import { denyGoods, denyOperation, denyPicking, denyReservation } from '../store-access.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { changeService, followService } from './service-watch.ts';
import { closeShift, openShift } from './shift-watch.ts';
import { outlookOf } from './store-load.ts';
import { joinLine, leaveLine } from './waiting-commands.ts';

const STATES: readonly string[] = [...SERVICE_STATES, 'automatic'];

/** Who works in the store, and whether it takes orders. */
export const CAPACITY_HANDLERS: { readonly [N in keyof CapacityCommands]: Handler<N> } = {
  StartShift: { denies: denyPicking, refuses: () => undefined, decide: startShift },
  EndShift: {
    denies: denyGoods,
    refuses({ actor, pickerId }) {
      if (actor.kind !== 'staff') {
        return pickerId === undefined ? refuse('INVALID_INPUT', 'Say whose shift it is.') : undefined;
      }
      const own = pickerId === undefined || pickerId === actor.userId;
      return own ? undefined : refuse('FORBIDDEN', 'End your own shift; operators end those of others.');
    },
    decide: endShift,
  },
  SetServiceState: {
    denies: denyOperation,
    refuses({ state, reason, untilMs }) {
      if (!STATES.includes(state)) return refuse('INVALID_INPUT', `A store is one of these: ${STATES.join(', ')}.`);
      if (state === 'automatic') {
        if (reason === undefined && untilMs === undefined) return undefined;
        return refuse('INVALID_INPUT', 'What the load decides has no reason and no end.');
      }
      if (untilMs !== undefined && !Number.isSafeInteger(untilMs)) return refuse('INVALID_INPUT', 'Send a moment.');
      if (reason !== undefined && SERVICE_REASONS.includes(reason)) return undefined;
      return refuse('INVALID_INPUT', `Give one of these reasons: ${SERVICE_REASONS.join(', ')}.`);
    },
    decide: setServiceState,
  },
  SetServicePolicy: {
    denies: denyOperation,
    refuses({ throttleAtMs, pauseAtMs }) {
      const sensible = [throttleAtMs, pauseAtMs].every(
        (ms) => Number.isSafeInteger(ms) && ms > 0 && ms <= READY_MAX_MS,
      );
      if (sensible && throttleAtMs < pauseAtMs) return undefined;
      return refuse('INVALID_INPUT', 'A store pauses at a longer ready time than it throttles at, at most four hours.');
    },
    decide: setServicePolicy,
  },
  JoinLine: {
    denies: (actor) => denyReservation(actor, null),
    refuses: ({ actor, orderId }) => denyReservation(actor, orderId),
    decide: joinLine,
  },
  LeaveLine: {
    denies: (actor) => denyReservation(actor, null),
    refuses: ({ actor, orderId }) => denyReservation(actor, orderId),
    decide: leaveLine,
  },
};

function startShift(
  books: StoreBooks,
  command: StartShift,
  nowMs: number,
): Result<CapacityCommands['StartShift']['answer'], never> {
  const hand = handOf(command, nowMs);
  const { pickerId, startedAtMs } = openShift(books, asUserId(actorId(command.actor)), hand);
  followService(books, hand);
  return ok({ pickerId, startedAtMs, pickersOnShift: books.shifts.count() });
}

function endShift(
  books: StoreBooks,
  command: EndShift,
  nowMs: number,
): Result<CapacityCommands['EndShift']['answer'], never> {
  const pickerId = command.pickerId ?? asUserId(actorId(command.actor));
  const hand = handOf(command, nowMs);
  closeShift(books, pickerId, 'SAID', hand);
  followService(books, hand);
  return ok({ pickerId, pickersOnShift: books.shifts.count() });
}

function setServiceState(
  books: StoreBooks,
  command: SetServiceState,
  nowMs: number,
): Result<ServiceView, Refusal<'INVALID_INPUT'>> {
  const { untilMs } = command;
  if (untilMs !== undefined && (untilMs <= nowMs || untilMs > nowMs + PINNED_MAX_MS)) {
    return err(refuse('INVALID_INPUT', 'The end lies ahead, within seven days.', { untilMs, nowMs }));
  }
  const before = books.service.read();
  const outlook = outlookOf(books);
  const after = wantedOf(command, before, { readyP90Ms: outlook.readyP90Ms, policy: books.service.policy() }, nowMs);
  const hand = handOf(command, nowMs);
  if (!same(before, after)) changeService(books, { before, after, cause: 'SAID' }, outlook, hand);
  // Sets the clock, too.
  followService(books, hand);
  return ok(books.service.read());
}

function wantedOf(
  { state, reason, untilMs }: SetServiceState,
  before: Service,
  { readyP90Ms, policy }: { readonly readyP90Ms: number; readonly policy: ServicePolicy },
  nowMs: number,
): Service {
  if (state === 'automatic' || reason === undefined) return unpinService(before, readyP90Ms, policy, nowMs);
  return pinService(before, state, { reason, untilMs: untilMs ?? null }, nowMs);
}

function same(a: Service, b: Service): boolean {
  return a.state === b.state && a.pin?.reason === b.pin?.reason && a.pin?.untilMs === b.pin?.untilMs;
}

function setServicePolicy(books: StoreBooks, command: SetServicePolicy, nowMs: number): Result<ServicePolicy, never> {
  const { throttleAtMs, pauseAtMs, traceparent } = command;
  const { storeId, outbox } = books;
  const data = { throttleAtMs, pauseAtMs };
  books.service.savePolicy(data);
  const type = 'store.service_policy_changed';
  outbox.announce({ topic: STORE_EVENTS, type, subject: storeId, key: storeId, atMs: nowMs, traceparent, data });
  followService(books, handOf(command, nowMs));
  return ok(data);
}
