import type { Allergen } from '../catalog/allergens.ts';
import { invariant } from '../shared/assert.ts';
import type { Sku } from '../shared/ids.ts';
import { DEFAULT_WEIGHTS, sharedLevels, termsOf, wholeQuotient } from './substitution-score.ts';
import type { Article, ScoreWeights, ShelfArticle, Term } from './substitution-score.ts';

/** How many SKUs a customer may name in place of one. */
export const NAMED_SKUS_MAX = 5;
/** How many an answer lists. */
export const RANKED_MAX = 10;
export const RULED_OUT_MAX = 20;

/** What a customer wants done when a line is missing. `specific` allows the named SKUs, best first, and no other. */
export type Preference =
  | { readonly kind: 'do_not_substitute' | 'refund' | 'best_match' }
  | { readonly kind: 'specific'; readonly skus: readonly Sku[] };

export interface Wishes {
  /** Null when nothing was said: the best match may be proposed, and needs a yes. */
  readonly preference: Preference | null;
  readonly excludedAllergens: readonly Allergen[];
  /** The most that one unit of a substitute may cost, minor units; null leaves it to the store's cap. */
  readonly maxPriceMinor: number | null;
}

export interface SubstitutionPolicy {
  /** A substitute may be dearer by this part of the price or by this amount, whichever is more; minor units. */
  readonly dearerPercentMax: number;
  readonly dearerMinorMax: number;
  readonly weights: ScoreWeights;
}
/** Uber's grocery pickers may go 30 % or a few coins above; the coins depend on the currency, so a store adds its own. */
export const DEFAULT_SUBSTITUTION_POLICY: SubstitutionPolicy = {
  dearerPercentMax: 30,
  dearerMinorMax: 0,
  weights: DEFAULT_WEIGHTS,
};

export interface MissingLine {
  readonly article: Article;
  /** Units that are missing, 1 or more. */
  readonly units: number;
}

/** The highest score is the best. The terms add up to it. */
export interface RankedSubstitute {
  readonly sku: Sku;
  readonly score: number;
  readonly terms: readonly Term[];
}
export type RuledOut = { readonly sku: Sku } & (
  | { readonly why: 'ALLERGEN'; readonly allergens: readonly Allergen[] }
  | { readonly why: 'ALLERGENS_UNKNOWN' }
  | { readonly why: 'NOT_NAMED' }
  | { readonly why: 'SAME_SKU' }
  /** The order has it already, as a line or as the substitute of another: an article is on a list once. */
  | { readonly why: 'ON_THE_LIST' }
  | { readonly why: 'NOT_SOLD_HERE' }
  | { readonly why: 'OUT_OF_STOCK' }
  | { readonly why: 'PAST_SELL_BY'; readonly sellUntilMs: number }
  | { readonly why: 'OTHER_CATEGORY' }
  | { readonly why: 'OVER_PRICE_CAP'; readonly priceMinor: number; readonly capMinor: number }
);

export interface Substitutes {
  /** Set when the customer wants no substitute at all; then nothing else is. */
  readonly barredBy: 'do_not_substitute' | 'refund' | null;
  /** Best first, at most RANKED_MAX. */
  readonly ranked: readonly RankedSubstitute[];
  /** Nearest in the catalog first, at most RULED_OUT_MAX of `ruledOutTotal`. */
  readonly ruledOut: readonly RuledOut[];
  readonly ruledOutTotal: number;
}

export interface Circumstances {
  readonly policy: SubstitutionPolicy;
  readonly nowMs: number;
  /** What the order has on its list besides the missing article. */
  readonly listed?: ReadonlySet<Sku>;
}
const NOTHING: ReadonlySet<Sku> = new Set();

/**
 * What could replace a missing line. Rules come first and no score can outweigh them; of what they leave, the closest article
 * wins. The same input gives the same answer in whatever order the candidates come. SKUs among `candidates` are distinct.
 */
export function rankSubstitutes(
  missing: MissingLine,
  candidates: readonly ShelfArticle[],
  wishes: Wishes,
  { policy, nowMs, listed = NOTHING }: Circumstances,
): Substitutes {
  const { preference } = wishes;
  if (preference?.kind === 'do_not_substitute' || preference?.kind === 'refund') {
    return { barredBy: preference.kind, ranked: [], ruledOut: [], ruledOutTotal: 0 };
  }
  const named = preference?.kind === 'specific' ? preference.skus : null;
  invariant(named === null || named.length <= NAMED_SKUS_MAX, 'a customer names at most five SKUs');
  const rules: Rules = { missing: missing.article, wishes, named, policy, nowMs, listed };
  const ranked: RankedSubstitute[] = [];
  const ruledOut: Out[] = notSoldHere(named, candidates);
  for (const candidate of candidates) {
    const out = ruleOut(candidate, rules);
    if (out === undefined) ranked.push(rate(candidate, missing, rules));
    else ruledOut.push({ out, shared: sharedLevels(missing.article.category, candidate.category) });
  }
  return {
    barredBy: null,
    ranked: ranked.toSorted((a, b) => b.score - a.score || bySku(a, b)).slice(0, RANKED_MAX),
    ruledOut: ruledOut
      .toSorted((a, b) => b.shared - a.shared || bySku(a.out, b.out))
      .slice(0, RULED_OUT_MAX)
      .map(({ out }) => out),
    ruledOutTotal: ruledOut.length,
  };
}

