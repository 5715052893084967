import { depthM, walkM } from './layout.ts';
import type { Place, StoreLayout } from './layout.ts';
import { continued, shortestByEnd } from './route.ts';
import type { Route } from './route.ts';

type Side = 'front' | 'back';
const SIDES: readonly Side[] = ['front', 'back'];

/** An order of places so far, and the metres to the cross-aisle where the picker then stands. */
interface Sweep {
  readonly places: readonly Place[];
  readonly costM: number;
}
type Sweeps = { readonly [side in Side]: Sweep };

/**
 * Continues the routes aisle by aisle, from the left and from the right, for any number of places. Each aisle is walked
 * through, as in the S-shape (serpentine), or entered and left on the same side where that is shorter. Which aisles, is
 * decided over all of them: the combined policy of Roodbergen and de Koster, "Routing methods for warehouses with multiple
 * cross aisles", IJPR 39, 2001, for one block. At most four routes come back, one for each place they end at.
 */
export function aisleRoutes(layout: StoreLayout, routes: readonly Route[], places: readonly Place[]): Route[] {
  const aisles = aislesOf(places);
  return shortestByEnd(
    routes.flatMap((route) =>
      [aisles, aisles.toReversed()].flatMap((inOrder) =>
        sweeps(layout, route.end, inOrder).map((order) => continued(layout, route, order)),
      ),
    ),
  );
}

/** The places of each aisle from the front to the back, the aisles from left to right. */
function aislesOf(places: readonly Place[]): Place[][] {
  const aisles = Map.groupBy(places, ({ xM }) => xM);
  return [...aisles.entries()].toSorted(([a], [b]) => a - b).map(([, of]) => of.toSorted((a, b) => a.yM - b.yM));
}

/** The orders that end at the front and at the back of the last aisle. */
function sweeps(layout: StoreLayout, from: Place, aisles: readonly (readonly Place[])[]): (readonly Place[])[] {
  const backM = depthM(layout);
  let at: Place = from;
  let state: Sweeps | undefined;
  for (const places of aisles) {
    const [nearest, farthest] = [places[0], places.at(-1)];
    if (nearest === undefined || farthest === undefined) continue;
    const xM = nearest.xM;
    const entered: Sweeps =
      state === undefined
        ? {
            front: { places: [], costM: walkM(layout, at, { xM, yM: 0 }) },
            back: { places: [], costM: walkM(layout, at, { xM, yM: backM }) },
          }
        : { front: sidewards(state.front, at, xM), back: sidewards(state.back, at, xM) };
    const reversed = places.toReversed();
    state = {
      front: cheaper(then(entered.back, reversed, backM), then(entered.front, places, 2 * farthest.yM)),
      back: cheaper(then(entered.front, places, backM), then(entered.back, reversed, 2 * (backM - nearest.yM))),
    };
    at = nearest;
  }
  return state === undefined ? [] : SIDES.map((side) => state[side].places);
}

function sidewards({ places, costM }: Sweep, from: Place, toXM: number): Sweep {
  return { places, costM: costM + Math.abs(toXM - from.xM) };
}

function then(sweep: Sweep, places: readonly Place[], lengthM: number): Sweep {
  return { places: [...sweep.places, ...places], costM: sweep.costM + lengthM };
}

function cheaper(a: Sweep, b: Sweep): Sweep {
  return b.costM < a.costM ? b : a;
}
