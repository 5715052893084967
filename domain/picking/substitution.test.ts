import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALLERGENS } from '../catalog/allergens.ts';
import { parsePackSize } from '../catalog/pack-size.ts';
import { asSku } from '../shared/ids.ts';
import { DEFAULT_WEIGHTS, FRESH_MS } from './substitution-score.ts';
import type { Article, ShelfArticle } from './substitution-score.ts';
import {
  DEFAULT_SUBSTITUTION_POLICY,
  NAMED_SKUS_MAX,
  RANKED_MAX,
  rankSubstitutes,
  RULED_OUT_MAX,
} from './substitution.ts';
import type { Preference, Substitutes, Wishes } from './substitution.ts';

const NOW_MS = 1_000_000;
const AT = { policy: DEFAULT_SUBSTITUTION_POLICY, nowMs: NOW_MS };
const MILK: Article = {
  sku: asSku('MILK-1L'),
  category: ['Dairy', 'Milk'],
  brand: 'Fernwater',
  size: size('1 l'),
  priceMinor: 6000,
  allergens: ['milk'],
};
const MISSING = { article: MILK, units: 2 };
const BEST: Wishes = { preference: { kind: 'best_match' }, excludedAllergens: [], maxPriceMinor: null };

function shelf(sku: string, rest: Partial<ShelfArticle> = {}): ShelfArticle {
  return { ...MILK, sku: asSku(sku), availableUnits: 10, sellUntilMs: null, ...rest };
}
function size(text: string): Article['size'] {
  return parsePackSize(text) ?? null;
}
function rank(candidates: readonly ShelfArticle[], wishes: Partial<Wishes> = {}): Substitutes {
  return rankSubstitutes(MISSING, candidates, { ...BEST, ...wishes }, AT);
}
function skus(answer: Substitutes): string[] {
  return answer.ranked.map(({ sku }) => sku);
}

describe('the closest article wins', () => {
  test.each<[string, Partial<ShelfArticle>, Partial<ShelfArticle>]>([
    ['the same category', {}, { category: ['Dairy', 'Cream'] }],
    ['the closer size', { size: size('900 ml') }, { size: size('500 ml') }],
    ['a size that can be compared', { size: size('500 ml') }, { size: size('1 kg') }],
    ['the same brand', { brand: ' FERNWATER' }, { brand: 'Mintmark' }],
    ['the closer price', { priceMinor: 5900 }, { priceMinor: 5000 }],
    ['all units on the shelf', { availableUnits: 2 }, { availableUnits: 1 }],
    ['the longer shelf life', { sellUntilMs: NOW_MS + FRESH_MS }, { sellUntilMs: NOW_MS + FRESH_MS / 2 }],
    [
      'another milk of another brand and half the size',
      { brand: 'x', size: size('500 ml') },
      { category: ['Dairy', 'Butter'] },
    ],
  ])('%s [F8]', (_name, better, worse) => {
    // Named against the alphabet, so that the score alone decides.
    expect(skus(rank([shelf('A', worse), shelf('Z', better)]))).toEqual(['Z', 'A']);
  });

  test('every term says what a tablet can show, and they add up to the score [F8]', () => {
    const candidate = shelf('MILK-B', { size: size('980 ml'), priceMinor: 5600, sellUntilMs: NOW_MS + FRESH_MS / 2 });
    expect(rank([candidate]).ranked).toEqual([
      {
        sku: 'MILK-B',
        score: 500 + 196 + 100 + 93 + 50 + 25,
        terms: [
          { term: 'category', points: 500, sharedLevels: 2, levels: 2 },
          { term: 'size', points: 196, unit: 'ml', difference: -20 },
          { term: 'brand', points: 100, same: true },
          { term: 'price', points: 93, differenceMinor: -400 },
          { term: 'stock', points: 50, availableUnits: 10, wantedUnits: 2 },
          { term: 'shelf_life', points: 25, leftMs: FRESH_MS / 2 },
        ],
      },
    ]);
  });
});

