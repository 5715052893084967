const AISLES = 26 * 100;
const RACKS = 20;
const SHELVES = 6;

/**
 * A bin for an article whose file names none: the category chooses the aisle, the SKU the place in it, so that the same file
 * gives the same bins and a pick list still walks aisle by aisle. Several SKUs may share a bin.
 */
export function mintBin(category: readonly string[], sku: string): string {
  const aisle = hash(category.join('\n')) % AISLES;
  const place = hash(sku) % (RACKS * SHELVES);
  const letter = String.fromCodePoint(65 + Math.floor(aisle / 100));
  const number = String(aisle % 100).padStart(2, '0');
  return `${letter}${number}-${Math.floor(place / SHELVES) + 1}-${(place % SHELVES) + 1}`;
}

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193);
  return state >>> 0;
}
