import type { LatLng } from '../domain/shared/geo.ts';

/** Degrees from a query string that its schema has already bounded. */
export function readPoint({ lat, lng }: { readonly lat: string; readonly lng: string }): LatLng {
  return { lat: Number(lat), lng: Number(lng) };
}