interface Out {
  readonly out: RuledOut;
  /** Levels of category in common with the missing article. */
  readonly shared: number;
}

interface Rules extends Required<Circumstances> {
  readonly missing: Article;
  readonly wishes: Wishes;
  readonly named: readonly Sku[] | null;
}

/** The first rule that forbids a candidate. What can harm somebody comes first, so that it is what the picker reads. */
function ruleOut(
  candidate: ShelfArticle,
  { missing, wishes, named, policy, nowMs, listed }: Rules,
): RuledOut | undefined {
  const { sku, allergens, priceMinor, availableUnits, sellUntilMs } = candidate;
  const harmful = harmfulAllergens(allergens, wishes.excludedAllergens);
  if (harmful === 'unknown') return { sku, why: 'ALLERGENS_UNKNOWN' };
  if (harmful.length > 0) return { sku, why: 'ALLERGEN', allergens: harmful };
  if (sku === missing.sku) return { sku, why: 'SAME_SKU' };
  if (listed.has(sku)) return { sku, why: 'ON_THE_LIST' };
  if (named !== null && !named.includes(sku)) return { sku, why: 'NOT_NAMED' };
  if (availableUnits < 1) return { sku, why: 'OUT_OF_STOCK' };
  if (sellUntilMs !== null && sellUntilMs <= nowMs) return { sku, why: 'PAST_SELL_BY', sellUntilMs };
  // Who names an article has seen what it is and what it costs.
  if (named === null && sharedLevels(missing.category, candidate.category) === 0) return { sku, why: 'OTHER_CATEGORY' };
  const capMinor = priceCapMinor(missing.priceMinor, wishes.maxPriceMinor, named === null ? policy : null);
  if (priceMinor > capMinor) return { sku, why: 'OVER_PRICE_CAP', priceMinor, capMinor };
  return undefined;
}

/** What of an article's allergens a customer must avoid; `unknown` when nobody has stated them and that matters. */
export function harmfulAllergens(
  stated: readonly Allergen[] | null,
  excluded: readonly Allergen[],
): readonly Allergen[] | 'unknown' {
  if (excluded.length === 0) return [];
  return stated === null ? 'unknown' : stated.filter((allergen) => excluded.includes(allergen));
}

/** The customer's own limit and the store's, whichever is lower. */
function priceCapMinor(priceMinor: number, own: number | null, policy: SubstitutionPolicy | null): number {
  const ownMinor = own ?? Number.MAX_SAFE_INTEGER;
  if (policy === null) return ownMinor;
  const byPercent = wholeQuotient(priceMinor * policy.dearerPercentMax, 100);
  return Math.min(ownMinor, priceMinor + Math.max(byPercent, policy.dearerMinorMax));
}

function rate(candidate: ShelfArticle, { article, units }: MissingLine, rules: Rules): RankedSubstitute {
  const { weights } = rules.policy;
  const terms: readonly Term[] = [
    ...namedTerm(candidate.sku, rules.named, weights),
    ...termsOf(article, candidate, { units, nowMs: rules.nowMs }, weights),
  ];
  return { sku: candidate.sku, score: terms.reduce((score, { points }) => score + points, 0), terms };
}

/** More than all other terms together for each place, so that the customer's order of the named SKUs stands. */
function namedTerm(sku: Sku, named: readonly Sku[] | null, weights: ScoreWeights): Term[] {
  if (named === null) return [];
  const place = named.indexOf(sku) + 1;
  const most = Object.values(weights).reduce((sum: number, points: number) => sum + points, 0);
  return [{ term: 'named', points: (NAMED_SKUS_MAX - place) * (most + 1), place }];
}

/** They were asked for, so they are told of before what was not. */
function notSoldHere(named: readonly Sku[] | null, candidates: readonly ShelfArticle[]): Out[] {
  const sold = new Set(candidates.map(({ sku }) => sku));
  const absent = [...new Set(named)].filter((sku) => !sold.has(sku));
  return absent.map((sku) => ({ out: { sku, why: 'NOT_SOLD_HERE' }, shared: Number.MAX_SAFE_INTEGER }));
}

function bySku(a: { readonly sku: Sku }, b: { readonly sku: Sku }): number {
  if (a.sku === b.sku) return 0;
  return a.sku < b.sku ? -1 : 1;
}
