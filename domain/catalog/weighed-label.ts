import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { checkDigit, IN_STORE_PREFIX } from './gtin.ts';

/**
 * How the scales of a store print what a piece weighs or costs into an EAN-13: prefix, item number, a check digit over the
 * measure if there is one, the measure, and the check digit of the whole. GS1 leaves the layout of the restricted
 * circulation numbers 02 and 20-29 to each market (General Specifications, 2.1.11), so it is configuration.
 */
export interface WeighedLabel {
  /** First digits of the EAN-13, two to four of them, in 02 or 20-29. */
  readonly prefix: string;
  readonly itemDigits: number;
  /** Whether a check digit over the measure stands before it. Only four and five digits have one. */
  readonly measureCheck: boolean;
  /** Four to six. */
  readonly measureDigits: number;
  readonly measures: 'weight' | 'price';
  /** What one count of the measure is: milligrams, or minor units of the store's currency. */
  readonly step: number;
}

/**
 * Prefix 21 for the weight in grams, 23 for the price in minor units, five digits each, as the default nomenclature of
 * Odoo's point of sale has them. Prefix 20 stays with the codes that we mint ourselves.
 */
export const DEFAULT_WEIGHED_LABELS: readonly WeighedLabel[] = [
  { prefix: '21', itemDigits: 5, measureCheck: false, measureDigits: 5, measures: 'weight', step: 1000 },
  { prefix: '23', itemDigits: 5, measureCheck: false, measureDigits: 5, measures: 'price', step: 1 },
];

/** Rows of one table: at most a hundred prefixes of two digits, and nobody has more. */
const WEIGHED_LABELS_MAX = 100;

export type LabelError =
  | { readonly code: 'TOO_MANY_LABELS'; readonly rows: number; readonly max: number }
  | { readonly code: 'LABEL_PREFIX'; readonly prefix: string }
  | { readonly code: 'LABEL_PREFIX_TAKEN'; readonly prefix: string; readonly by: string }
  /** The parts do not fill the twelve digits before the check digit, or one of them is out of bounds. */
  | { readonly code: 'LABEL_DIGITS'; readonly prefix: string; readonly digits: number };

/** Every row must be readable, and no code may fit two rows or the codes that we mint. */
export function checkWeighedLabels(rows: readonly WeighedLabel[]): Result<readonly WeighedLabel[], LabelError> {
  if (rows.length > WEIGHED_LABELS_MAX) {
    return err({ code: 'TOO_MANY_LABELS', rows: rows.length, max: WEIGHED_LABELS_MAX });
  }
  const taken = [IN_STORE_PREFIX];
  for (const row of rows) {
    const { prefix, itemDigits, measureDigits, measureCheck, step } = row;
    if (!/^(?:02|2\d)\d{0,2}$/.test(prefix)) return err({ code: 'LABEL_PREFIX', prefix });
    const by = taken.find((other) => other.startsWith(prefix) || prefix.startsWith(other));
    if (by !== undefined) return err({ code: 'LABEL_PREFIX_TAKEN', prefix, by });
    const digits = prefix.length + itemDigits + measureDigits + (measureCheck ? 1 : 0);
    const whole = [itemDigits, measureDigits, step].every((part) => Number.isInteger(part) && part >= 1);
    const bounded = measureDigits >= 4 && measureDigits <= (measureCheck ? 5 : 6) && step <= 1_000_000;
    if (digits !== 12 || !whole || !bounded) return err({ code: 'LABEL_DIGITS', prefix, digits });
    taken.push(prefix);
  }
  return ok(rows);
}

export interface WeighedReading {
  /** GTIN-14 of the same code with nothing measured: what the article is known by. */
  readonly gtin: string;
  readonly measures: 'weight' | 'price';
  /** Milligrams, or minor units; at least 1. */
  readonly amount: number;
}

export type WeighedError =
  | { readonly code: 'BAD_CHECK_DIGIT'; readonly of: 'measure'; readonly expected: string }
  /** The label of a scale with nothing on it, or the article's code on the shelf. */
  | { readonly code: 'NOTHING_WEIGHED'; readonly gtin: string };

/** What the scale printed, or undefined when no row of the table has the prefix. `ean13` has a right check digit. */
export function readWeighedLabel(
  ean13: string,
  labels: readonly WeighedLabel[],
): Result<WeighedReading, WeighedError> | undefined {
  const label = labels.find(({ prefix }) => ean13.startsWith(prefix));
  if (label === undefined) return undefined;
  const itemEnd = label.prefix.length + label.itemDigits;
  const measured = ean13.slice(12 - label.measureDigits, 12);
  if (label.measureCheck) {
    const expected = measureCheckDigit(measured);
    if (ean13.charAt(itemEnd) !== expected) return err({ code: 'BAD_CHECK_DIGIT', of: 'measure', expected });
  }
  const body = ean13.slice(0, itemEnd).padEnd(12, '0');
  const gtin = `0${body}${checkDigit(body)}`;
  const amount = Number(measured) * label.step;
  if (amount === 0) return err({ code: 'NOTHING_WEIGHED', gtin });
  return ok({ gtin, measures: label.measures, amount });
}

/** The weighted product of each digit 0-9, by weight. GS1 General Specifications, 7.9.2. */
const WEIGHTED = { '2-': '0246891357', '3': '0369258147', '5+': '0516273849', '5-': '0594837261' } as const;
type Weight = keyof typeof WEIGHTED;
const WEIGHTS_OF_4: readonly Weight[] = ['2-', '2-', '3', '5-'];
const WEIGHTS_OF_5: readonly Weight[] = ['5+', '2-', '5-', '5+', '2-'];

/** The check digit over a price or weight of four or five digits. GS1 General Specifications, 7.9.3 and 7.9.4. */
export function measureCheckDigit(measured: string): string {
  const weights = measured.length === 4 ? WEIGHTS_OF_4 : WEIGHTS_OF_5;
  const sum = weights.reduce((so, weight, at) => so + Number(WEIGHTED[weight].charAt(Number(measured.charAt(at)))), 0);
  if (measured.length === 4) return String((sum * 3) % 10);
  return String(WEIGHTED['5-'].indexOf(String((10 - (sum % 10)) % 10)));
}
