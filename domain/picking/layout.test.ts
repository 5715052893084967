import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEASURES, depthM, layoutOfBins, packingPlace, placeOfBin, walkM } from './layout.ts';
import type { StoreLayout } from './layout.ts';

const LAYOUT: StoreLayout = {
  ...DEFAULT_MEASURES,
  aislePitchM: 2,
  rackPitchM: 1,
  crossAisleM: 1,
  aisles: ['A01', 'A02', 'B'],
  racks: 8,
};

describe('the floor', () => {
  it('is as wide as the aisles that bins name and as deep as their highest rack', () => {
    const layout = layoutOfBins(['A10-2-1', 'a02-7-3', 'B-3', 'B-1-1', '', 'somewhere', 'A02-1-1']);
    expect(layout).toEqual({ ...DEFAULT_MEASURES, aisles: ['A02', 'A10', 'B'], racks: 7 });
  });

  it('finds a bin by aisle and rack, whatever the shelf, older addresses too', () => {
    expect(placeOfBin(LAYOUT, 'A02-3-1')).toEqual({ xM: 2, yM: 3.5 });
    expect(placeOfBin(LAYOUT, 'A02-3-6')).toEqual({ xM: 2, yM: 3.5 });
    expect(placeOfBin(LAYOUT, 'b-1')).toEqual({ xM: 4, yM: 1.5 });
  });

  it.each(['', 'B', 'A03-1-1', 'A01-0-1', 'A01-9-1', 'A01-1-1-1', 'A001-1-1', 'x A01-1-1'])(
    'does not know the bin "%s"',
    (bin) => {
      expect(placeOfBin(LAYOUT, bin)).toBeUndefined();
    },
  );
});

describe('a way on foot', () => {
  const packing = packingPlace(LAYOUT);

  it.each([
    ['along an aisle', { xM: 0, yM: 2 }, { xM: 0, yM: 9 }, 7],
    ['by the front when that is nearer', { xM: 0, yM: 2 }, { xM: 4, yM: 3 }, 9],
    ['by the back when that is nearer', { xM: 0, yM: 8 }, { xM: 4, yM: 7 }, 9],
    ['from packing', packing, { xM: 2, yM: 9.5 }, 11.5],
  ])('goes %s', (_way, from, to, metres) => {
    expect(depthM(LAYOUT)).toBe(10);
    expect(walkM(LAYOUT, from, to)).toBe(metres);
  });

  it('is the same there and back, and no shorter over a third place', () => {
    const place = fc.record({ xM: fc.constantFrom(0, 2, 4), yM: fc.integer({ min: 0, max: 10 }) });
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        expect(walkM(LAYOUT, a, b)).toBe(walkM(LAYOUT, b, a));
        expect(walkM(LAYOUT, a, c)).toBeLessThanOrEqual(walkM(LAYOUT, a, b) + walkM(LAYOUT, b, c));
      }),
    );
  });
});