describe('rules that no score outweighs', () => {
  test.each<[string, Partial<ShelfArticle>, Partial<Wishes>, object]>([
    [
      'an excluded allergen',
      { allergens: ['soybeans', 'milk'] },
      { excludedAllergens: ['milk'] },
      { why: 'ALLERGEN', allergens: ['milk'] },
    ],
    [
      'allergens that nobody has stated',
      { allergens: null },
      { excludedAllergens: ['nuts'] },
      { why: 'ALLERGENS_UNKNOWN' },
    ],
    ['nothing left', { availableUnits: 0 }, {}, { why: 'OUT_OF_STOCK' }],
    ['its last moment', { sellUntilMs: NOW_MS }, {}, { why: 'PAST_SELL_BY', sellUntilMs: NOW_MS }],
    ['nothing in common', { category: ['Home', 'Milk'] }, {}, { why: 'OTHER_CATEGORY' }],
    ['30 % and a coin dearer', { priceMinor: 7801 }, {}, { why: 'OVER_PRICE_CAP', priceMinor: 7801, capMinor: 7800 }],
    [
      'above the own limit',
      { priceMinor: 6001 },
      { maxPriceMinor: 6000 },
      { why: 'OVER_PRICE_CAP', priceMinor: 6001, capMinor: 6000 },
    ],
    ['the missing article itself', { sku: MILK.sku }, {}, { why: 'SAME_SKU' }],
  ])('%s [F8]', (_name, candidate, wishes, why) => {
    const other = shelf('OTHER', candidate);
    expect(rank([other], wishes)).toEqual({
      barredBy: null,
      ranked: [],
      ruledOut: [{ sku: other.sku, ...why }],
      ruledOutTotal: 1,
    });
  });

  test('what the order has on its list already stands there once [F8]', () => {
    const answer = rankSubstitutes(MISSING, [shelf('A'), shelf('B')], BEST, { ...AT, listed: new Set([asSku('A')]) });
    expect(skus(answer)).toEqual(['B']);
    expect(answer.ruledOut).toEqual([{ sku: 'A', why: 'ON_THE_LIST' }]);
  });

  test('allergens that nobody has stated are no hindrance to who excludes none [F8]', () => {
    expect(skus(rank([shelf('A', { allergens: null })]))).toEqual(['A']);
  });

  test('exactly at the cap is allowed; an absolute allowance counts where it is more than the percentage [F8]', () => {
    expect(skus(rank([shelf('A', { priceMinor: 7800 })]))).toEqual(['A']);
    const policy = { ...DEFAULT_SUBSTITUTION_POLICY, dearerMinorMax: 3000 };
    const candidates = [shelf('A', { priceMinor: 9000 }), shelf('B', { priceMinor: 9001 })];
    expect(skus(rankSubstitutes(MISSING, candidates, BEST, { policy, nowMs: NOW_MS }))).toEqual(['A']);
  });

  test.each(['do_not_substitute', 'refund'] as const)('%s leaves nothing to choose from [F8]', (kind) => {
    const answer = rank([shelf('A'), shelf('B')], { preference: { kind } });
    expect(answer).toEqual({ barredBy: kind, ranked: [], ruledOut: [], ruledOutTotal: 0 });
  });

  test('whoever said nothing is shown the best match [F8]', () => {
    expect(skus(rank([shelf('A')], { preference: null }))).toEqual(['A']);
  });
});

