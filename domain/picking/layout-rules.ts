import type { FloorMeasures, StoreLayout } from './layout.ts';

/** Aisles of one block. A dark store has up to 30. */
export const AISLES_MAX = 100;
/** A bin has two digits for its rack. */
export const RACKS_MAX = 99;
/** As bins name it. */
export const AISLE_PATTERN = /^[A-Z]\d{0,2}$/;

/** From the smallest shop to the largest hall: outside of these somebody has mistyped, or meant another unit. */
export const MEASURE_BOUNDS: { readonly [M in keyof FloorMeasures]: { readonly min: number; readonly max: number } } = {
  aislePitchM: { min: 0.5, max: 20 },
  rackPitchM: { min: 0.1, max: 10 },
  crossAisleM: { min: 0, max: 20 },
  packingXM: { min: -100, max: 500 },
  walkMPerS: { min: 0.2, max: 3 },
  stopS: { min: 0, max: 120 },
  scanS: { min: 0, max: 60 },
};
const MEASURES = [
  'aislePitchM',
  'rackPitchM',
  'crossAisleM',
  'packingXM',
  'walkMPerS',
  'stopS',
  'scanS',
] as const satisfies readonly (keyof FloorMeasures)[];

export type LayoutError =
  | { readonly code: 'AISLES_MISCOUNTED'; readonly aisles: number }
  /** Its place in the list, from 1. */
  | { readonly code: 'BAD_AISLE'; readonly position: number }
  | { readonly code: 'AISLE_TWICE'; readonly aisle: string }
  | { readonly code: 'RACKS_MISCOUNTED'; readonly racks: number }
  | { readonly code: 'BAD_MEASURE'; readonly measure: keyof FloorMeasures; readonly min: number; readonly max: number };

/** The first thing that is wrong with a layout; `undefined` when walks can be planned in it. */
export function layoutError(layout: StoreLayout): LayoutError | undefined {
  const { aisles, racks } = layout;
  if (aisles.length < 1 || aisles.length > AISLES_MAX) return { code: 'AISLES_MISCOUNTED', aisles: aisles.length };
  const bad = aisles.findIndex((aisle) => !AISLE_PATTERN.test(aisle));
  if (bad >= 0) return { code: 'BAD_AISLE', position: bad + 1 };
  const again = aisles.find((aisle, i) => aisles.indexOf(aisle) !== i);
  if (again !== undefined) return { code: 'AISLE_TWICE', aisle: again };
  if (!Number.isSafeInteger(racks) || racks < 1 || racks > RACKS_MAX) return { code: 'RACKS_MISCOUNTED', racks };
  for (const measure of MEASURES) {
    const { min, max } = MEASURE_BOUNDS[measure];
    const value = layout[measure];
    // Written so that it is not met by NaN.
    if (!(value >= min && value <= max)) return { code: 'BAD_MEASURE', measure, min, max };
  }
  return undefined;
}
