import type { TemperatureZone } from '../catalog/storage.ts';

export const BAG_SIZES = ['S', 'M', 'L'] as const;
export type BagSize = (typeof BAG_SIZES)[number];

export interface Bag {
  readonly size: BagSize;
  /** A cold bag for what is chilled or frozen. */
  readonly zone: TemperatureZone;
}
/** A packed bag, closed with a numbered seal. */
export interface SealedBag extends Bag {
  readonly seal: string;
}

/** Bags of one order: above what a courier carries on a scooter. */
export const BAGS_MAX = 20;

/** Working figures until a store gives its own: what fits in by number, and what the handles carry. */
const BAG_HOLDS: { readonly [S in BagSize]: { readonly units: number; readonly grams: number } } = {
  S: { units: 4, grams: 2_000 },
  M: { units: 8, grams: 4_000 },
  L: { units: 14, grams: 7_000 },
};
/** A unit whose weight nobody has said: about what the 400 articles of a small assortment weigh on average. */
const UNIT_GRAMS = 400;

export interface PackingLine {
  readonly zone: TemperatureZone;
  /** Units that go into the bags. */
  readonly units: number;
  /** Of one unit; `null` where nobody has said. */
  readonly gramsPerUnit: number | null;
}

/**
 * Which bags to take: per temperature zone as few as units and weight allow, large ones first and the last one no larger than
 * what is left for it. A suggestion: the picker has the goods in hand.
 */
export function suggestBags(lines: readonly PackingLine[]): readonly Bag[] {
  const byZone = Map.groupBy(lines, ({ zone }) => zone);
  const zones = (['ambient', 'chilled', 'frozen'] as const).flatMap((zone) => bagsOf(zone, byZone.get(zone) ?? []));
  return zones.slice(0, BAGS_MAX);
}

function bagsOf(zone: TemperatureZone, lines: readonly PackingLine[]): Bag[] {
  const units = lines.reduce((sum, line) => sum + line.units, 0);
  const grams = lines.reduce((sum, line) => sum + line.units * (line.gramsPerUnit ?? UNIT_GRAMS), 0);
  if (units === 0) return [];
  const large = BAG_HOLDS.L;
  const full = Math.max(Math.ceil(units / large.units), Math.ceil(grams / large.grams)) - 1;
  const restUnits = Math.max(0, units - full * large.units);
  const restGrams = Math.max(0, grams - full * large.grams);
  const last = BAG_SIZES.find((size) => BAG_HOLDS[size].units >= restUnits && BAG_HOLDS[size].grams >= restGrams);
  return [...Array.from({ length: full }, (): Bag => ({ size: 'L', zone })), { size: last ?? 'L', zone }];
}
