import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../../test/support/node-sql.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { KIT_MIGRATIONS } from '../../kit/kit-migrations.ts';
import { migrate } from '../../kit/migrate.ts';
import { STORE_MIGRATIONS } from '../store-migrations.ts';

function storeSql(): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS);
  return sql;
}
const LOT = 'INSERT INTO lots (sku, lot_id, best_before_ms, sell_by_ms, status, received, on_shelf, blocked)';
const CARD =
  'INSERT INTO item_cards (sku, name, bin, temperature_zone, fragile, grams_per_unit, category_path, price_minor)';

describe('003_lots', () => {
  it.each([
    ['a lot with more blocked than there is', `${LOT} VALUES ('TEA', 'L', 9, 8, 'OPEN', 5, 2, 3)`],
    ['a lot with fewer than none', `${LOT} VALUES ('TEA', 'L', 9, 8, 'OPEN', 5, -1, 0)`],
    ['a lot that expired without a date', `${LOT} VALUES ('TEA', 'L', NULL, NULL, 'EXPIRED', 5, 2, 0)`],
    ['a lot with half a date', `${LOT} VALUES ('TEA', 'L', 9, NULL, 'OPEN', 5, 2, 0)`],
    ['a status that there is not', `${LOT} VALUES ('TEA', 'L', 9, 8, 'LOST', 5, 2, 0)`],
    ['an order that got nothing of a lot', "INSERT INTO order_lots VALUES ('TEA', 'L', 'o', 0)"],
    ['a bin of no known cold', "INSERT INTO bins VALUES ('A01-1-1', 'hot')"],
    ['less life than none', "INSERT INTO sell_by_margins VALUES ('TEA', -1)"],
    ['a card of something weightless', `${CARD} VALUES ('TEA', 'Tea', 'A-1', 'ambient', 0, 0, '[]', 1)`],
    ['a card of no known cold', `${CARD} VALUES ('TEA', 'Tea', 'A-1', 'hot', 0, 1, '[]', 1)`],
    ['a card whose category is no list', `${CARD} VALUES ('TEA', 'Tea', 'A-1', 'ambient', 0, 1, 'Tea', 1)`],
    ['a card with a price below nothing', `${CARD} VALUES ('TEA', 'Tea', 'A-1', 'ambient', 0, 1, '[]', -1)`],
  ])('does not store %s', (_what, statement) => {
    expect(() => {
      storeSql().run(statement);
    }).toThrow(/constraint failed|malformed JSON/);
  });

  it('finds the lots to be closed, and who got a lot, by an index', () => {
    const sql = storeSql();
    function plan(query: string): string {
      return sql
        .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
        .map(({ detail }) => detail)
        .join('; ');
    }
    const sellBy =
      "SELECT sku FROM lots WHERE status = 'OPEN' AND on_shelf > 0 AND sell_by_ms <= 9 ORDER BY sell_by_ms, sku";
    expect(plan(sellBy)).toMatch(/^SEARCH lots USING INDEX lots_by_sell_by/);
    const orders =
      "SELECT order_id FROM order_lots WHERE sku = 'TEA' AND lot_id = 'L' AND order_id > '' ORDER BY order_id";
    expect(plan(orders)).toMatch(/^SEARCH order_lots USING PRIMARY KEY/);
  });
});
