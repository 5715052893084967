import { describe, expect, it } from 'vitest';
import { AISLES_MAX, layoutError, MEASURE_BOUNDS, RACKS_MAX } from './layout-rules.ts';
import type { LayoutError } from './layout-rules.ts';
import { DEFAULT_MEASURES } from './layout.ts';
import type { StoreLayout } from './layout.ts';

const LAYOUT: StoreLayout = { ...DEFAULT_MEASURES, aisles: ['A01', 'B'], racks: 8 };

describe('a layout [F9]', () => {
  it('may have one aisle and one rack', () => {
    expect(layoutError(LAYOUT)).toBeUndefined();
    expect(layoutError({ ...LAYOUT, aisles: ['Z'], racks: 1 })).toBeUndefined();
  });

  it.each<[string, Partial<StoreLayout>, LayoutError]>([
    ['no aisle', { aisles: [] }, { code: 'AISLES_MISCOUNTED', aisles: 0 }],
    [
      'too many aisles',
      { aisles: Array.from({ length: AISLES_MAX + 1 }, () => 'A') },
      { code: 'AISLES_MISCOUNTED', aisles: AISLES_MAX + 1 },
    ],
    ['an aisle that no bin can name', { aisles: ['A01', 'a02'] }, { code: 'BAD_AISLE', position: 2 }],
    ['an aisle twice', { aisles: ['A01', 'B', 'A01'] }, { code: 'AISLE_TWICE', aisle: 'A01' }],
    ['no rack', { racks: 0 }, { code: 'RACKS_MISCOUNTED', racks: 0 }],
    ['half a rack', { racks: 2.5 }, { code: 'RACKS_MISCOUNTED', racks: 2.5 }],
    ['too many racks', { racks: RACKS_MAX + 1 }, { code: 'RACKS_MISCOUNTED', racks: RACKS_MAX + 1 }],
    ['a picker who stands still', { walkMPerS: 0 }, { code: 'BAD_MEASURE', measure: 'walkMPerS', min: 0.2, max: 3 }],
    ['no number', { stopS: NaN }, { code: 'BAD_MEASURE', measure: 'stopS', min: 0, max: 120 }],
  ])('with %s is refused', (_what, given, error) => {
    expect(layoutError({ ...LAYOUT, ...given })).toEqual(error);
  });

  it.each(Object.entries(MEASURE_BOUNDS))('may have %s at its bounds and not beyond them', (measure, { min, max }) => {
    for (const value of [min, max]) expect(layoutError({ ...LAYOUT, [measure]: value })).toBeUndefined();
    for (const value of [min - 0.01, max + 0.01])
      expect(layoutError({ ...LAYOUT, [measure]: value })).toMatchObject({ measure, min, max });
  });
});
