import type { Allergen } from '../catalog/allergens.ts';
import type { BaseUnit, PackSize } from '../catalog/pack-size.ts';
import type { Sku } from '../shared/ids.ts';

/** What is compared of an article. */
export interface Article {
  readonly sku: Sku;
  /** From the root down: `['Dairy', 'Milk']`. */
  readonly category: readonly string[];
  readonly brand: string | null;
  readonly size: PackSize | null;
  readonly priceMinor: number;
  /** What it contains, traces included; null when nobody has said, which is not the same as nothing. */
  readonly allergens: readonly Allergen[] | null;
}
/** An article that could go into the bag instead. */
export interface ShelfArticle extends Article {
  readonly availableUnits: number;
  /** When it stops being sold; null without a date. */
  readonly sellUntilMs: number | null;
}

/**
 * Most points of each term; whole numbers. By default the category outweighs size, brand and price together: whoever ordered
 * milk would rather have half a litre of another milk than butter of the same brand.
 */
export interface ScoreWeights {
  readonly category: number;
  readonly size: number;
  readonly brand: number;
  readonly price: number;
  readonly stock: number;
  readonly shelfLife: number;
}
export const DEFAULT_WEIGHTS: ScoreWeights = {
  category: 500,
  size: 200,
  brand: 100,
  price: 100,
  stock: 50,
  shelfLife: 50,
};
/** Goods that can be sold this long from now are as good as fresh. */
export const FRESH_MS = 3 * 24 * 3_600_000;

/** One reason for a score, with what a person would say: same brand, 20 g smaller, 4 rupees cheaper. */
export type Term =
  /** The customer named it, as number `place` from 1. */
  | { readonly term: 'named'; readonly points: number; readonly place: number }
  | { readonly term: 'category'; readonly points: number; readonly sharedLevels: number; readonly levels: number }
  /** `difference` is the substitute less the missing one; null when the two cannot be compared. */
  | {
      readonly term: 'size';
      readonly points: number;
      readonly unit: BaseUnit | null;
      readonly difference: number | null;
    }
  /** `same` is null when a brand is unknown. */
  | { readonly term: 'brand'; readonly points: number; readonly same: boolean | null }
  /** Below zero when the substitute is cheaper. */
  | { readonly term: 'price'; readonly points: number; readonly differenceMinor: number }
  | { readonly term: 'stock'; readonly points: number; readonly availableUnits: number; readonly wantedUnits: number }
  /** Null without a date. */
  | { readonly term: 'shelf_life'; readonly points: number; readonly leftMs: number | null };

/** Every term of a candidate, in one order. */
export function termsOf(
  missing: Article,
  candidate: ShelfArticle,
  wanted: { readonly units: number; readonly nowMs: number },
  weights: ScoreWeights,
): readonly Term[] {
  const levels = Math.max(missing.category.length, candidate.category.length);
  const shared = sharedLevels(missing.category, candidate.category);
  const same = sameBrand(missing.brand, candidate.brand);
  const available = Math.min(candidate.availableUnits, wanted.units);
  return [
    { term: 'category', points: share(weights.category, shared, levels), sharedLevels: shared, levels },
    sizeTerm(missing.size, candidate.size, weights.size),
    { term: 'brand', points: same === true ? weights.brand : 0, same },
    {
      term: 'price',
      points: closeness(weights.price, missing.priceMinor, candidate.priceMinor),
      differenceMinor: candidate.priceMinor - missing.priceMinor,
    },
    {
      term: 'stock',
      points: share(weights.stock, available, wanted.units),
      availableUnits: candidate.availableUnits,
      wantedUnits: wanted.units,
    },
    shelfLifeTerm(candidate.sellUntilMs, wanted.nowMs, weights.shelfLife),
  ];
}

/** How many names two paths have in common, counted from the root. */
export function sharedLevels(a: readonly string[], b: readonly string[]): number {
  const apart = a.findIndex((name, level) => name !== b[level]);
  return apart === -1 ? a.length : apart;
}

function sizeTerm(missing: PackSize | null, candidate: PackSize | null, points: number): Term {
  if (missing === null || candidate === null || missing.unit !== candidate.unit) {
    return { term: 'size', points: 0, unit: null, difference: null };
  }
  const [a, b] = [Math.round(missing.amount * 1000), Math.round(candidate.amount * 1000)];
  return { term: 'size', points: closeness(points, a, b), unit: missing.unit, difference: (b - a) / 1000 };
}

function sameBrand(a: string | null, b: string | null): boolean | null {
  return a === null || b === null ? null : a.trim().toLowerCase() === b.trim().toLowerCase();
}

function shelfLifeTerm(sellUntilMs: number | null, nowMs: number, points: number): Term {
  if (sellUntilMs === null) return { term: 'shelf_life', points, leftMs: null };
  const leftMs = sellUntilMs - nowMs;
  return { term: 'shelf_life', points: share(points, Math.min(Math.max(leftMs, 0), FRESH_MS), FRESH_MS), leftMs };
}

/** All points when both are equal, fewer the further the smaller is from the larger. */
function closeness(points: number, a: number, b: number): number {
  return share(points, Math.min(a, b), Math.max(a, b));
}

/** `points` times `part` of `whole`, rounded down, in whole numbers throughout; nothing of nothing is all of it. */
function share(points: number, part: number, whole: number): number {
  return whole === 0 ? points : wholeQuotient(points * part, whole);
}

/** Whole-number division, rounded down, of numbers that are not below zero. */
export function wholeQuotient(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor;
}
