import { ALLERGENS, type Allergen } from '../../domain/catalog/allergens.ts';
import { storageOf, TEMPERATURE_ZONES, type TemperatureZone } from '../../domain/catalog/storage.ts';
import { SKU_PATTERN } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { GRAMS_MAX, RECEIPT_QUANTITY_MAX, type AssortmentRow } from '../../contracts/http/admin.ts';
import { BIN_PATTERN } from '../../contracts/wire.ts';
import { readAmount } from './amount.ts';
import { readBarcodes } from './barcode.ts';
import { mintBin } from './bin.ts';
import type { Column, Layout } from './columns.ts';

export interface LineProblem {
  readonly line: number;
  /** As the file calls it; empty when the whole line is meant. */
  readonly column: string;
  readonly reason: string;
}

export interface Article {
  readonly row: AssortmentRow;
  /** Units to receive; may be 0. */
  readonly quantity: number;
}

export type ReadArticle =
  | { readonly ok: true; readonly article: Article; readonly warnings: readonly LineProblem[] }
  | { readonly ok: false; readonly problems: readonly LineProblem[] };

export interface ArticleContext {
  readonly layout: Layout;
  /** ISO 4217 code of the store's city, and its digits after the point. */
  readonly currency: string;
  readonly digits: number;
}

const NAME_MAX = 255;
const DESCRIPTION_MAX = 2_000;
const CATEGORY_MAX = 100;
const CATEGORY_DEPTH_MAX = 5;
const UNIT_MAX = 50;
const BRAND_MAX = 100;
/** Control characters, and those that turn the direction of what follows: both can make a name look like another. */
const FORBIDDEN = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

/** Reads one line. Every problem of the line is named, not only the first. */
export function readArticle(line: number, fields: readonly string[], context: ArticleContext): ReadArticle {
  const { names } = context.layout;
  if (fields.length !== names.length) {
    return {
      ok: false,
      problems: [{ line, column: '', reason: `has ${fields.length} fields, the header has ${names.length}` }],
    };
  }
  const reader = new FieldReader(line, fields, context.layout);
  const sku = reader.checked('sku', readSku) ?? '';
  const name = reader.text('name', NAME_MAX);
  const description = reader.text('description', DESCRIPTION_MAX);
  const category = reader
    .text('category', CATEGORY_MAX * CATEGORY_DEPTH_MAX)
    .split('>')
    .map((part) => part.trim());
  if (category.length > CATEGORY_DEPTH_MAX || category.some((part) => part === '' || part.length > CATEGORY_MAX)) {
    reader.refuse(
      'category',
      `is not one to ${CATEGORY_DEPTH_MAX} names of at most ${CATEGORY_MAX} characters with ">" between`,
    );
  }
  function amount(text: string): Result<number, string> {
    return readAmount(text, context.layout.amounts, context.digits);
  }
  const price = reader.checked('price', amount) ?? 0;
  const mrp = reader.optional('mrp', amount) ?? price;
  if (reader.problems.length === 0 && mrp < price)
    reader.refuse('mrp', `${mrp} is below the price, ${price} (minor units)`);
  const quantity = reader.checked('quantity', readQuantity) ?? 0;
  const bin = reader.optional('bin', readBin) ?? mintBin(category, sku);
  const barcodes = reader.optional('barcode', readBarcodes);
  const unit = reader.text('unit', UNIT_MAX) || 'piece';
  const grams = reader.optional('weightG', readGrams) ?? 0;
  const size = reader.text('size', UNIT_MAX) || sizeOfGrams(grams) || unit;
  const storage = storageOf(category);
  const temperatureZone = reader.optional('temperatureZone', readTemperatureZone) ?? storage.temperatureZone;
  const fragile = reader.optional('fragile', readYesNo) ?? storage.fragile;
  const brand = reader.text('brand', BRAND_MAX);
  const allergens = reader.optional('allergens', readAllergens);
  if (price === 0) reader.warn('price', 'is 0: goes in as not for sale');
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  const row: AssortmentRow = {
    sku,
    name,
    category,
    unit,
    size,
    price: { amount: price, currency: context.currency },
    mrp: { amount: mrp, currency: context.currency },
    bin,
    temperatureZone,
    fragile,
    forSale: price > 0,
    ...(grams > 0 && grams <= GRAMS_MAX && { gramsPerUnit: grams }),
    ...(brand !== '' && { brand }),
    ...(allergens !== undefined && { allergens: [...allergens] }),
    ...(description === '' ? {} : { description }),
    ...(barcodes === undefined ? {} : { barcodes: [...barcodes] }),
  };
  return { ok: true, article: { row, quantity }, warnings: reader.warnings };
}

