import { Hono } from 'hono';
import * as v from 'valibot';
import {
  EndShiftBody,
  LoadView,
  ServicePolicyBody,
  ServiceStateBody,
  ServiceStateView,
  ShiftEndedView,
  ShiftStartedView,
} from '../../contracts/http/store-load.ts';
import type { LoadReport, ServiceView } from '../../contracts/rpc/store-capacity.ts';
import { StoreIdText, toTimestamp } from '../../contracts/wire.ts';
import type { ServicePolicy } from '../../domain/capacity/service-state.ts';
import { asUserId } from '../../domain/shared/ids.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { body, params } from '../validate.ts';

const tag = 'Floor';
const headers = RETRY_KEY_HEADER;
const StoreParams = v.strictObject({ storeId: StoreIdText });
const TOLD = ['INVALID_INPUT', 'NOT_FOUND', 'OP_ID_REUSED', 'UNAVAILABLE'] as const;

/** Who works in a store, how busy it is, and whether it takes orders. */
export const service = new Hono<AppEnv>()
  .get(
    '/stores/:storeId/load',
    endpoint({
      access: ['staff', 'operator'],
      tag,
      summary: 'How busy a store is, who is on shift, how fast it picks, and whether it takes orders',
      answers: { 200: LoadView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const asked = await askStore(c, c.req.valid('param').storeId, { ask: 'AskLoad', actor: c.var.actor });
      return asked.ok ? c.json(loadView(asked.value), 200) : problem(c, asked.error);
    },
  )
  .post(
    '/stores/:storeId/shifts/start',
    endpoint({
      access: ['staff'],
      tag,
      summary: 'Be on shift',
      description:
        'Claiming an order is coming on shift, too. A shift ends after twelve hours, or when your tablet was silent for a quarter of an hour while you had nothing in hand.',
      answers: { 200: ShiftStartedView },
      refuses: TOLD,
      headers,
    }),
    params(StoreParams),
    async (c) => {
      const told = await tellStore(c, c.req.valid('param').storeId, { ...signedBy(c), do: 'StartShift' });
      if (!told.ok) return problem(c, told.error);
      const { startedAtMs, ...shift } = told.value;
      return c.json({ ...shift, startedAt: toTimestamp(startedAtMs) }, 200);
    },
  )
  .post(
    '/stores/:storeId/shifts/end',
    endpoint({
      access: ['staff', 'operator'],
      tag,
      summary: 'Go home',
      description: 'What you have in hand is still yours to pick. Operators name the picker.',
      answers: { 200: ShiftEndedView },
      refuses: TOLD,
      headers,
    }),
    params(StoreParams),
    body(EndShiftBody),
    async (c) => {
      const { pickerId } = c.req.valid('json');
      const picker = pickerId === undefined ? {} : { pickerId: asUserId(pickerId) };
      const told = await tellStore(c, c.req.valid('param').storeId, { ...signedBy(c), do: 'EndShift', ...picker });
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .put(
    '/stores/:storeId/service-state',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Open, throttle or pause a store by hand',
      description:
        'A throttled store promises later and is chosen last. A paused one takes no new holds and orders; those it has go on. `automatic` leaves it to the load again, and so does the end of `until`.',
      answers: { 200: ServiceStateView },
      refuses: TOLD,
      headers,
    }),
    params(StoreParams),
    body(ServiceStateBody),
    async (c) => {
      const { state, reason, until } = c.req.valid('json');
      const command = {
        ...signedBy(c),
        do: 'SetServiceState' as const,
        state,
        ...(reason !== undefined && { reason }),
        ...(until !== undefined && { untilMs: Date.parse(until) }),
      };
      const told = await tellStore(c, c.req.valid('param').storeId, command);
      return told.ok ? c.json(stateView(told.value), 200) : problem(c, told.error);
    },
  )
  .put(
    '/stores/:storeId/service-policy',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'From which ready times on a store throttles and pauses by itself',
      description:
        'A state is left again at three quarters of what it is entered at, and kept for two minutes at least.',
      answers: { 200: ServicePolicyBody },
      refuses: TOLD,
      headers,
    }),
    params(StoreParams),
    body(ServicePolicyBody),
    async (c) => {
      const { throttleAtSeconds, pauseAtSeconds } = c.req.valid('json');
      const policy = { throttleAtMs: throttleAtSeconds * 1000, pauseAtMs: pauseAtSeconds * 1000 };
      const command = { ...signedBy(c), do: 'SetServicePolicy' as const, ...policy };
      const told = await tellStore(c, c.req.valid('param').storeId, command);
      return told.ok ? c.json(policyView(told.value), 200) : problem(c, told.error);
    },
  );

function loadView(load: LoadReport): LoadView {
  const { pace } = load;
  return {
    service: stateView(load.service),
    retryAfterSeconds: load.retryAfterMs === null ? null : load.retryAfterMs / 1000,
    policy: policyView(load.policy),
    queue: { orders: load.queuedTasks, lines: load.queuedLines, units: load.queuedUnits },
    pickersOnShift: load.pickersOnShift,
    shifts: load.shifts.map(({ pickerId, startedAtMs }) => ({ pickerId, startedAt: toTimestamp(startedAtMs) })),
    pace: {
      orderSeconds: pace.orderMs / 1000,
      lineSeconds: pace.lineMs / 1000,
      p90Factor: pace.p90Factor,
      measuredSpells: load.measuredSpells,
    },
    readySeconds: { p50: load.readyP50Ms / 1000, p90: load.readyP90Ms / 1000 },
  };
}

function stateView({ state, sinceMs, pin }: ServiceView): ServiceStateView {
  const until = pin === null || pin.untilMs === null ? null : toTimestamp(pin.untilMs);
  return { state, since: toTimestamp(sinceMs), reason: pin?.reason ?? null, until };
}

function policyView({ throttleAtMs, pauseAtMs }: ServicePolicy): v.InferOutput<typeof ServicePolicyBody> {
  return { throttleAtSeconds: throttleAtMs / 1000, pauseAtSeconds: pauseAtMs / 1000 };
}
