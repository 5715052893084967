import { describe, expect, test } from 'vitest';
import { readArticle, type ArticleContext, type ReadArticle } from './article.ts';
import { readHeader } from './columns.ts';

const OWN = 'sku,name,category,unit,price,mrp,bin,barcode,quantity';
const EXPORT =
  'sku_id,Category,name,mrp,discountPercent,availableQuantity,discountedSellingPrice,weightInGms,outOfStock,quantity';

function contextOf(header: string, currency = 'INR', digits = 2): ArticleContext {
  const layout = readHeader(header.split(','));
  if (!layout.ok) throw new Error(layout.error);
  return { layout: layout.value, currency, digits };
}

function read(header: string, line: string, context = contextOf(header)): ReadArticle {
  return readArticle(7, line.split(','), context);
}

function reasons(result: ReadArticle): string[] {
  return result.ok ? [] : result.problems.map(({ column, reason }) => `${column}: ${reason}`);
}

describe('an article', () => {
  test('of our own columns', () => {
    expect(read(OWN, 'MILK-500, Toned Milk ,Dairy > Milk,pouch,29.50,30,A03-2-1,4006381333931,12')).toEqual({
      ok: true,
      warnings: [],
      article: {
        quantity: 12,
        row: {
          sku: 'MILK-500',
          name: 'Toned Milk',
          category: ['Dairy', 'Milk'],
          unit: 'pouch',
          size: 'pouch',
          price: { amount: 2_950, currency: 'INR' },
          mrp: { amount: 3_000, currency: 'INR' },
          bin: 'A03-2-1',
          barcodes: ['4006381333931'],
          temperatureZone: 'chilled',
          fragile: false,
          forSale: true,
        },
      },
    });
  });

  test('of a marketplace export: paise, grams, and the pack’s content is not its stock', () => {
    const result = read(EXPORT, '12,Biscuits,Rusk ,6000,13,5,5200,1500,0,300');
    expect(result).toMatchObject({
      ok: true,
      article: {
        quantity: 5,
        row: {
          sku: '12',
          name: 'Rusk',
          size: '1.5 kg',
          gramsPerUnit: 1_500,
          temperatureZone: 'ambient',
          unit: 'piece',
          price: { amount: 5_200 },
          mrp: { amount: 6_000 },
        },
      },
    });
  });

  test('says how it is kept and what is in it, whatever its category lets one think [F8]', () => {
    const header = 'sku,name,category,price,quantity,grams,temperatureZone,fragile,brand,allergens';
    const line = 'A,Pancake,Dairy,2,1,350,Frozen,yes,Hill & Hoof,milk; gluten';
    expect(read(header, line)).toMatchObject({
      ok: true,
      article: {
        row: {
          temperatureZone: 'frozen',
          fragile: true,
          brand: 'Hill & Hoof',
          gramsPerUnit: 350,
          allergens: ['gluten', 'milk'],
        },
      },
    });
    expect(read(header, 'A,Water,Drinks,2,1,,,,,none')).toMatchObject({
      ok: true,
      article: { row: { allergens: [] } },
    });
    expect(reasons(read(header, 'A,Tea,Drinks,2,1,heavy,warm,maybe,,dust'))).toEqual([
      'grams: "heavy" is not a whole number of grams',
      'temperatureZone: "warm" is none of ambient, chilled, frozen',
      'fragile: "maybe" is neither yes nor no',
      expect.stringContaining('allergens: "dust" is none of gluten'),
    ]);
  });

  test('without a bin is given one by its category and SKU, the same each time', () => {
    const bins = ['1', '2', '1'].map((sku) => {
      const result = read(EXPORT, `${sku},Biscuits,Rusk,6000,13,5,5200,300,0,300`);
      return result.ok ? result.article.row.bin : undefined;
    });
    expect(bins[0]).toBe(bins[2]);
    expect(bins[0]?.slice(0, 3)).toBe(bins[1]?.slice(0, 3));
    expect(bins.every((bin) => /^[A-Z]\d{2}-\d{1,2}-\d{1,2}$/.test(bin ?? ''))).toBe(true);
  });

  test('with price 0 goes in as not for sale, with a warning', () => {
    const result = read(EXPORT, '36,Home,Polish,0,0,1,0,75,0,75');
    expect(result).toMatchObject({ ok: true, article: { quantity: 1, row: { forSale: false } } });
    expect(result.ok && result.warnings).toEqual([
      { line: 7, column: 'discountedSellingPrice', reason: 'is 0: goes in as not for sale' },
    ]);
  });

  test('in a currency without cents', () => {
    expect(read(OWN, 'A,Tea,Drinks,,300,,,,1', contextOf(OWN, 'JPY', 0))).toMatchObject({
      ok: true,
      article: { row: { price: { amount: 300, currency: 'JPY' }, mrp: { amount: 300 } } },
    });
  });
});

