import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aisleRoutes } from './aisle-route.ts';
import { DEFAULT_MEASURES, depthM, packingPlace, placeOfBin } from './layout.ts';
import type { Place, StoreLayout } from './layout.ts';
import { byGroup, planWalk, walkInOrder } from './pick-path.ts';
import type { WalkLine } from './pick-path.ts';
import { continued, startAt } from './route.ts';
import { shortestRoutes } from './shortest-route.ts';

const AISLES = ['A01', 'A02', 'A03', 'A04', 'A05'];
const RACKS = 6;
/** Metres are halves, so that sums are exact. */
const LAYOUT: StoreLayout = {
  ...DEFAULT_MEASURES,
  aislePitchM: 2,
  rackPitchM: 1,
  crossAisleM: 1,
  aisles: AISLES,
  racks: RACKS,
};
const PACKING = packingPlace(LAYOUT);

const anyBin = fc
  .tuple(fc.constantFrom(...AISLES), fc.integer({ min: 1, max: RACKS }), fc.integer({ min: 1, max: 3 }))
  .map((parts) => parts.join('-'));
const anyLine: fc.Arbitrary<Omit<WalkLine, 'sku'>> = fc.record({
  bin: fc.oneof({ weight: 9, arbitrary: anyBin }, { weight: 1, arbitrary: fc.constantFrom('', 'Z99-1-1', 'A01-7-1') }),
  temperatureZone: fc.constantFrom('ambient', 'chilled', 'frozen'),
  fragile: fc.boolean(),
  quantity: fc.integer({ min: 1, max: 4 }),
});
function linesOf(max: number): fc.Arbitrary<WalkLine[]> {
  return fc
    .array(anyLine, { maxLength: max, size: 'max' })
    .map((lines) => lines.map((line, index) => ({ ...line, sku: `SKU-${String(index).padStart(2, '0')}` })));
}
function plain(sku: string, bin: string): WalkLine {
  return { sku, bin, temperatureZone: 'ambient', fragile: false, quantity: 1 };
}
function skusOf({ stops }: { readonly stops: readonly { readonly lines: readonly WalkLine[] }[] }): string[] {
  return stops.flatMap(({ lines }) => lines.map(({ sku }) => sku));
}

describe('a walk [F8]', () => {
  it('stops once for a rack, starts and ends at packing, and says metres and seconds', () => {
    const lines = [plain('FAR', 'A02-6-1'), plain('NEAR', 'A01-1-2'), { ...plain('NEXT', 'A01-1-1'), quantity: 2 }];
    expect(planWalk(lines, LAYOUT)).toEqual({
      stops: [
        { place: { xM: 2, yM: 6.5 }, lines: [lines[0]], walkM: 8.5, arrivesAtS: 8.5 },
        { place: { xM: 0, yM: 1.5 }, lines: [lines[2], lines[1]], walkM: 10, arrivesAtS: 8.5 + 4 + 3 + 10 },
      ],
      unplaced: [],
      distanceM: 20,
      durationS: 20 + 2 * 4 + 4 * 3,
    });
  });

  it('of nothing goes nowhere', () => {
    expect(planWalk([], LAYOUT)).toEqual({ stops: [], unplaced: [], distanceM: 0, durationS: 0 });
  });

  it('takes sturdy goods first, then chilled, then fragile, and frozen the very last', () => {
    const at = 'A01-1-1';
    const lines: WalkLine[] = [
      { ...plain('ICE', at), temperatureZone: 'frozen' },
      { ...plain('CONES', at), temperatureZone: 'frozen', fragile: true },
      { ...plain('EGGS', at), temperatureZone: 'chilled', fragile: true },
      { ...plain('CRISPS', at), fragile: true },
      { ...plain('MILK', at), temperatureZone: 'chilled' },
      plain('RICE', 'A05-6-1'),
    ];
    expect(skusOf(planWalk(lines, LAYOUT))).toEqual(['RICE', 'MILK', 'CRISPS', 'EGGS', 'CONES', 'ICE']);
  });

  it('leaves bins that the layout does not know for the end, with the time of their scan', () => {
    const lines = [plain('LOST', ''), plain('MOVED', 'Z99-1-1'), plain('TEA', 'A01-1-1')];
    const walk = planWalk(lines, LAYOUT);
    expect(skusOf(walk)).toEqual(['TEA']);
    expect(walk.unplaced.map(({ sku }) => sku)).toEqual(['MOVED', 'LOST']);
    expect(walk).toMatchObject({ distanceM: 3, durationS: 3 + 3 * 4 + 3 * 3 });
  });

  it('has each line exactly once, group after group, and adds up', () => {
    fc.assert(
      fc.property(linesOf(40), (lines) => {
        const walk = planWalk(lines, LAYOUT);
        const placed = walk.stops.flatMap((stop) => stop.lines);
        expect([...placed, ...walk.unplaced].map(({ sku }) => sku).toSorted()).toEqual(lines.map(({ sku }) => sku));
        expect(placed).toEqual(placed.toSorted(byGroup));
        for (const stop of walk.stops)
          for (const { bin } of stop.lines) expect(placeOfBin(LAYOUT, bin)).toEqual(stop.place);
        const places = [...walk.stops.map(({ place }) => place), PACKING];
        expect(walk.distanceM).toBe(continued(LAYOUT, startAt(PACKING), places).distanceM);
      }),
    );
  });

  it('does not depend on the order in which the lines come', () => {
    fc.assert(
      fc.property(linesOf(20), fc.integer(), (lines, turn) => {
        const at = lines.length === 0 ? 0 : Math.abs(turn) % lines.length;
        expect(planWalk([...lines.slice(at), ...lines.slice(0, at)], LAYOUT)).toEqual(planWalk(lines, LAYOUT));
      }),
    );
  });

  it('over few places is the shortest of all that keep the groups, so never longer than any list', () => {
    fc.assert(
      fc.property(linesOf(6), (lines) => {
        const inGroups = permutations(lines).filter((order) =>
          order.every((line, i) => i === 0 || byGroup(order[i - 1] ?? line, line) <= 0),
        );
        const shortest = Math.min(...inGroups.map((order) => walkInOrder(order, LAYOUT).distanceM));
        expect(planWalk(lines, LAYOUT).distanceM).toBe(shortest);
      }),
    );
  });
});

