import { describe, expect, it } from 'vitest';
import { judge } from './bench.ts';
import { countRiskBench, countRiskFigures } from './count-risk.ts';

describe('a store that loses units', () => {
  it.each([1, 2, 3])(
    'finds and serves more when it counts by risk than in turn, for less work, seed %i [R2]',
    (seed) => {
      const figures = countRiskFigures(seed);
      expect(judge(countRiskBench.goals ?? [], figures).filter(({ ok }) => !ok)).toEqual([]);
      expect(figures['none_found_percent']).toBeLessThan(92);
      expect(figures['risk_found_percent']).toBeGreaterThan(99);
    },
  );

  it('is the same store for the same seed', () => {
    expect(countRiskFigures(7)).toEqual(countRiskFigures(7));
  });
});
