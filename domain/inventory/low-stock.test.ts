import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOW_STOCK_POLICY, NO_DEMAND, runOutHours, stockNews, stockState, withDemand } from './low-stock.ts';
import type { StockState } from './low-stock.ts';

const HOUR_MS = 60 * 60 * 1000;
const POLICY = { lowAtUnits: 4, runOutHours: 3 };

/** The states that a shelf goes through, from `OK`, and the news of them. */
function walk(sellable: readonly number[], hours: number | null = null): (string | null)[] {
  let state: StockState = 'OK';
  return sellable.map((sellableUnits) => {
    const after = stockState(state, { sellableUnits, projectedHours: hours }, POLICY);
    const news = stockNews(state, after);
    state = after;
    return news;
  });
}

describe('demand', () => {
  it('comes to the rate of a steady flow', () => {
    let demand = NO_DEMAND;
    for (let minute = 0; minute < 60 * 48; minute += 10) demand = withDemand(demand, 1, minute * 60_000);
    expect(demand.unitsPerHour).toBeGreaterThan(5.9);
    expect(demand.unitsPerHour).toBeLessThan(6.2);
  });

  it('is half of itself after two quiet hours', () => {
    const busy = withDemand(NO_DEMAND, 100, 0);
    expect(withDemand(busy, 0, 2 * HOUR_MS).unitsPerHour).toBeCloseTo(busy.unitsPerHour / 2);
  });

  it('does not depend on how its units came in pieces, nor on a clock that goes back', () => {
    const whole = withDemand(withDemand(NO_DEMAND, 5, HOUR_MS), 3, HOUR_MS);
    expect(whole).toEqual(withDemand(NO_DEMAND, 8, HOUR_MS));
    expect(withDemand(whole, 1, 0).atMs).toBe(HOUR_MS);
  });

  it('projects when a shelf runs out', () => {
    const demand = { unitsPerHour: 4, atMs: 0 };
    expect(runOutHours(10, demand, 0)).toBe(2.5);
    expect(runOutHours(-1, demand, 0)).toBe(0);
    expect(runOutHours(10, NO_DEMAND, 0)).toBeNull();
    expect(runOutHours(10, demand, 24 * 365 * HOUR_MS)).toBeNull();
  });
});

describe('the state of a SKU', () => {
  it('is told once when it runs low, out and has recovered [I8]', () => {
    expect(walk([10, 4, 3, 1, 0, 0, 2, 30])).toEqual([
      null,
      'stock.low',
      null,
      null,
      'stock.out',
      null,
      null,
      'stock.recovered',
    ]);
  });

  it('does not flap around the mark, nor around nothing [I8]', () => {
    expect(walk([4, 5, 4, 6, 4, 5]).filter((news) => news !== null)).toEqual(['stock.low']);
    expect(walk([0, 1, 0, 2, 0, 1]).filter((news) => news !== null)).toEqual(['stock.out']);
  });

  it('is low when it will run out before a van can come, however much there is', () => {
    expect(walk([50], 2.9)).toEqual(['stock.low']);
    expect(walk([50], 3.1)).toEqual([null]);
    expect(stockState('LOW', { sellableUnits: 50, projectedHours: 4 }, POLICY)).toBe('LOW');
    expect(stockState('LOW', { sellableUnits: 50, projectedHours: 4.6 }, POLICY)).toBe('OK');
  });

  it('with a threshold of 0 is low only when it runs out, and recovers with the first units', () => {
    const policy = { ...LOW_STOCK_POLICY, lowAtUnits: 0 };
    expect(stockState('OK', { sellableUnits: 1, projectedHours: null }, policy)).toBe('OK');
    expect(stockState('OUT', { sellableUnits: 1, projectedHours: null }, policy)).toBe('OK');
  });

  it('has news only when it changes, and is out exactly when nothing can be sold', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 20 }), { maxLength: 30 }), (sellable) => {
        let state: StockState = 'OK';
        for (const sellableUnits of sellable) {
          const after = stockState(state, { sellableUnits, projectedHours: null }, POLICY);
          expect(stockNews(state, after) === null).toBe(after === state);
          expect(after === 'OUT' || sellableUnits > 0).toBe(true);
          expect(after === 'OK' || sellableUnits <= 6).toBe(true);
          state = after;
        }
      }),
    );
  });
});
