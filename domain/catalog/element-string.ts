import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

/** What a GS1-128 or DataMatrix symbol on a pack or case says. Dates are as printed, `YYYY-MM-DD`, without a time zone. */
export interface Elements {
  /** AI 01, fourteen digits, check digit not yet looked at; null when the symbol names no trade item. */
  readonly gtin: string | null;
  /** AI 10. */
  readonly lot: string | null;
  /** AI 15: quality is promised until the end of this day. */
  readonly bestBefore: string | null;
  /** AI 17: not to be sold or eaten after this day. */
  readonly expiry: string | null;
  /** AI 3100-3105, milligrams. */
  readonly netWeightMg: number | null;
}

export interface ElementError {
  readonly code: 'BAD_ELEMENT';
  /** The application identifier, as far as it could be read. */
  readonly ai: string;
  /** Position of the element in the string, from 0. */
  readonly at: number;
  readonly why: 'IDENTIFIER' | 'TOO_SHORT' | 'TOO_LONG' | 'CHARACTERS' | 'DATE' | 'CONTRADICTION';
}

/** What FNC1 between elements is transmitted as. */
export const GROUP_SEPARATOR = '\x1d';

/**
 * Length with identifier of the elements that need no separator after them, by their first two digits.
 * GS1 General Specifications, 7.8.5, figure "Element strings with predefined length".
 */
const PREDEFINED_LENGTHS: { readonly [firstTwo: string]: number } = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  ...Object.fromEntries(['11', '12', '13', '14', '15', '16', '17', '18', '19'].map((ai) => [ai, 8])),
  '20': 4,
  ...Object.fromEntries(['31', '32', '33', '34', '35', '36'].map((ai) => [ai, 10])),
  '41': 16,
};
/** No element of variable length is longer, identifier and data. */
const VARIABLE_LENGTH_MAX = 94;
const LOT_LENGTH_MAX = 20;
/** The characters of GS1's set 82: `!"`, `%` to `?`, capitals, `_`, small letters. */
const DATA_PATTERN = /^[!"%-?A-Z_a-z]*$/;

/**
 * Reads the elements one by one. Those that are of no use here are stepped over, so a symbol may hold any of them.
 * `year` is the current one: GS1 writes years with two digits, and which century is meant depends on when it is read.
 */
export function readElements(text: string, year: number): Result<Elements, ElementError> {
  const found = new Map<string, string>();
  let weightAi: string | undefined;
  let at = 0;
  while (at < text.length) {
    if (text.startsWith(GROUP_SEPARATOR, at)) {
      at += 1;
      continue;
    }
    const element = nextElement(text, at);
    if (!element.ok) return element;
    const { ai, data, end } = element.value;
    if (isRead(ai)) {
      const weighedTwice = ai.startsWith('310') && (weightAi ??= ai) !== ai;
      if (weighedTwice || (found.get(ai) ?? data) !== data) return bad(ai, at, 'CONTRADICTION');
      if (isDate(ai) && dateOf(data, year) === undefined) return bad(ai, at, 'DATE');
      found.set(ai, data);
    }
    at = end;
  }
  return ok({
    gtin: found.get('01') ?? null,
    lot: found.get('10') ?? null,
    bestBefore: dateOf(found.get('15') ?? '', year) ?? null,
    expiry: dateOf(found.get('17') ?? '', year) ?? null,
    netWeightMg: weightAi === undefined ? null : milligrams(weightAi, found.get(weightAi) ?? ''),
  });
}

interface Element {
  readonly ai: string;
  readonly data: string;
  readonly end: number;
}

function nextElement(text: string, at: number): Result<Element, ElementError> {
  const firstTwo = text.slice(at, at + 2);
  if (!/^\d\d$/.test(firstTwo)) return bad(firstTwo.replace(/\D/g, ''), at, 'IDENTIFIER');
  const length = PREDEFINED_LENGTHS[firstTwo];
  if (length === undefined) return variableElement(text, at, firstTwo);
  const whole = text.slice(at, at + length);
  const ai = firstTwo >= '31' && firstTwo <= '36' ? whole.slice(0, 4) : firstTwo;
  if (whole.length < length || whole.includes(GROUP_SEPARATOR)) return bad(firstTwo, at, 'TOO_SHORT');
  if (!/^\d+$/.test(whole)) return bad(firstTwo, at, 'CHARACTERS');
  // The fourth digit counts decimals, and GS1 goes up to five.
  if (/^310[6-9]$/.test(ai)) return bad(ai, at, 'IDENTIFIER');
  return ok({ ai, data: whole.slice(ai.length), end: at + length });
}

function variableElement(text: string, at: number, ai: string): Result<Element, ElementError> {
  const separator = text.indexOf(GROUP_SEPARATOR, at);
  const end = separator === -1 ? text.length : separator;
  const data = text.slice(at + 2, end);
  if (data === '') return bad(ai, at, 'TOO_SHORT');
  if (data.length + 2 > VARIABLE_LENGTH_MAX || (ai === '10' && data.length > LOT_LENGTH_MAX)) {
    return bad(ai, at, 'TOO_LONG');
  }
  if (!DATA_PATTERN.test(data)) return bad(ai, at, 'CHARACTERS');
  return ok({ ai, data, end });
}

function isRead(ai: string): boolean {
  return ai === '01' || ai === '10' || isDate(ai) || ai.startsWith('310');
}

function isDate(ai: string): boolean {
  return ai === '15' || ai === '17';
}

/** `YYMMDD`; day 00 is the last of the month. GS1 General Specifications, 3.4.2, 3.4.6 and 7.12. */
function dateOf(data: string, year: number): string | undefined {
  if (!/^\d{6}$/.test(data)) return undefined;
  const [yy, month, day] = [Number(data.slice(0, 2)), Number(data.slice(2, 4)), Number(data.slice(4, 6))];
  if (month < 1 || month > 12) return undefined;
  const full = centuryOf(yy, year) + yy;
  const last = daysOf(full, month);
  if (day > last) return undefined;
  return `${String(full).padStart(4, '0')}-${data.slice(2, 4)}-${String(day === 0 ? last : day).padStart(2, '0')}`;
}

/** A year is never more than 50 ahead and never more than 49 back. */
function centuryOf(yy: number, year: number): number {
  const century = year - (year % 100);
  const ahead = yy - (year % 100);
  if (ahead > 50) return century - 100;
  return ahead < -49 ? century + 100 : century;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Kilograms with as many decimals as the identifier's last digit says. */
function milligrams(ai: string, data: string): number {
  return Number(data) * 10 ** (6 - Number(ai.charAt(3)));
}

function bad(ai: string, at: number, why: ElementError['why']): Result<never, ElementError> {
  return err({ code: 'BAD_ELEMENT', ai, at, why });
}
