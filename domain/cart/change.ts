import type { Allergen } from '../catalog/allergens.ts';
import { canonicalJson } from '../shared/canonical.ts';
import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { NOTE_LENGTH_MAX } from './cart.ts';
import type { Cart, CartLine, Serving } from './cart.ts';

export type CartChange =
  /** The line as it is from now on, whatever it was. */
  | ({ readonly do: 'SetLine' } & CartLine)
  | { readonly do: 'RemoveLine'; readonly sku: Sku }
  | { readonly do: 'Clear' }
  /** What is left out stays. */
  | { readonly do: 'SetTerms'; readonly serving?: Serving; readonly avoidAllergens?: readonly Allergen[] }
  /** What somebody collected before signing in. */
  | { readonly do: 'Merge'; readonly lines: readonly CartLine[]; readonly avoidAllergens: readonly Allergen[] };

export interface CartLimits {
  readonly linesMax: number;
  /** Units of one SKU. */
  readonly quantityMax: number;
}
export type CartError =
  | { readonly code: 'BAD_LINE'; readonly sku: Sku; readonly quantityMax: number; readonly noteLengthMax: number }
  | { readonly code: 'TOO_MANY_LINES'; readonly lines: number; readonly linesMax: number };

/** A line that could not be summed up whole. */
export interface CutLine {
  readonly sku: Sku;
  readonly wanted: number;
  readonly quantity: number;
}
export interface CartStep {
  /** The very same cart when the change changed nothing. */
  readonly cart: Cart;
  /** Of a merge; empty otherwise. */
  readonly cut: readonly CutLine[];
}

/** The cart after a change, or why it cannot be made; then nothing of it is. */
export function changeCart(cart: Cart, change: CartChange, limits: CartLimits): Result<CartStep, CartError> {
  const wrong = linesOf(change).find((line) => !isGood(line, limits));
  if (wrong !== undefined) {
    const { quantityMax } = limits;
    return err({ code: 'BAD_LINE', sku: wrong.sku, quantityMax, noteLengthMax: NOTE_LENGTH_MAX });
  }
  const { content, cut } = contentAfter(cart, change, limits);
  if (content.lines.length > limits.linesMax) {
    return err({ code: 'TOO_MANY_LINES', lines: content.lines.length, linesMax: limits.linesMax });
  }
  return ok({ cart: nextCart(cart, content), cut });
}

/** What of a cart a change is about. */
type Content = Pick<Cart, 'lines' | 'avoidAllergens' | 'serving'>;

/** The cart with another content: another version, and another hold when it would hold something else. */
export function nextCart(cart: Cart, content: Content): Cart {
  const { version, holdNo, ...before } = cart;
  if (canonicalJson(before) === canonicalJson(content)) return cart;
  const holdsTheSame = canonicalJson(heldBy(cart)) === canonicalJson(heldBy(content));
  return { ...content, version: version + 1, holdNo: holdsTheSame ? holdNo : holdNo + 1 };
}

/** Another name for the hold of the same goods: the one that it had is over. */
export function renameHold(cart: Cart): Cart {
  return { ...cart, holdNo: cart.holdNo + 1 };
}

function heldBy({ lines, serving }: Pick<Cart, 'lines' | 'serving'>): unknown {
  return [serving?.storeId ?? null, lines.map(({ sku, quantity }) => `${sku} ${quantity}`).toSorted()];
}

function contentAfter(
  { lines, avoidAllergens, serving }: Content,
  change: CartChange,
  limits: CartLimits,
): { readonly content: Content; readonly cut: readonly CutLine[] } {
  switch (change.do) {
    case 'SetLine': {
      const { do: _do, ...line } = change;
      const isNew = lines.every(({ sku }) => sku !== line.sku);
      const set = isNew ? [...lines, line] : lines.map((known) => (known.sku === line.sku ? line : known));
      return { content: { lines: set, avoidAllergens, serving }, cut: [] };
    }
    case 'RemoveLine': {
      const left = lines.filter(({ sku }) => sku !== change.sku);
      return { content: { lines: left, avoidAllergens, serving }, cut: [] };
    }
    case 'Clear':
      return { content: { lines: [], avoidAllergens, serving }, cut: [] };
    case 'SetTerms': {
      const avoided = change.avoidAllergens === undefined ? avoidAllergens : inOrder(change.avoidAllergens);
      return { content: { lines, avoidAllergens: avoided, serving: change.serving ?? serving }, cut: [] };
    }
    case 'Merge': {
      const merged = mergeLines(lines, change.lines, limits.quantityMax);
      // Whoever said that they must avoid something is believed, signed in or not.
      const avoided = inOrder([...avoidAllergens, ...change.avoidAllergens]);
      return { content: { lines: merged.lines, avoidAllergens: avoided, serving }, cut: merged.cut };
    }
  }
}

/** Quantities are summed up to the maximum, and what was cut is named; what the cart itself says of a line wins. */
function mergeLines(
  own: readonly CartLine[],
  guest: readonly CartLine[],
  quantityMax: number,
): { readonly lines: readonly CartLine[]; readonly cut: readonly CutLine[] } {
  const lines = new Map(own.map((line) => [line.sku, line]));
  const wanted = new Map(own.map(({ sku, quantity }) => [sku, quantity]));
  for (const line of guest) {
    const known = lines.get(line.sku);
    const units = (wanted.get(line.sku) ?? 0) + line.quantity;
    wanted.set(line.sku, units);
    const quantity = Math.min(units, quantityMax);
    const note = known === undefined || known.note === '' ? line.note : known.note;
    lines.set(line.sku, { sku: line.sku, quantity, note, preference: known?.preference ?? line.preference });
  }
  const cut = [...lines.values()].flatMap(({ sku, quantity }): CutLine[] => {
    const units = wanted.get(sku) ?? quantity;
    return units === quantity ? [] : [{ sku, wanted: units, quantity }];
  });
  return { lines: [...lines.values()], cut };
}

function linesOf(change: CartChange): readonly CartLine[] {
  if (change.do === 'SetLine') return [change];
  return change.do === 'Merge' ? change.lines : [];
}

function isGood({ quantity, note }: CartLine, { quantityMax }: CartLimits): boolean {
  const isCount = Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= quantityMax;
  return isCount && note.length <= NOTE_LENGTH_MAX;
}

function inOrder(allergens: readonly Allergen[]): readonly Allergen[] {
  return [...new Set(allergens)].toSorted();
}
