import { walkM } from './layout.ts';
import type { Place, StoreLayout } from './layout.ts';
import type { Route } from './route.ts';

/**
 * Continues one of the routes over all places by the shortest way there is: one answer for each place it can end at.
 * Held and Karp, "A dynamic programming approach to sequencing problems", 1962: n²·2ⁿ steps, so for few places only.
 */
export function shortestRoutes(layout: StoreLayout, routes: readonly Route[], places: readonly Place[]): Route[] {
  const tables = cheapestOrders(layout, routes, places);
  const all = 2 ** places.length - 1;
  return places.map((end, last) => {
    const order: Place[] = [];
    let visited = all;
    let at = last;
    while (visited !== 0) {
      const place = places[at];
      if (place !== undefined) order.unshift(place);
      const before = tables.before[visited * places.length + at] ?? -1;
      visited &= ~(1 << at);
      // With nothing visited before, `before` is the route that was continued.
      at = before;
    }
    return {
      places: [...(routes[at]?.places ?? []), ...order],
      end,
      distanceM: tables.costM[all * places.length + last] ?? Infinity,
    };
  });
}

interface Tables {
  /** By visited places (as bits) and the last of them: the metres so far. */
  readonly costM: Float64Array;
  /** By the same: the place before; or, where it is the first, the route before it. */
  readonly before: Int16Array;
}

function cheapestOrders(layout: StoreLayout, routes: readonly Route[], places: readonly Place[]): Tables {
  const n = places.length;
  const between = Float64Array.from({ length: n * n }, (_, i) => {
    const [from, to] = [places[Math.floor(i / n)], places[i % n]];
    return from === undefined || to === undefined ? Infinity : walkM(layout, from, to);
  });
  const costM = new Float64Array(2 ** n * n).fill(Infinity);
  const before = new Int16Array(2 ** n * n).fill(-1);
  for (const [first, place] of places.entries()) {
    const at = (1 << first) * n + first;
    for (const [index, route] of routes.entries()) {
      const cost = route.distanceM + walkM(layout, route.end, place);
      if (cost >= (costM[at] ?? Infinity)) continue;
      costM[at] = cost;
      before[at] = index;
    }
  }
  for (let visited = 1; visited < 2 ** n; visited++) {
    for (let last = 0; last < n; last++) {
      const cost = costM[visited * n + last] ?? Infinity;
      if (cost === Infinity) continue;
      for (let next = 0; next < n; next++) {
        if ((visited & (1 << next)) !== 0) continue;
        const at = (visited | (1 << next)) * n + next;
        const longer = cost + (between[last * n + next] ?? Infinity);
        if (longer >= (costM[at] ?? Infinity)) continue;
        costM[at] = longer;
        before[at] = last;
      }
    }
  }
  return { costM, before };
}
