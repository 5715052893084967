import { describe, expect, test } from 'vitest';
import { conservationLine, oversoldUnits, type Audit, type Totals } from './ledger.ts';

const OPENING: Totals = {
  received: 100,
  adjusted: 0,
  transferredIn: 0,
  available: 100,
  blocked: 0,
  held: 0,
  allocated: 0,
  picked: 0,
  sold: 0,
  writtenOff: 0,
  transferredOut: 0,
};

function audit(totals: Partial<Totals>, discrepancies: Audit['discrepancies'] = []): Audit {
  return {
    skus: 10,
    movements: 20,
    totals: { ...OPENING, ...totals },
    discrepancies,
    quarantined: [],
    unpublishedEvents: 0,
  };
}

describe('the conservation sum', () => {
  test('holds while every unit is somewhere', () => {
    const totals = { ...OPENING, adjusted: -3, available: 80, held: 4, allocated: 3, picked: 2, sold: 8 };
    expect(conservationLine(totals)).toBe(
      '100 received + -3 adjusted = 80 available + 4 held + 3 allocated + 2 picked + 8 sold',
    );
  });

  test('names what is not accounted for', () => {
    expect(conservationLine({ ...OPENING, sold: 2 })).toBe(
      '100 received != 100 available + 2 sold: -2 units are not accounted for',
    );
  });
});

describe('oversold units', () => {
  test('are none when the ledger sold what was delivered', () => {
    expect(oversoldUnits(OPENING, audit({ available: 93, sold: 7 }), 7, true)).toBe(0);
  });

  test('are the units of a SKU that was sold twice, though the totals agree', () => {
    const gaps = [
      { sku: 'a', gapUnits: -2 },
      { sku: 'b', gapUnits: 2 },
    ];
    expect(oversoldUnits(OPENING, audit({ available: 93, sold: 7 }, gaps), 7, true)).toBe(4);
  });

  test('are delivered units that the ledger never sold', () => {
    expect(oversoldUnits(OPENING, audit({ available: 95, sold: 5 }), 7, false)).toBe(2);
  });

  test('may be sales to somebody else, but not in a system of one’s own', () => {
    const after = audit({ available: 90, sold: 10 });
    expect(oversoldUnits(OPENING, after, 7, false)).toBe(0);
    expect(oversoldUnits(OPENING, after, 7, true)).toBe(3);
  });
});
