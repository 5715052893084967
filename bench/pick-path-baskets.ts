import { storageOf } from '../domain/catalog/storage.ts';
import type { WaveLine } from '../domain/picking/wave.ts';
import { mintBin } from '../scripts/import/bin.ts';
import { drawSome, drawWhole, seededRandom } from '../scripts/shared/seeded-random.ts';

/** A real inventory of 3,732 SKUs: its categories in the order of the file, and how many SKUs each has, numbered through. */
const CATEGORIES: readonly (readonly [category: string, skus: number])[] = [
  ['Fruits & Vegetables', 93],
  ['Cooking Essentials', 514],
  ['Munchies', 514],
  ['Dairy, Bread & Batter', 129],
  ['Beverages', 129],
  ['Packaged Food', 388],
  ['Ice Cream & Desserts', 388],
  ['Chocolates & Candies', 388],
  ['Meats, Fish & Eggs', 63],
  ['Biscuits', 147],
  ['Personal Care', 344],
  ['Paan Corner', 344],
  ['Home & Cleaning', 194],
  ['Health & Hygiene', 97],
];
const LINES_MAX = 8;
const QUANTITY_MAX = 2;
/** Demand falls with the rank of a SKU as rank^-1.1. */
const ZIPF = 1.1;
/** The median of that inventory. */
const UNIT_G = 225;

/** What stands where and how: each SKU as an import brings it in. */
export function inventory(): WaveLine[] {
  let last = 0;
  return CATEGORIES.flatMap(([category, skus]) =>
    Array.from({ length: skus }, () => {
      last += 1;
      const sku = String(last);
      return { sku, bin: mintBin([category], sku), ...storageOf([category]), quantity: 1, weightG: UNIT_G };
    }),
  );
}

/** Baskets of one to eight different SKUs, one or two units of each. Which SKUs are popular depends on the seed as well. */
export function drawBaskets(seed: number, count: number): (readonly WaveLine[])[] {
  const random = seededRandom(seed);
  const byRank = drawSome(random, inventory(), Infinity);
  let total = 0;
  const upTo = byRank.map((_, index) => (total += (index + 1) ** -ZIPF));
  function drawSku(): WaveLine | undefined {
    const drawn = random() * total;
    return byRank[upTo.findIndex((sum) => drawn < sum)];
  }
  return Array.from({ length: count }, () => {
    const lines = new Map<string, WaveLine>();
    const wanted = drawWhole(random, 1, LINES_MAX);
    while (lines.size < wanted) {
      const line = drawSku();
      if (line !== undefined) lines.set(line.sku, { ...line, quantity: drawWhole(random, 1, QUANTITY_MAX) });
    }
    return [...lines.values()];
  });
}
