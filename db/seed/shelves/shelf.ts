/** What one SKU's pack is: size as printed, unit, and a base price in euro cents. */
type Pack = readonly [size: string, unit: string, cents: number];

/** One category of the tree and what stands there. Brands and items are invented. */
export interface Shelf {
  /** Prefix of its SKUs. */
  readonly code: string;
  readonly category: readonly [root: string, ...below: string[]];
  /** P produce, C chilled, F frozen, A ambient, then the aisle. */
  readonly aisle: string;
  /** Without brands the goods are loose and carry no code of their own. */
  readonly brands: readonly string[];
  readonly items: readonly (readonly [name: string, ...packs: Pack[]])[];
}

/** The same item in a small and a large pack. */
export function packs(unit: string, small: readonly [string, number], large: readonly [string, number]): [Pack, Pack] {
  return [
    [small[0], unit, small[1]],
    [large[0], unit, large[1]],
  ];
}