describe('named articles', () => {
  const preference: Preference = { kind: 'specific', skus: [asSku('Z'), asSku('A'), asSku('GONE')] };

  test('stand in the order of the customer, and nothing else is allowed [F8]', () => {
    const candidates = [shelf('A'), shelf('B'), shelf('Z', { category: ['Home'], brand: null, size: null })];
    const answer = rank(candidates, { preference });
    expect(skus(answer)).toEqual(['Z', 'A']);
    expect(answer.ranked[1]?.terms[0]).toMatchObject({ term: 'named', place: 2 });
    expect(answer.ruledOut).toEqual([
      { sku: 'GONE', why: 'NOT_SOLD_HERE' },
      { sku: 'B', why: 'NOT_NAMED' },
    ]);
  });

  test('may cost what they cost, up to the own limit of the customer [F8]', () => {
    const candidates = [shelf('A', { priceMinor: 20_000 }), shelf('Z', { priceMinor: 20_001 })];
    expect(skus(rank(candidates, { preference, maxPriceMinor: 20_000 }))).toEqual(['A']);
  });

  test('are subject to the allergens all the same [F8]', () => {
    expect(skus(rank([shelf('A'), shelf('Z')], { preference, excludedAllergens: ['milk'] }))).toEqual([]);
  });

  test('more than five are a bug of whoever let them in', () => {
    const six = Array.from({ length: NAMED_SKUS_MAX + 1 }, (_, n) => asSku(`S${n}`));
    expect(() => rank([], { preference: { kind: 'specific', skus: six } })).toThrow('invariant broken');
  });
});

test('an answer is bounded, and says how many were ruled out, the nearest in the catalog first [F8]', () => {
  const near = Array.from({ length: 15 }, (_, n) => shelf(`N${n}`, { availableUnits: n < 12 ? 1 : 0 }));
  const far = Array.from({ length: 40 }, (_, n) => shelf(`F${n}`, { category: ['Home'] }));
  const answer = rank([...far, ...near]);
  expect(answer.ranked).toHaveLength(RANKED_MAX);
  expect(answer.ruledOut).toHaveLength(RULED_OUT_MAX);
  expect(answer.ruledOut.slice(0, 4).map(({ sku, why }) => [sku, why])).toEqual([
    ['N12', 'OUT_OF_STOCK'],
    ['N13', 'OUT_OF_STOCK'],
    ['N14', 'OUT_OF_STOCK'],
    ['F0', 'OTHER_CATEGORY'],
  ]);
  expect(answer.ruledOutTotal).toBe(43);
});

test('equals go by SKU, in whatever order they come [F8]', () => {
  const equals = [shelf('B'), shelf('C'), shelf('A')];
  expect(skus(rank(equals))).toEqual(['A', 'B', 'C']);
  const soldOut = equals.map((candidate) => ({ ...candidate, availableUnits: 0 }));
  expect(rank(soldOut).ruledOut.map(({ sku }) => sku)).toEqual(['A', 'B', 'C']);
});

