import type { Allergen } from '../catalog/allergens.ts';
import type { Sku } from '../shared/ids.ts';
import type { Preference, Wishes } from './substitution.ts';

/** What to do when this line of an order is missing. */
export interface LinePreference {
  readonly sku: Sku;
  readonly preference: Preference;
}

/** What a customer says with an order about what may come instead. */
export interface OrderWishes {
  /** Nothing that holds one of these, or could hold one, is ever proposed. */
  readonly avoidAllergens: readonly Allergen[];
  /** At most one for a SKU; a line without one is asked about, and refunded when nobody answers. */
  readonly preferences: readonly LinePreference[];
}
export const NO_WISHES: OrderWishes = { avoidAllergens: [], preferences: [] };

/** The wishes as far as they concern one line. A customer pays no more than the missing article's price, so no limit of their own. */
export function wishesFor(wishes: OrderWishes, sku: Sku): Wishes {
  const preference = wishes.preferences.find((line) => line.sku === sku)?.preference ?? null;
  return { preference, excludedAllergens: wishes.avoidAllergens, maxPriceMinor: null };
}
