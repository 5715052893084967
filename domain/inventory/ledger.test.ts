import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSku } from '../shared/ids.ts';
import { conservationGap, NO_STOCK, PLACES } from './stock-level.ts';
import type { StockLevel } from './stock-level.ts';
import { applyMovement, differenceUnits, levelOf, post, ROUTES } from './ledger.ts';
import type { Account, Movement, MovementKind } from './ledger.ts';

const TEA = asSku('TEA');
const KINDS = Object.keys(ROUTES) as MovementKind[];

function move(kind: MovementKind, quantity: number, sku = TEA): Movement {
  return { kind, sku, quantity };
}
/** Applies the movements that the ledger takes, and says which those were. */
function play(movements: readonly Movement[]): { level: StockLevel; taken: Movement[] } {
  let level = NO_STOCK;
  const taken: Movement[] = [];
  for (const movement of movements) {
    const after = applyMovement(level, movement);
    if (!after.ok) continue;
    level = after.value;
    taken.push(movement);
  }
  return { level, taken };
}

const anyMovement = fc.oneof(
  fc.record({ kind: fc.constantFrom(...KINDS), sku: fc.constant(TEA), quantity: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    kind: fc.constant('adjusted' as const),
    sku: fc.constant(TEA),
    quantity: fc.integer({ min: -20, max: -1 }),
  }),
);

describe('one movement', () => {
  it.each([
    ['received', 5, { received: 15, available: 15 }],
    ['adjusted', -4, { adjusted: -4, available: 6 }],
    ['held', 10, { available: 0, held: 10 }],
  ] as const)('%s %i', (kind, quantity, changed) => {
    const before = { ...NO_STOCK, received: 10, available: 10 };
    expect(applyMovement(before, move(kind, quantity))).toEqual({ ok: true, value: { ...before, ...changed } });
  });

  it('refuses to take more than a bucket has and says what is left', () => {
    const level = { ...NO_STOCK, received: 3, available: 3 };
    expect(applyMovement(level, move('held', 4))).toEqual({
      ok: false,
      error: { code: 'OVERDRAWN', kind: 'held', sku: TEA, quantity: 4, left: 3 },
    });
    expect(applyMovement(level, move('adjusted', -4))).toMatchObject({ ok: false, error: { left: 3 } });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])(
    'treats a movement of %d units as a bug',
    (quantity) => {
      expect(() => applyMovement(NO_STOCK, move('received', quantity))).toThrow('invariant broken');
    },
  );
});

describe('any sequence of movements', () => {
  it('conserves units and leaves no bucket below zero after every one [I1]', () => {
    fc.assert(
      fc.property(fc.array(anyMovement, { maxLength: 60 }), (movements) => {
        let level = NO_STOCK;
        for (const movement of movements) {
          const after = applyMovement(level, movement);
          if (after.ok) level = after.value;
          expect(conservationGap(level)).toBe(0);
          expect(PLACES.filter((place) => level[place] < 0)).toEqual([]);
        }
      }),
    );
  });

  it('is the sum of its movements, and the same when replayed [I6]', () => {
    fc.assert(
      fc.property(fc.array(anyMovement, { maxLength: 60 }), (movements) => {
        const { level, taken } = play(movements);
        const units = new Map<MovementKind, number>();
        for (const { kind, quantity } of taken) units.set(kind, (units.get(kind) ?? 0) + quantity);
        expect(levelOf(units)).toEqual(level);
        expect(play(taken).level).toEqual(level);
      }),
    );
  });
});

describe('an audit', () => {
  it('finds a level that its history does not explain, even one that is conserved', () => {
    const history = levelOf(new Map([['received', 5]]));
    expect(differenceUnits(history, history)).toBe(0);
    expect(differenceUnits({ ...history, available: 4, sold: 1 }, history)).toBe(2);
  });
});

describe('posting', () => {
  const milk = asSku('MILK');
  const accounts = new Map<typeof TEA, Account>([
    [TEA, { level: { ...NO_STOCK, received: 5, available: 5 }, sequence: 7 }],
  ]);

  it('numbers the movements of each SKU without a gap, with the balance after each', () => {
    const posted = post(accounts, [move('held', 2), move('received', 1, milk), move('released', 1)]);
    expect(posted.ok && posted.value.map((m) => [m.sku, m.sequence, m.after.available, m.after.held])).toEqual([
      [TEA, 8, 3, 2],
      [milk, 1, 1, 0],
      [TEA, 9, 4, 1],
    ]);
  });

  it('posts all or nothing', () => {
    expect(post(accounts, [move('held', 5), move('held', 1)])).toMatchObject({ ok: false, error: { left: 0 } });
    expect(accounts.get(TEA)?.level.available).toBe(5);
  });
});