describe('over random catalogs', () => {
  const category = fc.constantFrom('Dairy', 'Dairy>Milk', 'Dairy>Cream', 'Dairy>Milk>Oat', 'Home');
  const allergens = fc.option(fc.uniqueArray(fc.constantFrom(...ALLERGENS), { maxLength: 3 }), { nil: null });
  const article = {
    category: category.map((path) => path.split('>')),
    brand: fc.constantFrom('Fernwater', 'Mintmark', null),
    size: fc.constantFrom(size('1 l'), size('500 ml'), size('6 x 200 g'), null),
    priceMinor: fc.integer({ min: 4000, max: 8000 }),
    allergens,
  };
  const candidate = fc.record({
    ...article,
    sku: fc.nat(60).map((n) => asSku(`S${n}`)),
    availableUnits: fc.nat(4),
    sellUntilMs: fc.option(fc.integer({ min: NOW_MS - 10, max: NOW_MS + 2 * FRESH_MS }), { nil: null }),
  });
  const catalog = fc.uniqueArray(candidate, { maxLength: 40, selector: ({ sku }) => sku, size: 'max' });
  const missing = fc.record({
    article: fc.record({ ...article, sku: fc.constant(MILK.sku) }),
    units: fc.integer({ min: 1, max: 5 }),
  });
  const preference = fc.oneof(
    fc.constantFrom<Preference | null>({ kind: 'best_match' }, { kind: 'do_not_substitute' }, { kind: 'refund' }, null),
    fc
      .array(fc.nat(60), { maxLength: 5 })
      .map((named): Preference => ({ kind: 'specific', skus: named.map((n) => asSku(`S${n}`)) })),
  );
  const wishes = fc.record({
    preference,
    excludedAllergens: fc.uniqueArray(fc.constantFrom(...ALLERGENS), { maxLength: 3 }),
    maxPriceMinor: fc.option(fc.integer({ min: 4000, max: 8000 }), { nil: null, freq: 2 }),
  });

  test('nothing is ever offered that holds, or could hold, an allergen the customer excluded [F8]', () => {
    let offered = 0;
    fc.assert(
      fc.property(missing, catalog, wishes, (line, candidates, wish) => {
        const bySku = new Map(candidates.map((one) => [one.sku, one]));
        const { ranked } = rankSubstitutes(line, candidates, wish, AT);
        for (const { sku } of ranked) {
          const stated = bySku.get(sku)?.allergens;
          const harmless = stated?.every((allergen) => !wish.excludedAllergens.includes(allergen)) ?? false;
          expect(harmless || wish.excludedAllergens.length === 0).toBe(true);
          if (wish.excludedAllergens.length > 0) offered += 1;
        }
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect(offered).toBeGreaterThan(500);
  });

  test('nobody is offered what they ruled out: no substitute at all, or one they did not name [F8]', () => {
    fc.assert(
      fc.property(missing, catalog, wishes, (line, candidates, wish) => {
        const offered = rankSubstitutes(line, candidates, wish, AT).ranked.map(({ sku }) => sku);
        const allowed = allowedBy(wish.preference);
        expect(offered.filter((sku) => allowed !== null && !allowed.includes(sku))).toEqual([]);
      }),
    );
  });

  test('the ranking is total and stable: any order of the candidates gives the same answer [F8]', () => {
    const shuffled = catalog.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(missing, shuffled, wishes, (line, [all, other], wish) => {
        const answer = rankSubstitutes(line, all, wish, AT);
        expect(rankSubstitutes(line, other, wish, AT)).toEqual(answer);
        const keys = answer.ranked.map(({ score, sku }) => [-score, sku] as const);
        expect(keys).toEqual(keys.toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));
      }),
    );
  });

  test('scores are whole numbers, made of terms within their weights [F8]', () => {
    const most = { category: 500, size: 200, brand: 100, price: 100, stock: 50, shelf_life: 50, named: 4 * 1001 };
    expect(Object.values(DEFAULT_WEIGHTS).reduce((sum, points) => sum + points, 0)).toBe(1000);
    fc.assert(
      fc.property(missing, catalog, wishes, (line, candidates, wish) => {
        for (const { score, terms } of rankSubstitutes(line, candidates, wish, AT).ranked) {
          expect(terms.reduce((sum, { points }) => sum + points, 0)).toBe(score);
          for (const { term, points } of terms) {
            expect(Number.isInteger(points) && points >= 0 && points <= most[term]).toBe(true);
          }
        }
      }),
    );
  });

  test('everyone is either ranked or ruled out, and counted once [F8]', () => {
    fc.assert(
      fc.property(missing, catalog, wishes, (line, candidates, wish) => {
        const { barredBy, ranked, ruledOut, ruledOutTotal } = rankSubstitutes(line, candidates, wish, AT);
        const strangers = ruledOut.filter(({ why }) => why === 'NOT_SOLD_HERE').length;
        const within = candidates.length + strangers - ruledOutTotal;
        expect(ranked).toHaveLength(barredBy === null ? Math.min(RANKED_MAX, within) : 0);
        expect(ruledOut).toHaveLength(Math.min(RULED_OUT_MAX, ruledOutTotal));
      }),
    );
  });
});

/** The SKUs a preference allows; null for any. */
function allowedBy(preference: Preference | null): readonly string[] | null {
  if (preference === null || preference.kind === 'best_match') return null;
  return preference.kind === 'specific' ? preference.skus : [];
}
