import * as v from 'valibot';
import { SERVICE_REASONS, SERVICE_STATES } from '../../domain/capacity/service-state.ts';
import { READY_MAX_MS } from '../rpc/store-capacity.ts';
import { Count, Timestamp, UserIdText } from '../wire.ts';

const Seconds = v.pipe(v.number(), v.minValue(0));
const ReadySeconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(READY_MAX_MS / 1000));

/** A picker's own shift when left out; operators name the picker. */
export const EndShiftBody = v.strictObject({ pickerId: v.optional(UserIdText) });
export const ShiftStartedView = v.strictObject({ pickerId: UserIdText, startedAt: Timestamp, pickersOnShift: Count });
export const ShiftEndedView = v.strictObject({ pickerId: UserIdText, pickersOnShift: Count });

export const ServiceStateBody = v.strictObject({
  /** `automatic`: the load decides again. */
  state: v.picklist([...SERVICE_STATES, 'automatic']),
  /** With every state but `automatic`. */
  reason: v.optional(v.picklist(SERVICE_REASONS)),
  /** When the load decides again by itself; left out, it is until somebody says so. */
  until: v.optional(Timestamp),
});
export const ServiceStateView = v.strictObject({
  state: v.picklist(SERVICE_STATES),
  since: Timestamp,
  /** Why somebody set it by hand, and until when; null when the load decides, and for no end. */
  reason: v.nullable(v.picklist(SERVICE_REASONS)),
  until: v.nullable(Timestamp),
});
export type ServiceStateView = v.InferOutput<typeof ServiceStateView>;

/** When nine in ten orders would be ready later than this, the store throttles, or pauses. */
export const ServicePolicyBody = v.strictObject({ throttleAtSeconds: ReadySeconds, pauseAtSeconds: ReadySeconds });

/** What a store's floor has to do, who does it, how fast, and what follows from that. */
export const LoadView = v.strictObject({
  service: ServiceStateView,
  /** When a paused store is worth asking again; null while it takes orders. */
  retryAfterSeconds: v.nullable(Seconds),
  policy: ServicePolicyBody,
  /** Orders that are not packed yet, and what of them is still to be picked. */
  queue: v.strictObject({ orders: Count, lines: Count, units: Count }),
  pickersOnShift: Count,
  shifts: v.array(v.strictObject({ pickerId: UserIdText, startedAt: Timestamp })),
  pace: v.strictObject({
    orderSeconds: Seconds,
    lineSeconds: Seconds,
    /** Nine in ten picks take at most this many times the median. */
    p90Factor: v.pipe(v.number(), v.minValue(1)),
    /** Picks that this rests on, older ones counting less; the working figure it started from counts as ten. */
    measuredSpells: v.pipe(v.number(), v.minValue(0)),
  }),
  /** When the next order would be packed, its own lines not counted. */
  readySeconds: v.strictObject({ p50: Seconds, p90: Seconds }),
});
export type LoadView = v.InferOutput<typeof LoadView>;
