import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DWELL_MS,
  followLoad,
  OPEN_SERVICE,
  pinService,
  retryAfterMs,
  SERVICE_STATES,
  stateFor,
  takesOrders,
  unpinService,
} from './service-state.ts';
import type { Service } from './service-state.ts';

const MINUTE_MS = 60_000;
const T0 = 1_800_000_000_000;
const POLICY = { throttleAtMs: 15 * MINUTE_MS, pauseAtMs: 30 * MINUTE_MS };
const OPEN: Service = { ...OPEN_SERVICE, sinceMs: T0 - DWELL_MS };

const anyPolicy = fc
  .tuple(fc.integer({ min: MINUTE_MS, max: 20 * MINUTE_MS }), fc.integer({ min: 1, max: 40 * MINUTE_MS }))
  .map(([throttleAtMs, more]) => ({ throttleAtMs, pauseAtMs: throttleAtMs + more }));
const anyReadyMs = fc.integer({ min: 0, max: 90 * MINUTE_MS });

/** The store after each look, in order. */
function follow(
  policy: typeof POLICY,
  looks: readonly { readonly readyMs: number; readonly atMs: number }[],
): Service[] {
  let service = OPEN;
  return looks.map(({ readyMs, atMs }) => {
    service = followLoad(service, readyMs, policy, atMs).service;
    return service;
  });
}
function changesOf(services: readonly Service[]): Service[] {
  return services.filter((service, i) => service.state !== (services[i - 1] ?? OPEN).state);
}

describe('the load alone', () => {
  it('throttles, pauses and opens a store, each at its own mark [F3]', () => {
    const looks = [14, 15, 29, 30, 23, 22, 12, 11].map((minutes, i) => ({
      readyMs: minutes * MINUTE_MS,
      atMs: T0 + i * DWELL_MS,
    }));
    const states = follow(POLICY, looks).map(({ state }) => state);
    expect(states.join(' ')).toBe('open throttled throttled paused paused throttled throttled open');
  });

  it('never changes the state twice within the dwell time [F3]', () => {
    const anyLooks = fc.array(fc.tuple(anyReadyMs, fc.integer({ min: -1000, max: 3 * MINUTE_MS })), { maxLength: 80 });
    fc.assert(
      fc.property(anyPolicy, anyLooks, (policy, told) => {
        let atMs = T0;
        const looks = told.map(([readyMs, laterMs]) => ({ readyMs, atMs: (atMs += laterMs) }));
        const changes = changesOf(follow(policy, looks));
        for (const [i, { sinceMs }] of changes.entries()) {
          expect(sinceMs - (changes[i - 1] ?? OPEN).sinceMs).toBeGreaterThanOrEqual(DWELL_MS);
        }
      }),
    );
  });

  it('crosses each state once while it only grows, and once while it only falls [F3]', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.array(anyReadyMs, { maxLength: 60 }),
        fc.nat(3 * MINUTE_MS),
        (policy, told, everyMs) => {
          const up = told.toSorted((a, b) => a - b);
          const looks = [...up, ...up.toReversed()].map((readyMs, i) => ({ readyMs, atMs: T0 + (i + 1) * everyMs }));
          const rising = changesOf(follow(policy, looks.slice(0, up.length))).map(({ state }) => state);
          expect(new Set(rising).size).toBe(rising.length);
          expect(rising).toEqual(rising.toSorted((a, b) => SERVICE_STATES.indexOf(a) - SERVICE_STATES.indexOf(b)));
          const falling = changesOf(follow(policy, looks))
            .slice(rising.length)
            .map(({ state }) => state);
          // What the dwell time put off on the way up may come first.
          const fromTop = falling.slice(falling.indexOf('paused') + 1);
          expect(fromTop).toEqual(fromTop.toSorted((a, b) => SERVICE_STATES.indexOf(b) - SERVICE_STATES.indexOf(a)));
          expect(new Set(fromTop).size).toBe(fromTop.length);
        },
      ),
    );
  });

  it('changes the state once at most while it wavers around a mark, however long [F3]', () => {
    const anyWaver = fc.array(fc.integer({ min: 0, max: 499 }), { maxLength: 60 });
    fc.assert(
      fc.property(anyPolicy, anyWaver, fc.constantFrom('throttleAtMs', 'pauseAtMs'), (policy, waver, mark) => {
        // From just above where a state is left to as far above where it is entered.
        const looks = waver.map((step, i) => ({
          readyMs: Math.ceil(policy[mark] * (0.75 + step / 1000)),
          atMs: T0 + i * DWELL_MS,
        }));
        const above = looks.map(({ readyMs, atMs }) => ({ readyMs: Math.min(readyMs, policy.pauseAtMs - 1), atMs }));
        const changes = changesOf(follow(policy, mark === 'pauseAtMs' ? looks : above)).map(({ state }) => state);
        expect(
          changes.filter((state) => state === (mark === 'pauseAtMs' ? 'paused' : 'throttled')).length,
        ).toBeLessThan(2);
        expect(changes).not.toContain('open');
      }),
    );
  });

  it('asks for no less of a longer ready time, and the same load asks for the same twice [F3]', () => {
    fc.assert(
      fc.property(anyPolicy, anyReadyMs, anyReadyMs, fc.constantFrom(...SERVICE_STATES), (policy, a, b, before) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((ms) => stateFor(before, ms, policy));
        expect(SERVICE_STATES.indexOf(more ?? 'open')).toBeGreaterThanOrEqual(SERVICE_STATES.indexOf(less ?? 'open'));
        const after = stateFor(before, a, policy);
        expect(stateFor(after, a, policy)).toBe(after);
      }),
    );
  });

  it('comes through after the dwell time, and the clock is told when that is [F3]', () => {
    const throttled = followLoad(OPEN, 20 * MINUTE_MS, POLICY, T0).service;
    const asked = followLoad(throttled, 0, POLICY, T0 + 1000);
    expect(asked).toEqual({ service: throttled, lookAtMs: T0 + DWELL_MS });
    expect(followLoad(throttled, 0, POLICY, T0 + DWELL_MS)).toMatchObject({
      service: { state: 'open' },
      lookAtMs: null,
    });
  });
});

