import { PPM, shareMinor } from '../money/share.ts';

// Catch weight: an article that has a price for a nominal weight, and is weighed when it is picked. Weights are whole grams.

/** How a line is sold by weight, as it was quoted. */
export interface Weighed {
  /** What one unit is taken to weigh, 1 or more: its price is for so much. */
  readonly nominalGrams: number;
  /** So much above the nominal weight is charged as it is, and so much below it is still the piece that was ordered. Parts per million. */
  readonly tolerancePpm: number;
}

/** Where a city's rules say nothing: a tenth. */
export const DEFAULT_WEIGHT_TOLERANCE_PPM = 100_000;

/** How a weight lies to what was quoted. UNDER is as good as a short pick: nobody pays for it, and the customer is told. */
export const WEIGHT_FINDINGS = ['UNDER', 'WITHIN', 'OVER'] as const;
export type WeightFinding = (typeof WEIGHT_FINDINGS)[number];

/** The most that is charged for so many units, rounded down to the gram: what is above it is the shop's to bear. */
export function ceilingGrams({ nominalGrams, tolerancePpm }: Weighed, units: number): number {
  return Math.floor((units * nominalGrams * (PPM + tolerancePpm)) / PPM);
}

/** What of a weight is charged. */
export function chargedGrams(weighed: Weighed, units: number, grams: number): number {
  return Math.min(grams, ceilingGrams(weighed, units));
}

export function findWeight(weighed: Weighed, units: number, grams: number): WeightFinding {
  const { nominalGrams, tolerancePpm } = weighed;
  if (grams > ceilingGrams(weighed, units)) return 'OVER';
  return grams < Math.ceil((units * nominalGrams * (PPM - tolerancePpm)) / PPM) ? 'UNDER' : 'WITHIN';
}

/** `amountMinor` is what `ofGrams` cost: what so many grams cost, rounded half up to the minor unit. */
export function byWeight(amountMinor: number, ofGrams: number, grams: number): number {
  return shareMinor(amountMinor, grams, ofGrams);
}