describe('is refused, with column and reason', () => {
  test.each([
    ['a missing name', 'A,,Tea,,1,,,,1', ['name: is empty']],
    ['a control character', 'A,Te\u0007a,Tea,,1,,,,1', ['name: holds a control character']],
    ['a name that reads backwards', 'A,Tea \u202Egnp,Tea,,1,,,,1', ['name: holds a control character']],
    ['a name too long', `A,${'x'.repeat(256)},Tea,,1,,,,1`, ['name: has 256 characters, at most 255 are taken']],
    [
      'an SKU with a space',
      'A B,Tea,Tea,,1,,,,1',
      ['sku: "A B" is not a SKU: 1 to 40 letters, digits, dots, dashes and underscores'],
    ],
    ['a price with three decimals', 'A,Tea,Tea,,1.005,,,,1', ['price: "1.005" is not an amount such as 25.50']],
    ['a price below zero', 'A,Tea,Tea,,-1,,,,1', ['price: "-1" is not an amount such as 25.50']],
    ['an mrp below the price', 'A,Tea,Tea,,2,1.99,,,1', ['mrp: 199 is below the price, 200 (minor units)']],
    ['half a unit', 'A,Tea,Tea,,1,,,,0.5', ['quantity: "0.5" is not a whole number from 0 to 100000']],
    ['a bin of another house', 'A,Tea,Tea,,1,,Shelf 4,,1', ['bin: "Shelf 4" is not a bin such as A03-2-1']],
    [
      'a code with a wrong check digit',
      'A,Tea,Tea,,1,,,4006381333932,1',
      ['barcode: "4006381333932" is not an EAN-8, UPC-A or EAN-13 code with a right check digit'],
    ],
    [
      'too deep a category',
      'A,Tea,a>b>c>d>e>f,,1,,,,1',
      ['category: is not one to 5 names of at most 100 characters with ">" between'],
    ],
    ['a field too few', 'A,Tea,Tea,,1,,,1', [': has 8 fields, the header has 9']],
    [
      'everything that is wrong at once',
      'A,,Tea,,x,,,,y',
      [
        'name: is empty',
        'price: "x" is not an amount such as 25.50',
        'quantity: "y" is not a whole number from 0 to 100000',
      ],
    ],
  ])('%s', (_, line, expected) => {
    expect(reasons(read(OWN, line))).toEqual(expected);
  });

  test('paise are whole', () => {
    expect(reasons(read(EXPORT, '1,Tea,Tea,10.5,0,1,10,5,0,5'))).toEqual([
      'mrp: "10.5" is not a whole number of minor units such as 2550',
    ]);
  });
});

describe('a header', () => {
  test('may name its columns in any order and manner', () => {
    const layout = readHeader(['Quantity', 'SKU', 'Product Name', 'category', 'Selling-Price', 'Shelf life']);
    expect(layout).toMatchObject({ ok: true, value: { amounts: 'major', ignored: ['Shelf life'] } });
  });

  test('that lacks what is needed says what', () => {
    expect(readHeader(['sku', 'name', 'mrp'])).toEqual({
      ok: false,
      error: 'The header has no column for category, price, quantity; it reads: sku,name,mrp',
    });
  });

  test('that says the same thing twice is refused', () => {
    expect(readHeader(['sku', 'name', 'category', 'price', 'qty', 'stock'])).toEqual({
      ok: false,
      error: 'Two columns of the header tell the quantity; leave one.',
    });
  });
});
