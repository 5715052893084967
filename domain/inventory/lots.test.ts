import { describe, expect, it } from 'vitest';
import { asLotId, asSku } from '../shared/ids.ts';
import { lotsToPick, newLot, owedUnits, shelfFault, toBlock } from './lots.ts';
import type { Lot, Shelf } from './lots.ts';
import { NO_STOCK } from './stock-level.ts';
import type { StockLevel } from './stock-level.ts';

const MILK = asSku('MILK');

function lot(lotId: string, onShelf: number, rest: Partial<Lot> = {}): Lot {
  return { ...newLot(MILK, asLotId(lotId)), received: onShelf, onShelf, ...rest };
}
function shelf(level: Partial<StockLevel>, ...lots: readonly Lot[]): Shelf {
  return { level: { ...NO_STOCK, ...level }, lots };
}
/** Best before and sell-by on day `day`. */
function dated(day: number): Partial<Lot> {
  return { bestBeforeMs: day, sellByMs: day };
}

describe('lotsToPick', () => {
  it('takes what expires first, then goods without a date, then units of no known lot', () => {
    const units = shelf({ available: 12 }, lot('LATE', 3, dated(9)), lot('BARE', 2), lot('SOON', 4, dated(5)));
    expect(lotsToPick(units, 11, 0)).toEqual([
      { lotId: 'SOON', quantity: 4 },
      { lotId: 'LATE', quantity: 3 },
      { lotId: 'BARE', quantity: 2 },
      { quantity: 2 },
    ]);
  });

  it('takes one of two lots of a day by its number, the same each time', () => {
    const units = shelf({ available: 4 }, lot('B', 2, dated(5)), lot('A', 2, dated(5)));
    expect(lotsToPick(units, 1, 0)).toEqual([{ lotId: 'A', quantity: 1 }]);
  });

  it.each([
    ['expired', lot('OLD', 5, { ...dated(3), status: 'EXPIRED' })],
    ['called back', lot('BAD', 5, { ...dated(30), status: 'RECALLED' })],
    ['past its sell-by though nobody has noticed yet', lot('LATE', 5, dated(10))],
    ['blocked by hand', lot('DOUBT', 5, { ...dated(30), blocked: 5 })],
  ])('leaves a lot that is %s', (_, closed) => {
    const units = shelf(
      { available: 1, blocked: closed.blocked, held: 6 - closed.blocked },
      closed,
      lot('GOOD', 2, dated(20)),
    );
    expect(lotsToPick(units, 4, 10)).toEqual([{ lotId: 'GOOD', quantity: 2 }]);
  });

  it('leaves units of no known lot that may be the blocked ones', () => {
    expect(lotsToPick(shelf({ available: 2, blocked: 3 }), 5, 0)).toEqual([{ quantity: 2 }]);
  });
});

describe('a closed lot', () => {
  const old = lot('OLD', 6, { ...dated(3), status: 'EXPIRED', blocked: 1 });

  it('has units to block for as far as they are not promised', () => {
    expect(toBlock(shelf({ available: 3, blocked: 1, held: 2 }, old))).toEqual([{ lot: old, quantity: 3 }]);
    expect(owedUnits([old])).toBe(5);
  });
});

describe('shelfFault', () => {
  it.each([
    ['lots have more units than the shelf', shelf({ available: 2 }, lot('A', 3))],
    ['lots have more units blocked than the SKU', shelf({ available: 2, blocked: 1 }, lot('A', 2, { blocked: 2 }))],
    ['a lot has more units blocked than it has', shelf({ blocked: 3 }, lot('A', 2, { blocked: 3 }))],
  ])('finds that %s', (fault, units) => {
    expect(shelfFault(units)).toBe(fault);
  });
});
