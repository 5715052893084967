import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_MEASURED, P90_FACTOR, paceOf, withSpell } from './pick-pace.ts';
import type { MeasuredPace, PickSpell } from './pick-pace.ts';

const MINUTE_MS = 60_000;

/** A floor that takes exactly so long, give or take its own spread. */
function spellOf(orderS: number, lineS: number, { orders, lines }: Omit<PickSpell, 'tookMs'>, stray = 1): PickSpell {
  return { orders, lines, tookMs: (orders * orderS + lines * lineS) * stray * 1000 };
}
function measured(spells: readonly PickSpell[], everyMs = 2 * MINUTE_MS): MeasuredPace {
  return spells.reduce((pace, spell, i) => withSpell(pace, spell, (i + 1) * everyMs), NOTHING_MEASURED);
}
/** An order of six lines, at the median. */
function usualMs(known: MeasuredPace): number {
  const { orderMs, lineMs } = paceOf(known);
  return orderMs + 6 * lineMs;
}
const anyWork = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 15 }))
  .map(([orders, each]) => ({ orders, lines: orders * each }));
const steadyWork = fc.array(anyWork, { minLength: 400, maxLength: 400 });

describe('the pace of a store', () => {
  it('is the working figure until it is measured [F3]', () => {
    const { orderMs, lineMs, p90Factor } = paceOf(NOTHING_MEASURED);
    expect([orderMs, lineMs, p90Factor].map((figure) => Number(figure.toFixed(6)))).toEqual([
      60_000,
      8_000,
      P90_FACTOR,
    ]);
  });

  it('comes to what the floor takes, whatever the orders are [F3]', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 25, max: 180, noNaN: true }),
        fc.double({ min: 3, max: 30, noNaN: true }),
        steadyWork,
        (orderS, lineS, work) => {
          const pace = paceOf(measured(work.map((one) => spellOf(orderS, lineS, one))));
          for (const { orders, lines } of [
            { orders: 1, lines: 2 },
            { orders: 1, lines: 8 },
            { orders: 1, lines: 14 },
          ]) {
            const found = orders * pace.orderMs + lines * pace.lineMs;
            const truth = (orders * orderS + lines * lineS) * 1000;
            expect(Math.abs(found / truth - 1)).toBeLessThan(0.1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('learns how far picks stray: a steady floor promises tighter than one that does not keep time [F3] [F4]', () => {
    const work = Array.from({ length: 300 }, (_, i) => ({ orders: 1, lines: 1 + (i % 12) }));
    const steady = measured(work.map((one, i) => spellOf(60, 8, one, i % 2 === 0 ? 0.95 : 1.05)));
    const erratic = measured(work.map((one, i) => spellOf(60, 8, one, i % 2 === 0 ? 0.5 : 1.8)));
    expect(paceOf(steady).p90Factor).toBeLessThan(1.25);
    expect(paceOf(erratic).p90Factor).toBeGreaterThan(1.8);
  });

  it('forgets: a floor that became slower is believed within a shift [F3]', () => {
    const work = Array.from({ length: 200 }, (_, i) => ({ orders: 1, lines: 1 + (i % 12) }));
    const before = measured(work.map((one) => spellOf(40, 5, one)));
    const startMs = before.atMs + 14 * 60 * MINUTE_MS;
    const after = work.reduce(
      (pace, one, i) => withSpell(pace, spellOf(80, 12, one), startMs + i * 2 * MINUTE_MS),
      before,
    );
    expect(usualMs(before)).toBeLessThan(77_000);
    expect(usualMs(after)).toBeGreaterThan(120_000);
  });

  it('is moved little by one spell, however long it took, and not at all by what was no picking [F3]', () => {
    const work = Array.from({ length: 100 }, (_, i) => ({ orders: 1, lines: 1 + (i % 12) }));
    const known = measured(work.map((one) => spellOf(60, 8, one)));
    const one = { orders: 1, lines: 6 };
    expect(withSpell(known, spellOf(60, 8, one, 7), known.atMs)).not.toBe(known);
    expect(usualMs(withSpell(known, spellOf(60, 8, one, 7), known.atMs)) / usualMs(known)).toBeLessThan(1.05);
    for (const tookMs of [-1, 0, 500, 60 * MINUTE_MS, Number.NaN]) {
      expect(withSpell(known, { ...one, tookMs }, known.atMs)).toBe(known);
    }
  });

  it('stays within what a floor can do, whatever it is told [F3]', () => {
    const anySpell = fc.record({
      orders: fc.integer({ min: 1, max: 50 }),
      lines: fc.integer({ min: 1, max: 500 }),
      tookMs: fc.integer({ min: -1000, max: 10_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(anySpell, fc.integer({ min: -1, max: 10_000_000 })), { maxLength: 60 }), (told) => {
        let pace = NOTHING_MEASURED;
        for (const [spell, atMs] of told) {
          pace = withSpell(pace, spell, atMs);
          const { orderMs, lineMs, p90Factor } = paceOf(pace);
          expect(orderMs).toBeGreaterThanOrEqual(10_000);
          expect(orderMs).toBeLessThanOrEqual(600_000);
          expect(lineMs).toBeGreaterThanOrEqual(1_000);
          expect(lineMs).toBeLessThanOrEqual(60_000);
          expect(p90Factor).toBeGreaterThan(1);
          expect(p90Factor).toBeLessThan(4.1);
        }
      }),
    );
  });
});
