import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEASURES, packingPlace, placeOfBin, walkM } from './layout.ts';
import type { StoreLayout } from './layout.ts';
import { slottingReport } from './slotting.ts';
import type { Slot } from './slotting.ts';

const LAYOUT: StoreLayout = { ...DEFAULT_MEASURES, aisles: ['A01', 'A02', 'A03'], racks: 10 };
const SCOPE = { layout: LAYOUT, days: 2 };

function slot(sku: string, bin: string, picks: number, temperatureZone: Slot['temperatureZone'] = 'ambient'): Slot {
  return { sku, bin, temperatureZone, picks };
}

describe('the slotting report [F9]', () => {
  it('brings the fast mover near to packing and says how many metres a day that saves', () => {
    const report = slottingReport([slot('SOAP', 'A01-1-1', 4), slot('MILK', 'A01-10-2', 100)], SCOPE);
    // 96 more picks, nine racks nearer, there and back, in two days.
    const savedMPerDay = (96 * 9 * 2) / 2;
    expect(report).toEqual({
      swaps: [
        {
          fast: { sku: 'MILK', fromBin: 'A01-10-2', toBin: 'A01-1-1', fromM: 21, toM: 3, picksPerDay: 50 },
          slow: { sku: 'SOAP', fromBin: 'A01-1-1', toBin: 'A01-10-2', fromM: 3, toM: 21, picksPerDay: 2 },
          savedMPerDay,
        },
      ],
      savedMPerDay,
    });
  });

  it('never moves goods to another temperature', () => {
    const slots = [
      slot('SOAP', 'A01-1-1', 1),
      slot('ICE', 'A03-9-1', 100, 'frozen'),
      slot('MILK', 'A02-9-1', 90, 'chilled'),
    ];
    expect(slottingReport(slots, SCOPE)).toEqual({ swaps: [], savedMPerDay: 0 });
  });

  it('leaves alone what stands well, and bins that the layout does not know', () => {
    const slots = [slot('MILK', 'A01-1-1', 100), slot('SOAP', 'A03-1-1', 1), slot('LOST', '', 500)];
    expect(slottingReport(slots, SCOPE).swaps).toEqual([]);
  });

  it('is bounded, moves a SKU once, stays in its zone, and each swap saves what it says', () => {
    const anySlot = fc.record({
      bin: fc
        .tuple(fc.constantFrom('A01', 'A02', 'A03', 'Z99'), fc.integer({ min: 1, max: 10 }))
        .map(([aisle, rack]) => `${aisle}-${rack}-1`),
      temperatureZone: fc.constantFrom('ambient', 'chilled', 'frozen'),
      picks: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(
        fc.array(anySlot, { maxLength: 40, size: 'max' }),
        fc.integer({ min: 0, max: 6 }),
        (given, swapsMax) => {
          const slots = given.map((of, index) => ({ ...of, sku: `SKU-${index}` }));
          const { swaps, savedMPerDay } = slottingReport(slots, { ...SCOPE, swapsMax });
          expect(swaps.length).toBeLessThanOrEqual(swapsMax);
          const moves = swaps.flatMap(({ fast, slow }) => [fast, slow]);
          expect(new Set(moves.map(({ sku }) => sku)).size).toBe(moves.length);
          const before = tripsM(slots);
          for (const { fast, slow, savedMPerDay: savedM } of swaps) {
            const [a, b] = [fast, slow].map(({ sku }) => slots.find((of) => of.sku === sku));
            expect(a?.temperatureZone).toBe(b?.temperatureZone);
            expect(savedM).toBeGreaterThan(0);
            const swapped = slots.map((of) => ({
              ...of,
              bin: [fast, slow].find(({ sku }) => sku === of.sku)?.toBin ?? of.bin,
            }));
            expect((before - tripsM(swapped)) / SCOPE.days).toBeCloseTo(savedM, 6);
          }
          const all = slots.map((of) => ({ ...of, bin: moves.find(({ sku }) => sku === of.sku)?.toBin ?? of.bin }));
          expect((before - tripsM(all)) / SCOPE.days).toBeCloseTo(savedMPerDay, 6);
        },
      ),
    );
  });
});

/** All picks as walks to one line each. */
function tripsM(slots: readonly Slot[]): number {
  return slots.reduce((sum, { bin, picks }) => {
    const place = placeOfBin(LAYOUT, bin);
    return place === undefined ? sum : sum + 2 * picks * walkM(LAYOUT, packingPlace(LAYOUT), place);
  }, 0);
}