describe('a state that was set by hand', () => {
  const untilMs = T0 + 10 * MINUTE_MS;
  const paused = pinService(OPEN, 'paused', { reason: 'INCIDENT', untilMs }, T0);

  it('counts at once and stands against any load until its time is over [F3]', () => {
    expect(paused).toMatchObject({ state: 'paused', sinceMs: T0 });
    expect(followLoad(paused, 0, POLICY, untilMs - 1)).toEqual({ service: paused, lookAtMs: untilMs });
    const opened = pinService(paused, 'open', { reason: 'OTHER', untilMs: null }, T0 + 1);
    expect(followLoad(opened, 90 * MINUTE_MS, POLICY, untilMs)).toEqual({ service: opened, lookAtMs: null });
  });

  it('leaves it to the load afterwards, by itself or when told [F3]', () => {
    expect(followLoad(paused, 0, POLICY, untilMs).service).toEqual({ state: 'open', sinceMs: untilMs, pin: null });
    expect(unpinService(paused, 20 * MINUTE_MS, POLICY, T0 + 1)).toMatchObject({ state: 'throttled', pin: null });
    // Between the marks: nobody would have paused this store.
    expect(unpinService(paused, 25 * MINUTE_MS, POLICY, T0 + 1)).toMatchObject({ state: 'throttled' });
    const byLoad = { ...paused, pin: null };
    expect(unpinService(byLoad, 25 * MINUTE_MS, POLICY, T0 + 1)).toBe(byLoad);
  });

  it('takes orders again when its time is over, also when the clock is late [F3]', () => {
    expect(takesOrders(paused, untilMs - 1)).toBe(false);
    expect(takesOrders(paused, untilMs)).toBe(true);
    expect(takesOrders({ ...paused, pin: null }, untilMs)).toBe(false);
    expect(takesOrders({ ...paused, state: 'throttled' }, T0)).toBe(true);
  });

  it('says when to ask again: at its end, or when the queue will have shortened [F3]', () => {
    expect(retryAfterMs(paused, 0, POLICY, T0)).toBe(10 * MINUTE_MS);
    expect(retryAfterMs({ ...paused, pin: { reason: 'OTHER', untilMs: null } }, 0, POLICY, T0)).toBe(5 * MINUTE_MS);
    const full = { state: 'paused', sinceMs: T0, pin: null } as const;
    expect(retryAfterMs(full, 40 * MINUTE_MS, POLICY, T0)).toBe(17.5 * MINUTE_MS);
    expect(retryAfterMs(full, 0, POLICY, T0 + 1000)).toBe(DWELL_MS - 1000);
  });
});
