import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asSku } from '../shared/ids.ts';
import { GROUP_SEPARATOR as GS } from './element-string.ts';
import { checkDigit, inStoreEan13, IN_STORE_NUMBER_MAX } from './gtin.ts';
import { packedUnits } from './packed-units.ts';
import type { PackTable } from './packed-units.ts';
import { readScan, SCAN_LENGTH_MAX, toGtin } from './scanned-code.ts';
import type { ScanError } from './scanned-code.ts';
import { DEFAULT_WEIGHED_LABELS } from './weighed-label.ts';

const SETTINGS = { weighedLabels: DEFAULT_WEIGHED_LABELS, year: 2026 };
const BARE = { netWeightMg: null, priceMinor: null, lot: null, bestBefore: null, expiry: null };

describe('a code of goods has one form', () => {
  test.each([
    ['EAN-13', '4006381333931', '04006381333931'],
    ['UPC-A', '036000291452', '00036000291452'],
    ['the same UPC-A as EAN-13', '0036000291452', '00036000291452'],
    ['EAN-8', '73513537', '00000073513537'],
    ['ITF-14 of a case', '14006381333938', '14006381333938'],
    ['one that we minted', '2000000000015', '02000000000015'],
    ['as a keyboard scanner types it', '\t4006381333931\r\n', '04006381333931'],
    ['with the symbology in front', ']E04006381333931', '04006381333931'],
  ])('%s [I6]', (_name, raw, gtin) => {
    expect(readScan(raw, SETTINGS)).toEqual({ ok: true, value: { ...BARE, gtin } });
  });

  test('check digit round trip: digits of any length with theirs are read, with any other are refused [I6]', () => {
    const body = fc.constantFrom(7, 11, 12, 13).chain((length) => digitsOf(length, length));
    fc.assert(
      fc.property(
        body.filter((digits) => !/^0+$/.test(digits)),
        fc.integer({ min: 1, max: 9 }),
        (digits, by) => {
          const check = checkDigit(digits);
          expect(toGtin(digits + check)).toEqual({ ok: true, value: (digits + check).padStart(14, '0') });
          const wrong = digits + String((Number(check) + by) % 10);
          const refusal = { ok: false, error: { code: 'BAD_CHECK_DIGIT', of: 'code', expected: check } };
          expect(toGtin(wrong)).toEqual(refusal);
          expect(readScan(wrong, SETTINGS)).toEqual(refusal);
        },
      ),
    );
  });

  test('every code that the importer mints is read as itself [I6]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: IN_STORE_NUMBER_MAX }), (number) => {
        const code = inStoreEan13(number);
        expect(readScan(code, SETTINGS)).toEqual({ ok: true, value: { ...BARE, gtin: `0${code}` } });
      }),
    );
  });
});

describe('a weighed label', () => {
  test('gives its weight in milligrams, its price in minor units, and the article [I6]', () => {
    const weight = readScan('2112345015002', SETTINGS);
    expect(weight).toEqual({ ok: true, value: { ...BARE, gtin: '02112345000008', netWeightMg: 1_500_000 } });
    const body = '231234500499';
    expect(readScan(body + checkDigit(body), SETTINGS)).toMatchObject({ ok: true, value: { priceMinor: 499 } });
  });

  test('is known by the code that the catalog has for the article [I6]', () => {
    const scan = readScan('2112345015002', SETTINGS);
    expect(toGtin('2112345000008')).toEqual({ ok: true, value: scan.ok ? scan.value.gtin : '' });
    expect(readScan('2112345000008', SETTINGS)).toEqual({
      ok: false,
      error: { code: 'NOTHING_WEIGHED', gtin: '02112345000008' },
    });
  });

  test('is a plain code where the store has no such scales [I6]', () => {
    const scan = readScan('2112345015002', { ...SETTINGS, weighedLabels: [] });
    expect(scan).toEqual({ ok: true, value: { ...BARE, gtin: '02112345015002' } });
  });
});

describe('a symbol with elements', () => {
  const value = { ...BARE, gtin: '09521234543213', lot: 'ABC123', expiry: '2026-12-31' };

  test.each([
    ['GS1-128', ']C101095212345432131726123110ABC123'],
    ['DataMatrix', `]d2010952123454321310ABC123${GS}17261231`],
    ['no symbology in front', `010952123454321310ABC123${GS}17261231`],
    ['a separator in front', `${GS}010952123454321310ABC123${GS}17261231\n`],
    ['the lot first', `10ABC123${GS}010952123454321317261231`],
  ])('%s gives the article, its lot and its date [I6]', (_name, raw) => {
    expect(readScan(raw, SETTINGS)).toEqual({ ok: true, value });
  });
});

