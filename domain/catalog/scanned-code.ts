import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { GROUP_SEPARATOR, readElements } from './element-string.ts';
import type { ElementError } from './element-string.ts';
import { checkDigit } from './gtin.ts';
import { readWeighedLabel } from './weighed-label.ts';
import type { WeighedError, WeighedLabel } from './weighed-label.ts';

/** Longer than any symbol on a pack or a case; what is longer is not looked into. Characters. */
export const SCAN_LENGTH_MAX = 128;

/** What one scan says. */
export interface ScannedCode {
  /**
   * GTIN-14, zeros in front: the one form of EAN-8, UPC-A, EAN-13 and ITF-14. Of a weighed label it is the code with nothing
   * weighed, so that all labels of an article give the same.
   */
  readonly gtin: string;
  /** What this piece weighs or costs by its label, or null. Milligrams; minor units of the store's currency. */
  readonly netWeightMg: number | null;
  readonly priceMinor: number | null;
  readonly lot: string | null;
  /** `YYYY-MM-DD`, the last day. */
  readonly bestBefore: string | null;
  readonly expiry: string | null;
}

export type ScanError =
  | { readonly code: 'EMPTY_CODE' }
  | { readonly code: 'CODE_TOO_LONG'; readonly length: number; readonly max: number }
  /** A link behind a QR code; the bars beside it are meant. */
  | { readonly code: 'WEB_ADDRESS' }
  /** Neither 8, 12, 13 or 14 digits nor elements with identifiers: damaged, cut off, or not a code of goods. */
  | { readonly code: 'UNREADABLE_CODE'; readonly length: number }
  /** `of` the whole code, or of the price or weight inside a weighed label. */
  | { readonly code: 'BAD_CHECK_DIGIT'; readonly of: 'code' | 'measure'; readonly expected: string }
  /** The symbol is well formed and names no trade item: a pallet, a place, a coupon. */
  | { readonly code: 'NO_TRADE_ITEM' }
  | WeighedError
  | ElementError;

export interface ScanSettings {
  readonly weighedLabels: readonly WeighedLabel[];
  /** The current year, in full: printed dates have two digits of it. */
  readonly year: number;
}

/** Symbology identifiers of ISO/IEC 15424 that a scanner may put in front; these say that elements follow. */
const ELEMENT_CARRIERS: readonly string[] = [']C1', ']e0', ']d2', ']Q3', ']J1'];
/** A GTIN and its identifier; a shorter text that is no GTIN has no room for a trade item. */
const ELEMENTS_LENGTH_MIN = 16;
const NOTHING_MORE = { netWeightMg: null, priceMinor: null, lot: null, bestBefore: null, expiry: null };

/** Reads what a scanner sends, whatever it sends. */
export function readScan(raw: string, settings: ScanSettings): Result<ScannedCode, ScanError> {
  if (/^\s*https?:/i.test(raw.slice(0, SCAN_LENGTH_MAX))) return err({ code: 'WEB_ADDRESS' });
  if (raw.length > SCAN_LENGTH_MAX) return err({ code: 'CODE_TOO_LONG', length: raw.length, max: SCAN_LENGTH_MAX });
  // Scanners end what they type with a key of their choice. GROUP_SEPARATOR is no white space and stays.
  const text = raw.trim();
  if (text === '') return err({ code: 'EMPTY_CODE' });
  const carrier = /^\][A-Za-z][0-9A-Za-z]/.exec(text)?.[0];
  const body = carrier === undefined ? text : text.slice(carrier.length);
  if (carrier === undefined ? looksLikeElements(body) : ELEMENT_CARRIERS.includes(carrier)) {
    return readTradeItem(body, settings);
  }
  const gtin = toGtin(body);
  return gtin.ok ? readGtin(gtin.value, settings) : gtin;
}

/** The GTIN-14 of 8, 12, 13 or 14 digits. Zeros in front change no check digit. GS1 General Specifications, 3.3.2. */
export function toGtin(
  code: string,
): Result<string, Extract<ScanError, { code: 'UNREADABLE_CODE' | 'BAD_CHECK_DIGIT' }>> {
  if (!isGtinLong(code) || /^0+$/.test(code)) return err({ code: 'UNREADABLE_CODE', length: code.length });
  const expected = checkDigit(code.slice(0, -1));
  if (code.at(-1) !== expected) return err({ code: 'BAD_CHECK_DIGIT', of: 'code', expected });
  return ok(code.padStart(14, '0'));
}

function isGtinLong(code: string): boolean {
  return /^(?:\d{8}|\d{12,14})$/.test(code);
}

function looksLikeElements(text: string): boolean {
  if (text.startsWith(GROUP_SEPARATOR)) return true;
  return (
    /^\d\d/.test(text) && !isGtinLong(text) && (text.length >= ELEMENTS_LENGTH_MIN || text.includes(GROUP_SEPARATOR))
  );
}

function readTradeItem(text: string, settings: ScanSettings): Result<ScannedCode, ScanError> {
  const elements = readElements(text, settings.year);
  if (!elements.ok) return elements;
  const { gtin, ...rest } = elements.value;
  if (gtin === null) return err({ code: 'NO_TRADE_ITEM' });
  const checked = toGtin(gtin);
  if (!checked.ok) return checked;
  if (rest.netWeightMg === 0) return err({ code: 'NOTHING_WEIGHED', gtin: checked.value });
  return ok({ ...NOTHING_MORE, ...rest, gtin: checked.value });
}

function readGtin(gtin: string, { weighedLabels }: ScanSettings): Result<ScannedCode, ScanError> {
  const item: ScannedCode = { ...NOTHING_MORE, gtin };
  // A case (indicator 1-9) is never a scale label, and a short code filled up with zeros is not either.
  const weighed = gtin.startsWith('0') ? readWeighedLabel(gtin.slice(1), weighedLabels) : undefined;
  if (weighed === undefined) return ok(item);
  if (!weighed.ok) return weighed;
  const { measures, amount } = weighed.value;
  const measured = measures === 'weight' ? { netWeightMg: amount } : { priceMinor: amount };
  return ok({ ...item, gtin: weighed.value.gtin, ...measured });
}
