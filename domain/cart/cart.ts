import type { Allergen } from '../catalog/allergens.ts';
import type { Preference } from '../picking/substitution.ts';
import type { LatLng } from '../shared/geo.ts';
import type { Sku, StoreId } from '../shared/ids.ts';

/** Characters of the note on one line: a sentence to the picker, not a letter. */
export const NOTE_LENGTH_MAX = 140;

export interface CartLine {
  readonly sku: Sku;
  /** Whole units, 1 or more. */
  readonly quantity: number;
  /** Empty: nothing was said. */
  readonly note: string;
  /** `null`: nothing was said. */
  readonly preference: Preference | null;
}
/** Where it is to go, and the store that serves there. */
export interface Serving {
  readonly storeId: StoreId;
  readonly deliverTo: LatLng;
}

export interface Cart {
  /** Grows by one with each change; what a checkout names. 0 for a cart that nobody has touched. */
  readonly version: number;
  /** One a SKU, in the order in which they were put in. */
  readonly lines: readonly CartLine[];
  readonly avoidAllergens: readonly Allergen[];
  readonly serving: Serving | null;
  /** Names the hold of these goods at this store: grows whenever either changes, or a hold is over. */
  readonly holdNo: number;
}

export const EMPTY_CART: Cart = { version: 0, lines: [], avoidAllergens: [], serving: null, holdNo: 0 };

/** What is, or should be, set aside for a cart; `null` while nobody could. */
export interface CartHold {
  readonly storeId: StoreId;
  readonly holdNo: number;
}
export function holdOf({ lines, serving, holdNo }: Cart): CartHold | null {
  return lines.length === 0 || serving === null ? null : { storeId: serving.storeId, holdNo };
}
