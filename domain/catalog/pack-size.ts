/** What sizes are compared in. */
export type BaseUnit = 'g' | 'ml' | 'piece';

/** What is in one pack, all parts of it together: `6 x 200 g` is 1200 g. */
export interface PackSize {
  readonly unit: BaseUnit;
  /** Above 0, with at most three decimals. */
  readonly amount: number;
}

/** Length of a size as the catalog keeps it. */
export const SIZE_LENGTH_MAX = 50;
/** A tonne, a thousand litres, a million pieces: beyond that it is a misprint. Thousandths of the base unit. */
const AMOUNT_MAX = 1_000_000_000;

/** Base unit and thousandths of it, by the word on the pack. */
const UNITS = new Map<string, readonly [BaseUnit, number]>([
  ...words('mg', 'g', 1),
  ...words('g gm gms gr gram grams', 'g', 1000),
  ...words('kg kgs kilo kilos kilogram kilograms', 'g', 1_000_000),
  ...words('ml mls millilitre millilitres milliliter milliliters', 'ml', 1000),
  ...words('cl', 'ml', 10_000),
  ...words('dl', 'ml', 100_000),
  ...words('l lt ltr ltrs litre litres liter liters', 'ml', 1_000_000),
  ...words('piece pieces pc pcs unit units u n no nos count ct each pack packs', 'piece', 1000),
  ...words('egg eggs bunch bunches pot pots head heads stem stems', 'piece', 1000),
  ...words('roll rolls sheet sheets pull pulls napkin napkins wipe wipes bag bags', 'piece', 1000),
  ...words('tablet tablets capsule capsules sachet sachets stick sticks cartridge cartridges', 'piece', 1000),
]);

/** A comma before three digits could be either a decimal or a thousands sign: such a size is not read. */
const NUMBER = String.raw`(\d{1,6}(?:\.\d{1,3}|,\d{1,2})?)`;
const WORD = String.raw`([a-z]{1,12})\.?`;
/** `500 ml`, `1.5 L`, `12n`, `6 pc pack`. */
const PLAIN = new RegExp(`^${NUMBER} ?${WORD}(?: pack)?$`);
/** `6 x 200 g`, `2×1,5 l`. */
const TIMES = new RegExp(String.raw`^(\d{1,4}) ?[x×*] ?${NUMBER} ?${WORD}$`);
/** `200 g x 6`, `200 g (pack of 6)`, `1 kg pack of 2`. */
const TIMES_AFTER = new RegExp(String.raw`^${NUMBER} ?${WORD},? ?(?:[x×*]|\(?(?:pack|set|box) of) ?(\d{1,4})\)?$`);
/** `pack of 4`, `(Pack of 4)`. */
const PACK_OF = /^\(?(?:pack|set|box) of (\d{1,4})\)?$/;

/** The size that a text says, or undefined when it says none that could be compared: `family pack`, `2 ply`. */
export function parsePackSize(text: string): PackSize | undefined {
  if (text.length > SIZE_LENGTH_MAX) return undefined;
  const said = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const packOf = PACK_OF.exec(said);
  if (packOf !== null) return size('1', packOf[1], 'piece');
  const times = TIMES.exec(said);
  if (times !== null) return size(times[1], times[2], times[3]);
  const after = TIMES_AFTER.exec(said);
  if (after !== null) return size(after[3], after[1], after[2]);
  const plain = PLAIN.exec(said);
  if (plain !== null) return size('1', plain[1], plain[2]);
  const bare = UNITS.get(said);
  return bare === undefined ? undefined : size('1', '1', said);
}

function size(parts: string | undefined, number: string | undefined, word: string | undefined): PackSize | undefined {
  const unit = UNITS.get(word ?? '');
  if (unit === undefined) return undefined;
  const [base, factor] = unit;
  const amount = (Number(parts) * thousandths(number ?? '') * factor) / 1000;
  // What is finer than a thousandth of the base unit cannot be written down, and nothing is not a size.
  if (!Number.isInteger(amount) || amount < 1 || amount > AMOUNT_MAX) return undefined;
  return { unit: base, amount: amount / 1000 };
}

/** `1.5` and `1,5` are 1500. */
function thousandths(number: string): number {
  const [whole = '', decimals = ''] = number.split(/[.,]/);
  return Number(whole + decimals.padEnd(3, '0'));
}

function words(names: string, base: BaseUnit, factor: number): [string, readonly [BaseUnit, number]][] {
  return names.split(' ').map((name) => [name, [base, factor]]);
}