const anyPlace = anyBin.map((bin) => placeOfBin(LAYOUT, bin) ?? PACKING);
function placesOf(max: number): fc.Arbitrary<Place[]> {
  return fc.uniqueArray(anyPlace, {
    minLength: 1,
    maxLength: max,
    size: 'max',
    selector: ({ xM, yM }) => `${xM} ${yM}`,
  });
}
function shortestM(routes: readonly { readonly distanceM: number }[]): number {
  return Math.min(...routes.map(({ distanceM }) => distanceM));
}

describe('routing', () => {
  it('by the shortest way is never longer than aisle by aisle, from wherever the walk stands', () => {
    fc.assert(
      fc.property(placesOf(8), placesOf(3), (places, starts) => {
        const routes = starts.map(startAt);
        const shortest = shortestRoutes(LAYOUT, routes, places);
        const byAisle = aisleRoutes(LAYOUT, routes, places);
        expect(shortestM(shortest)).toBeLessThanOrEqual(shortestM(byAisle));
        for (const { end, distanceM } of byAisle) {
          expect(shortest.find((route) => route.end === end)?.distanceM).toBeLessThanOrEqual(distanceM);
        }
        for (const route of [...shortest, ...byAisle]) {
          expect(new Set(route.places)).toEqual(new Set(places));
          expect(route.places).toHaveLength(places.length);
          expect(route.places.at(-1)).toBe(route.end);
          const fromStarts = starts.map((start) => continued(LAYOUT, startAt(start), route.places).distanceM);
          expect(fromStarts).toContain(route.distanceM);
        }
      }),
    );
  });

  it('aisle by aisle is never longer than the plain S-shape', () => {
    fc.assert(
      fc.property(placesOf(30), (places) => {
        const routes = aisleRoutes(LAYOUT, [startAt(PACKING)], places);
        expect(shortestM(routes.map((route) => continued(LAYOUT, route, [PACKING])))).toBeLessThanOrEqual(
          sShapeM(places),
        );
      }),
    );
  });
});

/** Every aisle with a place in it is walked through, from left to right; the last one back when it was entered in front. */
function sShapeM(places: readonly Place[]): number {
  const aisles = [...new Set(places.map(({ xM }) => xM))].toSorted((a, b) => a - b);
  const last = aisles.at(-1) ?? 0;
  const through = depthM(LAYOUT);
  const returns = aisles.length % 2 === 1;
  const farthest = Math.max(...places.filter(({ xM }) => xM === last).map(({ yM }) => yM));
  const aislesM = returns ? (aisles.length - 1) * through + 2 * farthest : aisles.length * through;
  return aislesM + 2 * last;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