describe('nonsense has a closed refusal', () => {
  test.each<[string, ScanError]>([
    ['', { code: 'EMPTY_CODE' }],
    [' \r\n', { code: 'EMPTY_CODE' }],
    ['1'.repeat(SCAN_LENGTH_MAX + 1), { code: 'CODE_TOO_LONG', length: SCAN_LENGTH_MAX + 1, max: SCAN_LENGTH_MAX }],
    [' HTTPS://example.com/01/09521234543213', { code: 'WEB_ADDRESS' }],
    ['hello', { code: 'UNREADABLE_CODE', length: 5 }],
    ['123456', { code: 'UNREADABLE_CODE', length: 6 }],
    ['00000000', { code: 'UNREADABLE_CODE', length: 8 }],
    [']E0', { code: 'UNREADABLE_CODE', length: 0 }],
    [']A0BAG-17', { code: 'UNREADABLE_CODE', length: 6 }],
    ['4006381333930', { code: 'BAD_CHECK_DIGIT', of: 'code', expected: '1' }],
    ['0109521234543214', { code: 'BAD_CHECK_DIGIT', of: 'code', expected: '3' }],
    [']C100123456789012345675', { code: 'NO_TRADE_ITEM' }],
    [']C1', { code: 'NO_TRADE_ITEM' }],
    [']C117261301', { code: 'BAD_ELEMENT', ai: '17', at: 0, why: 'DATE' }],
    ['01095212345432133103000000', { code: 'NOTHING_WEIGHED', gtin: '09521234543213' }],
    ['٠١٢٣٤٥٦٧', { code: 'UNREADABLE_CODE', length: 8 }],
  ])('%j [I6]', (raw, error) => {
    expect(readScan(raw, SETTINGS)).toEqual({ ok: false, error });
  });

  test('whatever comes, the answer is a checked value or one of the refusals, and nothing is thrown [I6]', () => {
    const codes: ReadonlySet<string> = new Set<ScanError['code']>([
      ...(['EMPTY_CODE', 'CODE_TOO_LONG', 'WEB_ADDRESS', 'UNREADABLE_CODE', 'BAD_CHECK_DIGIT'] as const),
      ...(['NO_TRADE_ITEM', 'NOTHING_WEIGHED', 'BAD_ELEMENT'] as const),
    ]);
    const seen = new Set<string>();
    const bytes = fc.uint8Array({ maxLength: SCAN_LENGTH_MAX + 8 }).map((all) => String.fromCodePoint(...all));
    const digits = digitsOf(0, 40);
    const element = fc.oneof(
      fc.constantFrom('0109521234543213', '17261231', '10LOT', GS, '3103001250', ']C1', ']d2', '2112345015002'),
      digits,
    );
    const near = fc.array(element, { maxLength: 6 }).map((parts) => parts.join(''));
    const text = fc.oneof(bytes, fc.string({ unit: 'binary', maxLength: SCAN_LENGTH_MAX + 8 }), digits, near);
    fc.assert(
      fc.property(text, (raw) => {
        const scan = readScan(raw, SETTINGS);
        seen.add(scan.ok ? 'ok' : scan.error.code);
        const value = scan.ok ? scan.value : undefined;
        expect(scan.ok || codes.has(scan.error.code)).toBe(true);
        expect(value === undefined || toGtin(value.gtin).ok).toBe(true);
        expect(value?.netWeightMg ?? 1).toBeGreaterThan(0);
        expect(value?.priceMinor ?? 1).toBeGreaterThan(0);
      }),
      { numRuns: 3000, seed: 4 },
    );
    // Otherwise the texts that were tried would say little.
    expect([...seen]).toEqual(expect.arrayContaining(['ok', 'UNREADABLE_CODE', 'BAD_CHECK_DIGIT', 'BAD_ELEMENT']));
  });
});

describe('a code stands for units of a SKU', () => {
  const cola = asSku('COLA-330');
  const table: PackTable = new Map([
    ['04006381333931', [{ sku: cola, units: 1 }]],
    ['05449000000996', [{ sku: cola, units: 6 }]],
  ]);

  test('one can is one, the six-pack is six [I6]', () => {
    expect(packedUnits('04006381333931', table)).toEqual({ ok: true, value: [{ sku: cola, units: 1 }] });
    expect(packedUnits('05449000000996', table)).toEqual({ ok: true, value: [{ sku: cola, units: 6 }] });
  });

  test('a case that nobody described names what is in it, and any other code is unknown [I6]', () => {
    const gtin = '14006381333938';
    expect(packedUnits(gtin, table)).toEqual({ ok: false, error: { code: 'CASE_SIZE_UNKNOWN', gtin, skus: [cola] } });
    expect(packedUnits('00036000291452', table)).toEqual({
      ok: false,
      error: { code: 'UNKNOWN_BARCODE', gtin: '00036000291452' },
    });
  });
});

function digitsOf(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.nat(9), { minLength, maxLength }).map((digits) => digits.join(''));
}
