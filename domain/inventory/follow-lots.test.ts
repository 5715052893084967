import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asLotId, asOrderId, asSku } from '../shared/ids.ts';
import { followLots } from './follow-lots.ts';
import { applyMovement, ROUTES } from './ledger.ts';
import type { MovementKind } from './ledger.ts';
import type { LotMovement } from './lot-effects.ts';
import { newLot, owedUnits, shelfFault, toBlock } from './lots.ts';
import type { Lot, OrderLot, Shelf } from './lots.ts';
import { NO_STOCK } from './stock-level.ts';
import type { StockLevel } from './stock-level.ts';

const MILK = asSku('MILK');
const ORDER = asOrderId(`ord_${'0'.repeat(26)}`);

function lot(lotId: string, onShelf: number, rest: Partial<Lot> = {}): Lot {
  return { ...newLot(MILK, asLotId(lotId)), received: onShelf, onShelf, ...rest };
}
function dated(day: number): Partial<Lot> {
  return { bestBeforeMs: day, sellByMs: day };
}
function follow(
  level: Partial<StockLevel>,
  lots: readonly Lot[],
  movements: readonly Omit<LotMovement, 'sku'>[],
  orderLots: readonly OrderLot[] = [],
) {
  const account = { level: { ...NO_STOCK, ...level }, sequence: 0 };
  return followLots(
    new Map([[MILK, account]]),
    { lots, orderLots },
    movements.map((movement) => ({ ...movement, sku: MILK })),
  );
}
/** Units on the shelf by lot. */
function unitsOf(lots: readonly Lot[]): Record<string, number> {
  return Object.fromEntries(lots.map((changed) => [changed.lotId, changed.onShelf]));
}
const TWO = [lot('SOON', 2, dated(5)), lot('LATE', 4, dated(9))];

describe('what an order picks', () => {
  it('is told apart by lot, and the order is written down for each', () => {
    const step = follow({ allocated: 8 }, TWO, [{ kind: 'picked', quantity: 7, orderId: ORDER }]);
    expect(step.movements).toEqual([
      { kind: 'picked', sku: MILK, orderId: ORDER, quantity: 2, lotId: 'SOON' },
      { kind: 'picked', sku: MILK, orderId: ORDER, quantity: 4, lotId: 'LATE' },
      { kind: 'picked', sku: MILK, orderId: ORDER, quantity: 1 },
    ]);
    expect(unitsOf(step.lots)).toEqual({ SOON: 0, LATE: 0 });
    expect(step.orderLots).toEqual([
      { orderId: ORDER, sku: MILK, lotId: 'SOON', quantity: 2 },
      { orderId: ORDER, sku: MILK, lotId: 'LATE', quantity: 4 },
    ]);
  });

  it('is of the lot that the picker scanned, where that is known', () => {
    const lotId = asLotId('LATE');
    const step = follow({ allocated: 6 }, TWO, [{ kind: 'picked', quantity: 1, orderId: ORDER, lotId }]);
    expect(unitsOf(step.lots)).toEqual({ LATE: 3 });
    expect(step.orderLots).toEqual([{ orderId: ORDER, sku: MILK, lotId, quantity: 1 }]);
  });

  it('comes of a closed lot only when nothing else is left, and even then is written down', () => {
    const old = lot('OLD', 3, { ...dated(1), status: 'EXPIRED' });
    const step = follow(
      { allocated: 4 },
      [old, lot('GOOD', 1, dated(9))],
      [{ kind: 'picked', quantity: 2, orderId: ORDER }],
    );
    expect(unitsOf(step.lots)).toEqual({ GOOD: 0, OLD: 2 });
    expect(step.orderLots.map(({ lotId }) => lotId).toSorted()).toEqual(['GOOD', 'OLD']);
  });

  it('goes back to the lots it came from', () => {
    const got = [{ orderId: ORDER, sku: MILK, lotId: asLotId('SOON'), quantity: 2 }];
    const empty = lot('SOON', 0, dated(5));
    const step = follow({ picked: 3 }, [empty], [{ kind: 'restocked', quantity: 3, orderId: ORDER }], got);
    expect(step.movements.map(({ lotId, quantity }) => [lotId, quantity])).toEqual([
      ['SOON', 2],
      [undefined, 1],
    ]);
    expect(unitsOf(step.lots)).toEqual({ SOON: 2 });
    expect(step.orderLots).toEqual([{ orderId: ORDER, sku: MILK, lotId: 'SOON', quantity: 0 }]);
  });

  it('and brings back is blocked when its lot was closed meanwhile', () => {
    const got = [{ orderId: ORDER, sku: MILK, lotId: asLotId('OLD'), quantity: 2 }];
    const old = lot('OLD', 0, { ...dated(5), status: 'EXPIRED' });
    const step = follow({ picked: 2 }, [old], [{ kind: 'restocked', quantity: 2, orderId: ORDER }], got);
    expect(step.toBlock).toMatchObject([{ lot: { lotId: 'OLD' }, quantity: 2 }]);
  });
});

