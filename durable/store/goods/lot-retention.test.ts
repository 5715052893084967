import { describe, expect, it } from 'vitest';
import { asLotId, asSku } from '../../../domain/shared/ids.ts';
import { DAY_MS, execute, goods, receive } from '../../../test/support/goods-commands.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';
import { sweepLedger } from '../ledger/auditor.ts';
import { LOT_KEPT_MS, pruneLots } from './lot-retention.ts';

const MILK = asSku('MILK');
/** Of lots that are best until day 5. */
const GONE_MS = 5 * DAY_MS + LOT_KEPT_MS + 1;

/** Sold out: OLD, RECALLED and UNDATED, and one that is younger; one has units left. 1,200 orders got OLD, one the recalled one. */
function longAgo() {
  const world = openStoreWorld({ MILK: 0 });
  const lots = [goods('MILK', 1, 'OLD', 5), goods('MILK', 1, 'RECALLED', 5), goods('MILK', 1, 'YOUNG', 6)];
  receive(world, [...lots, goods('MILK', 1, 'UNDATED'), goods('MILK', 1, 'LEFT', 5)]);
  execute(world, { do: 'RecallLot', sku: MILK, lotId: asLotId('RECALLED'), reason: 'QUALITY' });
  for (const lot of ['OLD', 'YOUNG', 'UNDATED', 'RECALLED']) {
    const from = lot === 'RECALLED' ? 'blocked' : 'available';
    const off = { do: 'WriteOffStock', sku: MILK, quantity: 1, reason: 'EXPIRY', from, lotId: asLotId(lot) } as const;
    expect(execute(world, off)).toMatchObject({ ok: true });
  }
  world.sql.run(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
    INSERT INTO order_lots SELECT 'MILK', 'OLD', printf('ord_%026d', i), 1 FROM n
    UNION ALL SELECT 'MILK', 'RECALLED', printf('ord_%026d', 1), 1 UNION ALL SELECT 'MILK', 'YOUNG', printf('ord_%026d', 1), 1`);
  return {
    ...world,
    kept: () => world.sql.all<{ lot_id: string }>('SELECT lot_id FROM lots ORDER BY lot_id').map((row) => row.lot_id),
    orders: () => world.sql.all('SELECT lot_id, count(*) AS orders FROM order_lots GROUP BY lot_id'),
  };
}

describe('lots that nobody can have at home any more', () => {
  it('are forgotten by the sweep, some orders at a time, the lot last; what is young, left, recalled or undated stays', () => {
    const store = longAgo();
    sweepLedger(store.books, GONE_MS - 1);
    expect(store.kept()).toEqual(['LEFT', 'OLD', 'RECALLED', 'UNDATED', 'YOUNG']);
    sweepLedger(store.books, GONE_MS);
    expect(store.orders()).toEqual([
      { lot_id: 'OLD', orders: 200 },
      { lot_id: 'RECALLED', orders: 1 },
      { lot_id: 'YOUNG', orders: 1 },
    ]);
    expect(store.kept()).toContain('OLD');
    sweepLedger(store.books, GONE_MS);
    expect(store.kept()).toEqual(['LEFT', 'RECALLED', 'UNDATED', 'YOUNG']);
    expect(store.orders()).toEqual([
      { lot_id: 'RECALLED', orders: 1 },
      { lot_id: 'YOUNG', orders: 1 },
    ]);
  });

  it('are found by an index, and their orders by the lot', () => {
    const { sql } = longAgo();
    const plans: string[] = [];
    pruneLots(
      {
        ...sql,
        run: (query, ...bindings) => {
          plans.push(
            ...sql.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`, ...bindings).map((row) => row.detail),
          );
        },
      },
      GONE_MS,
    );
    expect(plans.filter((step) => /^SCAN (lots|order_lots)/.test(step))).toEqual([]);
    expect(plans.filter((step) => step.includes('lots_sold_out'))).toHaveLength(2);
  });
});
