import { describe, expect, it } from 'vitest';
import { inventory } from './pick-path-baskets.ts';
import { pickPathFigures } from './pick-path.ts';

describe('the floor of a real inventory, drawn baskets', () => {
  it('has its 3,732 SKUs in the bins that the import gives them', () => {
    expect(inventory()).toHaveLength(3_732);
    expect(new Set(inventory().map(({ bin }) => bin.slice(0, 3))).size).toBe(14);
  });

  it.each([1, 2, 3])('planned walks are shorter than lists, waves than walks, seed %i [F8] [F9]', (seed) => {
    const figures = pickPathFigures(seed, 200);
    function metres(name: string): number {
      return Number(figures[`${name}_m_per_order`]);
    }
    expect(metres('planned')).toBeLessThan(0.95 * metres('by_group_and_sku'));
    expect(metres('planned')).toBeLessThan(0.9 * metres('as_ordered'));
    expect(metres('planned_without_groups')).toBeLessThan(metres('by_bin'));
    expect(metres('waves')).toBeLessThan(0.6 * metres('planned'));
    expect(metres('slotting_after')).toBeLessThan(0.9 * metres('slotting_before'));
  });
});