describe('what nobody chose', () => {
  it('is lost first of no known lot, so that no lot is thought smaller than it may be', () => {
    const step = follow({ available: 8 }, TWO, [{ kind: 'counted', quantity: -3 }]);
    expect(step.movements).toEqual([
      { kind: 'counted', sku: MILK, quantity: -2 },
      { kind: 'counted', sku: MILK, quantity: -1, lotId: 'SOON' },
    ]);
    expect(unitsOf(step.lots)).toEqual({ SOON: 1 });
  });

  it('is discarded first of what was blocked as the SKU’s, then of closed lots', () => {
    const old = lot('OLD', 3, { ...dated(1), status: 'EXPIRED', blocked: 3 });
    const step = follow({ available: 1, blocked: 4 }, [old], [{ kind: 'discarded', quantity: 2 }]);
    expect(step.movements.map(({ lotId, quantity }) => [lotId, quantity])).toEqual([
      [undefined, 1],
      ['OLD', 1],
    ]);
    expect(step.lots).toMatchObject([{ onShelf: 2, blocked: 2 }]);
  });
});

it('a movement that the ledger refuses changes no lot', () => {
  const step = follow({ available: 6 }, TWO, [{ kind: 'picked', quantity: 1 }]);
  expect(step).toEqual({
    movements: [{ kind: 'picked', sku: MILK, quantity: 1 }],
    lots: [],
    orderLots: [],
    toBlock: [],
  });
});

describe('whatever moves', () => {
  const kinds = Object.keys(ROUTES) as MovementKind[];
  const commands = fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds, 'close' as const),
      quantity: fc.integer({ min: -4, max: 6 }),
      lot: fc.constantFrom('A', 'B', 'C', undefined),
      order: fc.constantFrom(ORDER, undefined),
    }),
    { maxLength: 60 },
  );

  it('lots never have more than the shelf, a lot that closes is not for sale, and an order’s lots are what it picked [I7]', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        let shelf: Shelf = { level: NO_STOCK, lots: [] };
        let orderLots: readonly OrderLot[] = [];
        let closedForSale = false;
        const netPicked = { units: 0 };
        const isIn = new Set<MovementKind>(['received', 'transferred_in']);
        function post(movement: LotMovement): boolean {
          const account = new Map([[MILK, { level: shelf.level, sequence: 0 }]]);
          const level = applyMovement(shelf.level, movement);
          if (!level.ok) return false;
          const step = followLots(account, { lots: shelf.lots, orderLots }, [movement]);
          const parts = step.movements.reduce((units, part) => units + part.quantity, 0);
          expect(parts).toBe(movement.quantity);
          const changed = new Set(step.lots.map(({ lotId }) => lotId));
          const lots = [...shelf.lots.filter(({ lotId }) => !changed.has(lotId)), ...step.lots];
          shelf = { level: level.value, lots };
          const given = new Set(step.orderLots.map(({ lotId }) => lotId));
          orderLots = [...orderLots.filter(({ lotId }) => !given.has(lotId)), ...step.orderLots];
          for (const { quantity } of step.toBlock) {
            const blocked = applyMovement(shelf.level, { kind: 'blocked', sku: MILK, quantity });
            if (!blocked.ok) throw new Error('units were to be blocked that are not for sale');
            shelf = { ...shelf, level: blocked.value };
          }
          return true;
        }
        for (const { kind, quantity, lot: name, order } of sequence) {
          if (kind === 'close') {
            const lots = shelf.lots.map((known) =>
              known.lotId === name ? { ...known, status: 'RECALLED' as const } : known,
            );
            shelf = { ...shelf, lots };
            for (const { lot: closed, quantity: units } of toBlock(shelf)) {
              post({ kind: 'blocked', sku: MILK, quantity: units, lotId: closed.lotId });
            }
            closedForSale ||= shelf.level.available > 0 && owedUnits(shelf.lots) > 0;
          } else if (quantity > 0 || ((kind === 'adjusted' || kind === 'counted') && quantity < 0)) {
            const lotId = isIn.has(kind) && name !== undefined ? { lotId: asLotId(name) } : {};
            const movement = { kind, sku: MILK, quantity, ...lotId, ...(order !== undefined && { orderId: order }) };
            if (post(movement) && order !== undefined && kind === 'picked') netPicked.units += quantity;
          }
          expect(closedForSale).toBe(false);
          expect(shelfFault(shelf)).toBeUndefined();
          const got = orderLots.reduce((units, orderLot) => units + orderLot.quantity, 0);
          expect(got).toBeLessThanOrEqual(netPicked.units);
        }
      }),
      { numRuns: 500 },
    );
  });
});
