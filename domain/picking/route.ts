import { walkM } from './layout.ts';
import type { Place, StoreLayout } from './layout.ts';

/** A way from the packing station over places, as far as it has been planned. */
export interface Route {
  readonly places: readonly Place[];
  /** Where the picker is now. */
  readonly end: Place;
  readonly distanceM: number;
}

export function startAt(place: Place): Route {
  return { places: [], end: place, distanceM: 0 };
}

/** The route, continued over the places in the order given. */
export function continued(layout: StoreLayout, route: Route, places: readonly Place[]): Route {
  let { end, distanceM } = route;
  for (const place of places) {
    distanceM += walkM(layout, end, place);
    end = place;
  }
  return { places: [...route.places, ...places], end, distanceM };
}

/** Of routes over the same places the shortest to each end: how the walk goes on depends on where it stands only. */
export function shortestByEnd(routes: readonly Route[]): Route[] {
  const best = new Map<string, Route>();
  for (const route of routes) {
    const key = `${route.end.xM} ${route.end.yM}`;
    const known = best.get(key);
    if (known === undefined || route.distanceM < known.distanceM) best.set(key, route);
  }
  return [...best.values()];
}
