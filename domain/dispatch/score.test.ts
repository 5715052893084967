import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceM } from '../shared/geo.ts';
import { asCourierId } from '../shared/ids.ts';
import type { CourierId } from '../shared/ids.ts';
import { hasRoom, rank, S2_DISTANCE_LOAD, SEARCH_RADIUS_M } from './score.ts';
import type { Candidate, Strategy } from './score.ts';

const STORE = { lat: 12.9716, lng: 77.5946 };
/** Metres of one degree of latitude on the sphere that `distanceM` uses. */
const M_PER_DEGREE = 111_195.08;

function courier(n: number): CourierId {
  return asCourierId(`cou_${String(n).padStart(26, '0')}`);
}
interface DrawnCandidate {
  readonly n: number;
  readonly northM: number;
  readonly onShift: boolean;
  readonly located: boolean;
  readonly load: number;
  readonly offered: number;
  readonly capacity: number;
}
function candidate(n: number, northM: number, rest: Partial<Candidate> = {}): Candidate {
  const position = { lat: STORE.lat + northM / M_PER_DEGREE, lng: STORE.lng };
  return { courierId: courier(n), onShift: true, position, load: 0, offered: 0, capacity: 1, ...rest };
}

describe('s2-distance-load', () => {
  test.each([
    [0, 0, 0],
    [1000, 0, 600],
    [1000, 1, 1000],
    [0, 2, 800],
    [4999, 0, 2999.4],
    // Floats as IEEE 754 gives them for exactly this expression, not rounded.
    [1111, 3, 1866.6],
    [3, 0, 1.7999999999999998],
  ])('%d m with a load of %d scores %d [D5]', (distance, load, score) => {
    expect(S2_DISTANCE_LOAD.rate({ distanceM: distance, load }).score).toBe(score);
  });

  test('is the formula to the last bit, and its terms add up to it [D5]', () => {
    fc.assert(
      fc.property(fc.nat(SEARCH_RADIUS_M), fc.nat(20), (distance, load) => {
        const { score, terms } = S2_DISTANCE_LOAD.rate({ distanceM: distance, load });
        expect(score).toBe(distance * 0.6 + load * 1000 * 0.4);
        expect(Object.values(terms).reduce((sum, term) => sum + term, 0)).toBe(score);
      }),
    );
  });
});

describe('rank', () => {
  test.each([
    [100, 2],
    [766, 2],
    [767, 1],
    [5000, 1],
  ])(
    'a free courier at %d m against one at 100 m who carries an order: courier %d comes first [D5]',
    (freeM, first) => {
      const carrying = candidate(1, 100, { load: 1, capacity: 2 });
      expect(rank(S2_DISTANCE_LOAD, STORE, [carrying, candidate(2, freeM)])[0]?.courierId).toBe(courier(first));
    },
  );

  test('5,000 m from the store is within reach, 5,001 m is not [D5]', () => {
    const ranked = rank(S2_DISTANCE_LOAD, STORE, [candidate(1, 5000), candidate(2, 5001)]);
    expect(ranked.map(({ courierId, distanceM: m }) => [courierId, m])).toEqual([[courier(1), 5000]]);
  });

  test('another strategy is used as it is given', () => {
    const farthest: Strategy = {
      name: 'farthest',
      rate: (features) => ({ score: -features.distanceM, terms: { distance: -features.distanceM } }),
    };
    expect(rank(farthest, STORE, [candidate(1, 10), candidate(2, 20)])[0]?.courierId).toBe(courier(2));
  });

  const anyCandidates = fc.uniqueArray(
    fc.record({
      n: fc.nat(50),
      northM: fc.integer({ min: -7000, max: 7000 }),
      onShift: fc.boolean(),
      located: fc.boolean(),
      load: fc.nat(3),
      offered: fc.nat(3),
      capacity: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ n }) => n, maxLength: 30 },
  );
  function build(drawn: readonly DrawnCandidate[]): Candidate[] {
    return drawn.map(({ n, northM, located, ...rest }) => ({
      ...candidate(n, northM, rest),
      ...(located ? {} : { position: null }),
    }));
  }

  test('never names a courier over capacity, off shift, nowhere or out of reach [D2] [D5]', () => {
    fc.assert(
      fc.property(anyCandidates, (drawn) => {
        const all = build(drawn);
        const ranked = rank(S2_DISTANCE_LOAD, STORE, all);
        for (const { courierId } of ranked) {
          const found = all.find((one) => one.courierId === courierId);
          if (found === undefined || found.position === null) throw new Error('made up');
          expect(found.onShift).toBe(true);
          expect(found.load + found.offered).toBeLessThan(found.capacity);
          expect(distanceM(found.position, STORE)).toBeLessThanOrEqual(SEARCH_RADIUS_M);
        }
        const able = all.filter(
          (one) => hasRoom(one) && one.position !== null && distanceM(one.position, STORE) <= SEARCH_RADIUS_M,
        );
        expect(ranked).toHaveLength(able.length);
      }),
    );
  });

  test('depends on who is there, not on the order they are listed in [D5]', () => {
    fc.assert(
      fc.property(
        anyCandidates.chain((drawn) =>
          fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
        ),
        ([drawn, shuffled]) => {
          expect(rank(S2_DISTANCE_LOAD, STORE, build(shuffled))).toEqual(rank(S2_DISTANCE_LOAD, STORE, build(drawn)));
        },
      ),
    );
  });

  test('equal scores go by courier id', () => {
    const twins = [candidate(7, 300), candidate(3, 300), candidate(5, 300)];
    expect(rank(S2_DISTANCE_LOAD, STORE, twins).map(({ courierId }) => courierId)).toEqual([3, 5, 7].map(courier));
  });
});
