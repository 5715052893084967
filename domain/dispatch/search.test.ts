import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asCourierId } from '../shared/ids.ts';
import type { CourierId } from '../shared/ids.ts';
import { S2_DISTANCE_LOAD } from './score.ts';
import type { Candidate } from './score.ts';
import { nextStep, REST_MS } from './search.ts';
import type { Search, SearchStep } from './search.ts';

const STORE = { lat: 28.6, lng: 77.2 };
const NOW_MS = 1_000_000;

function courier(n: number): CourierId {
  return asCourierId(`cou_${String(n).padStart(26, '0')}`);
}
/** Couriers 1, 2, 3, … ever farther away. */
function couriers(...numbers: number[]): Candidate[] {
  return numbers.map((n) => ({
    courierId: courier(n),
    onShift: true,
    position: { lat: STORE.lat + n / 1000, lng: STORE.lng },
    load: 0,
    offered: 0,
    capacity: 1,
  }));
}
function search(asked: number[], rest: Partial<Search> = {}): Search {
  return { pickup: STORE, round: 1, asked: new Set(asked.map(courier)), restUntilMs: null, ...rest };
}
function step(one: Search, candidates: Candidate[], nowMs = NOW_MS): string {
  const next = nextStep(one, candidates, S2_DISTANCE_LOAD, nowMs);
  return next.do === 'propose' ? `${next.round}: ${Number(next.ranked[0].courierId.slice(4))}` : next.do;
}

test('asks the best, then the next who was not asked yet, until nobody is left [D6]', () => {
  expect(step(search([]), couriers(1, 2, 3))).toBe('1: 1');
  expect(step(search([1]), couriers(1, 2, 3))).toBe('1: 2');
  expect(step(search([1, 2]), couriers(1, 2, 3))).toBe('1: 3');
  expect(nextStep(search([1, 2, 3]), couriers(1, 2, 3), S2_DISTANCE_LOAD, NOW_MS)).toEqual<SearchStep>({
    do: 'rest',
    untilMs: NOW_MS + REST_MS,
  });
});

test('rests, then asks everybody again in a new round [D6]', () => {
  const resting = search([1, 2], { restUntilMs: NOW_MS });
  expect(step(resting, couriers(1, 2), NOW_MS - 1)).toBe('wait');
  expect(step(resting, couriers(1, 2), NOW_MS)).toBe('2: 1');
});

test('a newcomer is asked at once, rest or not [D6]', () => {
  expect(step(search([1], { restUntilMs: NOW_MS + REST_MS }), couriers(1, 2))).toBe('1: 2');
});

test('with nobody there it rests once and waits without a new round [D6]', () => {
  expect(step(search([]), [])).toBe('rest');
  expect(step(search([], { restUntilMs: NOW_MS }), [], NOW_MS + 60_000)).toBe('wait');
  expect(step(search([], { restUntilMs: NOW_MS }), couriers(4), NOW_MS + 60_000)).toBe('1: 4');
});

test('asks each courier at most once a round, whoever comes and goes, and the best of those not asked [D6]', () => {
  const moments = fc.array(fc.record({ present: fc.subarray([1, 2, 3, 4, 5]), waitMs: fc.nat(REST_MS) }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(moments, (drawn) => {
      let state: Search = search([]);
      let nowMs = NOW_MS;
      for (const { present, waitMs } of drawn) {
        nowMs += waitMs;
        const next = nextStep(state, couriers(...present), S2_DISTANCE_LOAD, nowMs);
        expect(nextStep(state, couriers(...present.toReversed()), S2_DISTANCE_LOAD, nowMs)).toEqual(next);
        if (next.do === 'rest') state = { ...state, restUntilMs: next.untilMs };
        if (next.do !== 'propose') continue;
        const asked: ReadonlySet<CourierId> = next.round === state.round ? state.asked : new Set();
        const { courierId } = next.ranked[0];
        expect(asked.has(courierId)).toBe(false);
        expect(next.round === state.round || (state.restUntilMs ?? Infinity) <= nowMs).toBe(true);
        const unasked = present.filter((n) => !asked.has(courier(n)));
        expect(courierId).toBe(courier(Math.min(...unasked)));
        state = { ...state, round: next.round, asked: new Set([...asked, courierId]), restUntilMs: null };
      }
    }),
  );
});
