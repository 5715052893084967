import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asHoldId, asOrderId } from '../shared/ids.ts';
import { coverShortfall } from './discrepancy.ts';
import type { AllocatedUnits, HeldUnits } from './discrepancy.ts';

function held(n: number, kind: 'cart' | 'order', heldAtMs: number, quantity: number): HeldUnits {
  return { holdId: asHoldId(`hld_${String(n).padStart(26, '0')}`), kind, heldAtMs, quantity };
}
function allocated(n: number, promisedAtMs: number, quantity: number): AllocatedUnits {
  return { orderId: asOrderId(`ord_${String(n).padStart(26, '0')}`), promisedAtMs, quantity };
}

describe('coverShortfall', () => {
  const holds = [held(1, 'cart', 10, 1), held(2, 'order', 40, 2), held(3, 'cart', 20, 2), held(4, 'order', 30, 1)];
  const allocations = [allocated(1, 100, 3), allocated(2, 200, 2)];
  const [cartOld, orderNew, cartNew, orderOld] = holds.map(({ holdId }) => holdId);

  it.each([
    [1, [cartNew], []],
    [2, [cartNew], []],
    [3, [cartNew, cartOld], []],
    [4, [cartNew, cartOld, orderNew], []],
    [6, [cartNew, cartOld, orderNew, orderOld], []],
    [7, [cartNew, cartOld, orderNew, orderOld], [{ orderId: allocations[1]?.orderId, quantity: 1 }]],
    [
      10,
      [cartNew, cartOld, orderNew, orderOld],
      [
        { orderId: allocations[1]?.orderId, quantity: 2 },
        { orderId: allocations[0]?.orderId, quantity: 2 },
      ],
    ],
  ])(
    'of %i units: carts first, then orders, the newest first, then the latest promise [I3]',
    (missing, ended, lines) => {
      const recovery = coverShortfall(missing, holds, allocations);
      expect(recovery.endedHolds).toEqual(ended);
      expect(recovery.shortenedLines).toEqual(lines);
    },
  );

  it('says how much nobody could give', () => {
    expect(coverShortfall(12, holds, allocations)).toMatchObject({ freedUnits: 11, uncoveredUnits: 1 });
  });

  it('covers what can be covered, ends no hold for nothing, and knows no order of its input', () => {
    const anyHolds = fc.array(
      fc.record({ kind: fc.constantFrom('cart', 'order'), at: fc.nat(3), quantity: fc.integer({ min: 1, max: 4 }) }),
      { maxLength: 6 },
    );
    const anyAllocations = fc.array(fc.record({ at: fc.nat(3), quantity: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), anyHolds, anyAllocations, (missing, someHolds, someLines) => {
        const all = someHolds.map(({ kind, at, quantity }, n) => held(n, kind, at, quantity));
        const lines = someLines.map(({ at, quantity }, n) => allocated(n, at, quantity));
        const recovery = coverShortfall(missing, all, lines);
        const units = [...all, ...lines].reduce((sum, { quantity }) => sum + quantity, 0);
        expect(recovery.uncoveredUnits).toBe(Math.max(0, missing - units));
        expect(recovery.freedUnits).toBeGreaterThanOrEqual(Math.min(missing, units));
        const ended = all.filter(({ holdId }) => recovery.endedHolds.includes(holdId));
        const last = all.find(({ holdId }) => holdId === recovery.endedHolds.at(-1));
        const freedByHolds = ended.reduce((sum, { quantity }) => sum + quantity, 0);
        expect(freedByHolds - (last?.quantity ?? 0)).toBeLessThan(missing);
        expect(recovery.shortenedLines.length === 0 || ended.length === all.length).toBe(true);
        expect(coverShortfall(missing, all.toReversed(), lines.toReversed())).toEqual(recovery);
      }),
    );
  });
});
