import type { Pace } from '../../domain/capacity/pick-pace.ts';
import type { Pin, ServicePolicy, ServiceReason, ServiceState } from '../../domain/capacity/service-state.ts';
import type { Standing } from '../../domain/capacity/waiting-line.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import type { Actor, Command } from '../actor.ts';
import { refuse } from '../problem.ts';
import type { Refusal } from '../problem.ts';
import type { StoreLoad } from './store.ts';

/** How far ahead a state may be set by hand with an end. */
export const PINNED_MAX_MS = 7 * 24 * 60 * 60 * 1000;
/** The longest ready time that a policy may speak of. */
export const READY_MAX_MS = 4 * 60 * 60 * 1000;

/** A picker is there from now on. Said again, it changes nothing. */
export interface StartShift extends Command {
  readonly do: 'StartShift';
}
/** A picker goes: what is in hand is still picked. Operators say whose shift it is; nobody else ends another one's. */
export interface EndShift extends Command {
  readonly do: 'EndShift';
  readonly pickerId?: UserId;
}
export interface ShiftView {
  readonly pickerId: UserId;
  readonly startedAtMs: number;
}

/** Sets by hand whether new orders are taken; `automatic` leaves it to the load again. */
export interface SetServiceState extends Command {
  readonly do: 'SetServiceState';
  readonly state: ServiceState | 'automatic';
  /** Not with `automatic`, and always with the others. */
  readonly reason?: ServiceReason;
  /** When the store's clock leaves it to the load again; until somebody does, when absent. */
  readonly untilMs?: number;
}
export interface ServiceView {
  readonly state: ServiceState;
  readonly sinceMs: number;
  readonly pin: Pin | null;
}

/** From which predicted ready times on the store takes fewer orders, or none. */
export interface SetServicePolicy extends Command, ServicePolicy {
  readonly do: 'SetServicePolicy';
}

/** An order waits until the store takes orders again. Said again, it keeps its place. */
export interface JoinLine extends Command {
  readonly do: 'JoinLine';
  readonly orderId: OrderId;
  /** It waits no longer than this. */
  readonly untilMs: number;
}
export interface LeaveLine extends Command {
  readonly do: 'LeaveLine';
  readonly orderId: OrderId;
}
/** `null`: it is its turn. */
export interface InLine {
  readonly standing: Standing | null;
}

export interface AskLoad {
  readonly actor: Actor;
}
/** What the floor has to do, who does it, how fast, and what follows from that. */
export interface LoadReport extends StoreLoad {
  readonly service: ServiceView;
  readonly policy: ServicePolicy;
  readonly pace: Pace;
  /** How many picks the pace rests on, the older ones counting less; the working figure it started from counts as ten. */
  readonly measuredSpells: number;
  readonly shifts: readonly ShiftView[];
}

/** Who works in a store, and whether it takes orders. */
export interface CapacityCommands {
  readonly StartShift: {
    readonly command: StartShift;
    readonly answer: ShiftView & { readonly pickersOnShift: number };
    readonly refuses: never;
  };
  readonly EndShift: {
    readonly command: EndShift;
    readonly answer: { readonly pickerId: UserId; readonly pickersOnShift: number };
    readonly refuses: never;
  };
  readonly SetServiceState: {
    readonly command: SetServiceState;
    readonly answer: ServiceView;
    readonly refuses: 'INVALID_INPUT';
  };
  readonly SetServicePolicy: {
    readonly command: SetServicePolicy;
    readonly answer: ServicePolicy;
    readonly refuses: never;
  };
  readonly JoinLine: {
    readonly command: JoinLine;
    readonly answer: InLine;
    /** `STORE_BUSY` with `retryAfterMs`: the line is full. `STORE_CLOSED`: nobody knows until when. */
    readonly refuses: 'STORE_BUSY' | 'STORE_CLOSED';
  };
  readonly LeaveLine: { readonly command: LeaveLine; readonly answer: null; readonly refuses: never };
}
export interface CapacityQuestions {
  readonly AskLoad: { readonly question: AskLoad; readonly answer: LoadReport };
}

/** What a store answers to whoever would pass by those who wait, or comes when as many wait as may; nothing was held. */
export function storeCrowded(waiting: number, retryAfterMs: number): Refusal<'STORE_BUSY'> {
  return refuse('STORE_BUSY', 'Others wait for this store: choose another one, wait in line, or come again later.', {
    waiting,
    retryAfterMs,
  });
}

/** What a paused store answers to whoever wants something new of it; nothing was held. */
export function storePaused(retryAfterMs: number): Refusal<'STORE_CLOSED'> {
  return refuse('STORE_CLOSED', 'This store takes no new orders for now: choose another one, or ask again later.', {
    serviceState: 'paused',
    retryAfterMs,
  });
}
