import { describe, expect, test } from 'vitest';
import { GROUP_SEPARATOR as GS, readElements } from './element-string.ts';

const GTIN = '09521234543213';
const NOTHING = { gtin: null, lot: null, bestBefore: null, expiry: null, netWeightMg: null };

describe('elements are read in any order', () => {
  test.each([
    [`01${GTIN}1725013110ABC123`, { gtin: GTIN, expiry: '2025-01-31', lot: 'ABC123' }],
    [`10ABC123${GS}01${GTIN}15250131`, { gtin: GTIN, bestBefore: '2025-01-31', lot: 'ABC123' }],
    [`${GS}01${GTIN}${GS}3103001250`, { gtin: GTIN, netWeightMg: 1_250_000 }],
    [`3100000002`, { netWeightMg: 2_000_000 }],
    [`3105000001`, { netWeightMg: 10 }],
    // Serial number, pieces, production date and price per kilogram are stepped over.
    [`21xyz-1${GS}3012${GS}112501013922599${GS}01${GTIN}`, { gtin: GTIN }],
    [`00123456789012345675`, {}],
    [`10A${GS}10A`, { lot: 'A' }],
    ['', {}],
  ])('%j [I6]', (text, elements) => {
    expect(readElements(text, 2026)).toEqual({ ok: true, value: { ...NOTHING, ...elements } });
  });
});

describe('a date has its century and its last day', () => {
  test.each([
    ['260200', 2026, '2026-02-28'],
    ['280200', 2026, '2028-02-29'],
    ['261100', 2026, '2026-11-30'],
    ['261231', 2026, '2026-12-31'],
    ['760101', 2026, '2076-01-01'],
    ['770101', 2026, '1977-01-01'],
    ['000101', 2099, '2100-01-01'],
    ['990101', 2000, '1999-01-01'],
    // 2100 is no leap year, 2000 was one.
    ['000200', 2099, '2100-02-28'],
    ['000200', 2001, '2000-02-29'],
  ])('%s read in %i is %s [I6]', (data, year, expiry) => {
    expect(readElements(`17${data}`, year)).toMatchObject({ ok: true, value: { expiry } });
  });
});

describe('what is not well formed is refused with its place', () => {
  test.each([
    ['XY', { ai: '', at: 0, why: 'IDENTIFIER' }],
    ['1', { ai: '1', at: 0, why: 'IDENTIFIER' }],
    [`01${GTIN}x`, { ai: '', at: 16, why: 'IDENTIFIER' }],
    ['3106000001', { ai: '3106', why: 'IDENTIFIER' }],
    ['01095212345432', { ai: '01', why: 'TOO_SHORT' }],
    [`0109521234${GS}17250131`, { ai: '01', why: 'TOO_SHORT' }],
    [`10${GS}01${GTIN}`, { ai: '10', why: 'TOO_SHORT' }],
    [`10${'A'.repeat(21)}`, { ai: '10', why: 'TOO_LONG' }],
    [`21${'A'.repeat(93)}`, { ai: '21', why: 'TOO_LONG' }],
    ['010952123454321A', { ai: '01', why: 'CHARACTERS' }],
    ['10Ü1', { ai: '10', why: 'CHARACTERS' }],
    ['10A B', { ai: '10', why: 'CHARACTERS' }],
    ['17251301', { ai: '17', why: 'DATE' }],
    ['17250001', { ai: '17', why: 'DATE' }],
    ['15250230', { ai: '15', why: 'DATE' }],
    [`10A${GS}10B`, { ai: '10', at: 4, why: 'CONTRADICTION' }],
    ['31030012503102000125', { ai: '3102', at: 10, why: 'CONTRADICTION' }],
  ])('%j [I6]', (text, error) => {
    expect(readElements(text, 2026)).toMatchObject({ ok: false, error: { code: 'BAD_ELEMENT', ...error } });
  });
});
