import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { packedUnits, unitOf } from '../../../domain/catalog/packed-units.ts';
import type { PackedUnits } from '../../../domain/catalog/packed-units.ts';
import { readScan } from '../../../domain/catalog/scanned-code.ts';
import type { ScannedCode, ScanError } from '../../../domain/catalog/scanned-code.ts';
import { DEFAULT_WEIGHED_LABELS } from '../../../domain/catalog/weighed-label.ts';
import { freeUnits, isSellable } from '../../../domain/inventory/lots.ts';
import type { Lot } from '../../../domain/inventory/lots.ts';
import type { Scan } from '../../../domain/picking/scan.ts';
import { asLotId, LOT_ID_PATTERN } from '../../../domain/shared/ids.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { LotRows } from '../goods/lot-rows.ts';
import type { StoreBooks } from '../store-books.ts';

/** What a code says, and what it stands for in this store. */
export interface ScannedGoods {
  /** Usually one. */
  readonly items: readonly PackedUnits[];
  readonly weightMg: number | null;
  readonly priceMinor: number | null;
  /** As printed. */
  readonly lotId: string | null;
  readonly lastDay: string | null;
  /** The printed lot, if this store has received it. */
  readonly lot: Lot | undefined;
  /** Why nothing of it may be sold. */
  readonly closed: Refusal<'LOT_EXPIRED'> | undefined;
}
const NOTHING_PRINTED = {
  weightMg: null,
  priceMinor: null,
  lotId: null,
  lastDay: null,
  lot: undefined,
  closed: undefined,
};

/** What may be picked by a barcode; refused in words for whoever holds the scanner. */
export function itemsOf(
  books: Pick<StoreBooks, 'cards' | 'lots'>,
  { barcode, quantity }: { readonly barcode: string; readonly quantity: number },
  nowMs: number,
): Result<Scan, Refusal<'UNREADABLE_BARCODE' | 'UNKNOWN_BARCODE' | 'LOT_EXPIRED'>> {
  const read = readGoods(books, barcode, nowMs);
  if (!read.ok) return read;
  const { items, weightMg, lot, closed } = read.value;
  if (closed !== undefined) return err(closed);
  const [item] = items;
  const hasLot = lot !== undefined && item !== undefined && freeUnits(lot) >= item.units * quantity;
  return ok({ items, quantity, weightMg, ...(hasLot && { lotId: lot.lotId }) });
}

/** Those of what was scanned that are sold by weight; nobody is asked for one that a label says. */
export function soldByWeight({ cards }: Pick<StoreBooks, 'cards'>, { items, weightMg }: Scan): readonly Sku[] {
  if (weightMg !== null) return [];
  const known = cards.of(items.map(({ sku }) => sku));
  return [...known.values()].filter((card) => card.soldByWeight === true).map(({ sku }) => sku);
}

/** What a barcode stands for in this store, for sale or not; refused in words for whoever holds the scanner. */
export function readGoods(
  { cards, lots }: Pick<StoreBooks, 'cards' | 'lots'>,
  barcode: string,
  nowMs: number,
): Result<ScannedGoods, Refusal<'UNREADABLE_BARCODE' | 'UNKNOWN_BARCODE'>> {
  // A code that the catalog has is known by it, whatever its digits would say.
  const listed = cards.packedAs([barcode]);
  if (listed.length > 0) return ok({ ...NOTHING_PRINTED, items: listed });
  const read = readScan(barcode, { weighedLabels: DEFAULT_WEIGHED_LABELS, year: new Date(nowMs).getUTCFullYear() });
  if (!read.ok) return err(unreadable(read.error));
  const { gtin, netWeightMg: weightMg, priceMinor, lot: lotId, expiry, bestBefore } = read.value;
  const table = new Map([gtin, unitOf(gtin)].map((code) => [code, cards.packedAs(formsOf(code))]));
  const items = packedUnits(gtin, table);
  if (!items.ok) {
    const isCase = items.error.code === 'CASE_SIZE_UNKNOWN';
    return err(
      refuse(
        'UNKNOWN_BARCODE',
        isCase
          ? 'This is the code of a case, and nobody has said how many are in it: scan a single unit.'
          : 'No article of this store has this barcode: scan another code of the pack, or show it to the shift lead.',
        { gtin, ...(isCase && { skus: items.error.skus }) },
      ),
    );
  }
  const [item] = items.value;
  // A code that several articles share names a lot of none of them.
  const lot = items.value.length === 1 && item !== undefined ? lotOf(lots, item.sku, lotId) : undefined;
  const closed =
    pastItsDay(read.value, nowMs) ?? (lot === undefined || isSellable(lot, nowMs) ? undefined : closedLot(lot));
  return ok({ items: items.value, weightMg, priceMinor, lotId, lastDay: expiry ?? bestBefore, lot, closed });
}

/** The lot of a code, if this store has received it. */
function lotOf(lots: LotRows, sku: Sku, printed: string | null): Lot | undefined {
  return printed !== null && LOT_ID_PATTERN.test(printed) ? lots.find(sku, asLotId(printed)) : undefined;
}

function closedLot({ lotId, status }: Lot): Refusal<'LOT_EXPIRED'> {
  const words =
    status === 'RECALLED'
      ? 'This lot was recalled: take another, and set this one apart.'
      : 'This lot may not be sold any more: take another, and report this one as expired.';
  return refuse('LOT_EXPIRED', words, { lotId, recalled: status === 'RECALLED' });
}

/** The ways in which the same GTIN is written down: with zeros in front, or without. */
function formsOf(gtin: string): string[] {
  return [14, 13, 12, 8].map((digits) => gtin.slice(-digits)).filter((form) => form.padStart(14, '0') === gtin);
}

/** By the calendar of UTC. */
function pastItsDay({ bestBefore, expiry }: ScannedCode, nowMs: number): Refusal<'LOT_EXPIRED'> | undefined {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const lastDay = [expiry, bestBefore].find((day) => day !== null && day < today) ?? undefined;
  if (lastDay === undefined) return undefined;
  return refuse('LOT_EXPIRED', 'Past its date: take another, and report this one as expired.', { lastDay });
}

function unreadable(error: ScanError): Refusal<'UNREADABLE_BARCODE'> {
  return refuse('UNREADABLE_BARCODE', WORDS[error.code], { why: error.code });
}

const WORDS: { readonly [C in ScanError['code']]: string } = {
  EMPTY_CODE: 'The scanner sent nothing: scan again.',
  CODE_TOO_LONG: 'This is no code of an article: scan the bars beside it.',
  WEB_ADDRESS: 'This code leads to a web page: scan the bars beside it.',
  UNREADABLE_CODE: 'The code is damaged or cut off: scan again, or type the digits below the bars.',
  BAD_CHECK_DIGIT: 'A digit was misread: scan again, or type the digits below the bars.',
  NO_TRADE_ITEM: 'This code names no article: scan the code of the pack.',
  NOTHING_WEIGHED: 'This label says that nothing was weighed: weigh it again.',
  BAD_ELEMENT: 'This code is printed wrong: scan another code of the pack.',
};
