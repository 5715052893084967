import { err, ok, type Result } from '../../domain/shared/result.ts';

/** What a line can tell of an article. */
export const COLUMNS = [
  'sku',
  'name',
  'description',
  'category',
  'unit',
  'size',
  'weightG',
  'price',
  'mrp',
  'bin',
  'barcode',
  'quantity',
  'temperatureZone',
  'fragile',
  'brand',
  'allergens',
] as const;
export type Column = (typeof COLUMNS)[number];

/** How the file writes amounts: `25.50`, or 2550 of the smallest coin. */
export type AmountStyle = 'major' | 'minor';

export interface Layout {
  readonly amounts: AmountStyle;
  /** Index of the field, by what it tells. */
  readonly fields: ReadonlyMap<Column, number>;
  /** The file's own name of each column, for messages. */
  readonly names: readonly string[];
  /** Headings that nobody reads. */
  readonly ignored: readonly string[];
}

interface KnownLayout {
  readonly amounts: AmountStyle;
  /** By heading, in lower case without spaces, dashes and underscores. `null` is known and of no use. */
  readonly headings: { readonly [heading: string]: Column | null };
}

const OWN: KnownLayout = {
  amounts: 'major',
  headings: {
    sku: 'sku',
    skuid: 'sku',
    name: 'name',
    productname: 'name',
    description: 'description',
    category: 'category',
    unit: 'unit',
    size: 'size',
    price: 'price',
    sellingprice: 'price',
    mrp: 'mrp',
    bin: 'bin',
    barcode: 'barcode',
    barcodes: 'barcode',
    ean: 'barcode',
    quantity: 'quantity',
    qty: 'quantity',
    stock: 'quantity',
    grams: 'weightG',
    weightingrams: 'weightG',
    temperaturezone: 'temperatureZone',
    fragile: 'fragile',
    brand: 'brand',
    allergens: 'allergens',
  },
};

/** A marketplace's export: paise, grams, and `quantity` is the content of the pack, not the stock. */
const MARKETPLACE_EXPORT: KnownLayout = {
  amounts: 'minor',
  headings: {
    skuid: 'sku',
    category: 'category',
    name: 'name',
    mrp: 'mrp',
    discountpercent: null,
    availablequantity: 'quantity',
    discountedsellingprice: 'price',
    weightingms: 'weightG',
    outofstock: null,
    quantity: null,
    bin: 'bin',
    barcode: 'barcode',
  },
};

const REQUIRED: readonly Column[] = ['sku', 'name', 'category', 'price', 'quantity'];

/** Finds out from the first line what the others say. The error is one sentence for a person. */
export function readHeader(headings: readonly string[]): Result<Layout, string> {
  const plain = headings.map((heading) => heading.toLowerCase().replaceAll(/[\s_-]/g, ''));
  const known = plain.includes('discountedsellingprice') ? MARKETPLACE_EXPORT : OWN;
  const fields = new Map<Column, number>();
  const ignored: string[] = [];
  for (const [index, heading] of plain.entries()) {
    const column = Object.hasOwn(known.headings, heading) ? known.headings[heading] : undefined;
    if (column === undefined) ignored.push(headings[index] ?? '');
    if (column === undefined || column === null) continue;
    if (fields.has(column)) return err(`Two columns of the header tell the ${column}; leave one.`);
    fields.set(column, index);
  }
  const missing = REQUIRED.filter((column) => !fields.has(column));
  if (missing.length > 0) {
    return err(`The header has no column for ${missing.join(', ')}; it reads: ${headings.join(',')}`);
  }
  return ok({ amounts: known.amounts, fields, names: headings, ignored });
}
