import type { LatLng } from '../shared/geo.ts';

/** GeoJSON order: [lng, lat]; the first ring is the outer one, the others are holes, each ring is closed (RFC 7946, 3.1.6). */
export type Polygon = readonly (readonly (readonly [lng: number, lat: number])[])[];

/** The smallest box around a polygon: most points are refused by it without looking at an edge. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export function boundsOf(polygon: Polygon): Bounds {
  const [outer = []] = polygon;
  const lngs = outer.map(([lng]) => lng);
  const lats = outer.map(([, lat]) => lat);
  return { west: Math.min(...lngs), south: Math.min(...lats), east: Math.max(...lngs), north: Math.max(...lats) };
}

export function isWithin({ west, south, east, north }: Bounds, { lat, lng }: LatLng): boolean {
  return lng >= west && lng <= east && lat >= south && lat <= north;
}

/**
 * Whether the point is inside, by the even-odd rule: a ray from the point to the east crosses an odd number of edges. Holes
 * need no case of their own. An edge counts for one of its ends only, so a point on the border between two polygons is in
 * exactly one of them. Degrees are taken as a plane, right for the few kilometres of a zone; a polygon over the 180th
 * meridian has to be given as two. Source: https://wrfranklin.org/Research/Short_Notes/pnpoly.html
 */
export function containsPoint(polygon: Polygon, { lat, lng }: LatLng): boolean {
  let inside = false;
  for (const ring of polygon) {
    let previous = ring.at(-1);
    for (const corner of ring) {
      if (previous !== undefined && corner[1] > lat !== previous[1] > lat) {
        const crossingLng = ((previous[0] - corner[0]) * (lat - corner[1])) / (previous[1] - corner[1]) + corner[0];
        if (lng < crossingLng) inside = !inside;
      }
      previous = corner;
    }
  }
  return inside;
}
