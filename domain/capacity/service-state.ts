/** `throttled`: it takes orders later and last of all. `paused`: it takes no new ones; those it has accepted go on. */
export const SERVICE_STATES = ['open', 'throttled', 'paused'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

/** Why somebody set the state by hand. */
export const SERVICE_REASONS = ['TOO_BUSY', 'SHORT_STAFFED', 'INCIDENT', 'STOCKTAKE', 'OTHER'] as const;
export type ServiceReason = (typeof SERVICE_REASONS)[number];

/** When nine in ten orders would be ready after this, the store takes fewer, or none. */
export interface ServicePolicy {
  readonly throttleAtMs: number;
  readonly pauseAtMs: number;
}

const MINUTE_MS = 60_000;
/** A promise is 20 minutes unless the store says otherwise, and riding takes five of them; at twice that waiting helps nobody. */
export const DEFAULT_SERVICE_POLICY: ServicePolicy = { throttleAtMs: 15 * MINUTE_MS, pauseAtMs: 30 * MINUTE_MS };

/** A state is left at this share of what it is entered at, so that one order more or less does not change it. */
export const LEAVE_AT = 0.75;
/** By itself a store changes its state no sooner than this after the last change. */
export const DWELL_MS = 2 * MINUTE_MS;
/** A pause without an end is worth asking about this often. */
const ASK_AGAIN_MS = 5 * MINUTE_MS;

/** Set by hand: stands until then, or until somebody says otherwise. */
export interface Pin {
  readonly reason: ServiceReason;
  readonly untilMs: number | null;
}
export interface Service {
  readonly state: ServiceState;
  /** When it came to this state. */
  readonly sinceMs: number;
  /** `null`: the load decides. */
  readonly pin: Pin | null;
}
export const OPEN_SERVICE: Service = { state: 'open', sinceMs: 0, pin: null };

/** The state that a load asks for, coming from this one. Never less for a longer ready time. */
export function stateFor(before: ServiceState, readyP90Ms: number, policy: ServicePolicy): ServiceState {
  const pauseAtMs = policy.pauseAtMs * (before === 'paused' ? LEAVE_AT : 1);
  const throttleAtMs = policy.throttleAtMs * (before === 'open' ? 1 : LEAVE_AT);
  if (readyP90Ms >= pauseAtMs) return 'paused';
  return readyP90Ms >= throttleAtMs ? 'throttled' : 'open';
}

/** Sets the state by hand, at once. */
export function pinService(service: Service, state: ServiceState, pin: Pin, nowMs: number): Service {
  return { ...entered(service, state, nowMs), pin };
}

/** Leaves a state that was set by hand to the load again, at once: it says nothing about the load. */
export function unpinService(service: Service, readyP90Ms: number, policy: ServicePolicy, nowMs: number): Service {
  if (service.pin === null) return service;
  return { ...entered(service, stateFor('open', readyP90Ms, policy), nowMs), pin: null };
}

/** The service after a look at the load, and when the clock must look again though nothing else happens; `null`: never. */
export function followLoad(
  service: Service,
  readyP90Ms: number,
  policy: ServicePolicy,
  nowMs: number,
): { readonly service: Service; readonly lookAtMs: number | null } {
  const { pin, state, sinceMs } = service;
  if (pin !== null) {
    if (pin.untilMs === null || nowMs < pin.untilMs) return { service, lookAtMs: pin.untilMs };
    return { service: unpinService(service, readyP90Ms, policy, nowMs), lookAtMs: null };
  }
  const wanted = stateFor(state, readyP90Ms, policy);
  if (wanted === state) return { service, lookAtMs: null };
  const mayAtMs = sinceMs + DWELL_MS;
  if (nowMs < mayAtMs) return { service, lookAtMs: mayAtMs };
  return { service: entered(service, wanted, nowMs), lookAtMs: null };
}

/** Whether new orders are taken. A pause that is over is over, also when the clock that ends it is late. */
export function takesOrders({ state, pin }: Service, nowMs: number): boolean {
  return state !== 'paused' || (pin !== null && pin.untilMs !== null && nowMs >= pin.untilMs);
}

/** How long until a paused store is worth asking again: what is before it shortens as fast as time goes by. */
export function retryAfterMs(
  { pin, sinceMs }: Service,
  readyP90Ms: number,
  { pauseAtMs }: ServicePolicy,
  nowMs: number,
): number {
  if (pin !== null) return pin.untilMs === null ? ASK_AGAIN_MS : Math.max(1, pin.untilMs - nowMs);
  return Math.max(1, sinceMs + DWELL_MS - nowMs, Math.ceil(readyP90Ms - pauseAtMs * LEAVE_AT));
}

function entered(service: Service, state: ServiceState, nowMs: number): Service {
  return service.state === state ? service : { ...service, state, sinceMs: nowMs };
}