/** The fields of one line by what they tell, and what is wrong with them. */
class FieldReader {
  readonly problems: LineProblem[] = [];
  readonly warnings: LineProblem[] = [];
  readonly #line: number;
  readonly #fields: readonly string[];
  readonly #layout: Layout;

  constructor(line: number, fields: readonly string[], layout: Layout) {
    this.#line = line;
    this.#fields = fields;
    this.#layout = layout;
  }

  /** Trimmed; empty when there is no such column. A required one may not be empty. */
  text(column: Column, max: number): string {
    const raw = this.#raw(column);
    const text = raw.normalize('NFC').trim();
    if (FORBIDDEN.test(raw.trim())) this.refuse(column, 'holds a control character');
    else if (text === '' && (column === 'name' || column === 'category')) this.refuse(column, 'is empty');
    else if (text.length > max) this.refuse(column, `has ${text.length} characters, at most ${max} are taken`);
    return text;
  }

  checked<T>(column: Column, read: (text: string) => Result<T, string>): T | undefined {
    const text = this.#raw(column).trim();
    if (text === '') {
      this.refuse(column, 'is empty');
      return undefined;
    }
    const value = read(text);
    if (value.ok) return value.value;
    this.refuse(column, value.error);
    return undefined;
  }

  optional<T>(column: Column, read: (text: string) => Result<T, string>): T | undefined {
    return this.#raw(column).trim() === '' ? undefined : this.checked(column, read);
  }

  refuse(column: Column, reason: string): void {
    this.problems.push({ line: this.#line, column: this.#name(column), reason });
  }

  warn(column: Column, reason: string): void {
    this.warnings.push({ line: this.#line, column: this.#name(column), reason });
  }

  #raw(column: Column): string {
    return this.#fields[this.#layout.fields.get(column) ?? -1] ?? '';
  }

  #name(column: Column): string {
    return this.#layout.names[this.#layout.fields.get(column) ?? -1] ?? column;
  }
}

function readSku(text: string): Result<string, string> {
  return SKU_PATTERN.test(text)
    ? { ok: true, value: text }
    : { ok: false, error: `"${text}" is not a SKU: 1 to 40 letters, digits, dots, dashes and underscores` };
}

function readQuantity(text: string): Result<number, string> {
  const value = Number(text);
  return /^\d{1,6}$/.test(text) && value <= RECEIPT_QUANTITY_MAX
    ? { ok: true, value }
    : { ok: false, error: `"${text}" is not a whole number from 0 to ${RECEIPT_QUANTITY_MAX}` };
}

function readBin(text: string): Result<string, string> {
  return BIN_PATTERN.test(text)
    ? { ok: true, value: text }
    : { ok: false, error: `"${text}" is not a bin such as A03-2-1` };
}

/** 0 says nothing. */
function readGrams(text: string): Result<number, string> {
  if (!/^\d{1,7}$/.test(text)) return { ok: false, error: `"${text}" is not a whole number of grams` };
  return { ok: true, value: Number(text) };
}

/** `1500` grams are `1.5 kg`. */
function sizeOfGrams(grams: number): string {
  if (grams === 0) return '';
  return grams < 1_000 ? `${grams} g` : `${grams / 1_000} kg`;
}

function readTemperatureZone(text: string): Result<TemperatureZone, string> {
  const zone = TEMPERATURE_ZONES.find((known) => known === text.toLowerCase());
  if (zone !== undefined) return { ok: true, value: zone };
  return { ok: false, error: `"${text}" is none of ${TEMPERATURE_ZONES.join(', ')}` };
}

function readYesNo(text: string): Result<boolean, string> {
  const yes = ['yes', 'true', '1'].includes(text.toLowerCase());
  if (yes || ['no', 'false', '0'].includes(text.toLowerCase())) return { ok: true, value: yes };
  return { ok: false, error: `"${text}" is neither yes nor no` };
}

/** `milk;nuts`, or `none` for what is declared to have none. */
function readAllergens(text: string): Result<readonly Allergen[], string> {
  if (text.toLowerCase() === 'none') return { ok: true, value: [] };
  const names = text
    .toLowerCase()
    .split(/[;|]/)
    .map((name) => name.trim());
  const known = ALLERGENS.filter((allergen) => names.includes(allergen));
  const unknown = names.filter((name) => !known.some((allergen) => allergen === name));
  if (unknown.length === 0) return { ok: true, value: known };
  return { ok: false, error: `"${unknown[0]}" is none of ${ALLERGENS.join(', ')}` };
}
