import { describe, expect, it } from 'vitest';
import { asSku } from '../../../domain/shared/ids.ts';
import { execute, operation } from '../../../test/support/goods-commands.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';
import { listMovements } from '../goods/goods-questions.ts';

const TEA = asSku('TEA');

describe('the history of a SKU', () => {
  it('is told page by page, newest first, with who, why and the balance after [I6] [I7]', () => {
    const world = openStoreWorld({ TEA: 9, MILK: 1 });
    for (const quantity of [1, 2, 3])
      execute(world, { do: 'BlockStock', sku: TEA, quantity, reason: 'DAMAGED' }, quantity);
    const { actor } = operation();
    const first = listMovements(world.books, { ask: 'ListMovements', actor, sku: TEA, limit: 3 });
    expect(first.movements).toMatchObject([
      { sequence: 4, kind: 'blocked', quantity: 3, reason: 'DAMAGED', atMs: 3, after: { available: 3, blocked: 6 } },
      { sequence: 3, kind: 'blocked', quantity: 2, actor: { kind: 'operator' } },
      { sequence: 2, kind: 'blocked', quantity: 1 },
    ]);
    const before = first.nextBefore ?? 0;
    const rest = listMovements(world.books, { ask: 'ListMovements', actor, sku: TEA, limit: 3, before });
    expect(rest).toMatchObject({ movements: [{ sequence: 1, kind: 'received', quantity: 9 }], nextBefore: null });
  });

  it('of a SKU that nothing moved is empty', () => {
    const world = openStoreWorld({ TEA: 0, MILK: 1 });
    const question = { ask: 'ListMovements', actor: operation().actor, sku: TEA, limit: 3 } as const;
    expect(listMovements(world.books, question)).toEqual({ movements: [], nextBefore: null });
  });

  it('looks at a bounded part of a long ledger at a time, and says where to go on', () => {
    const world = openStoreWorld({ TEA: 9, MILK: 1 });
    world.sql.run(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000)
      INSERT INTO movements (position, cause, sku, sequence, kind, quantity, after)
      SELECT 100 + i, 1, 'MILK', 1 + i, 'promoted', 1, '[]' FROM n`);
    const pages = [];
    let before: number | null = Number.MAX_SAFE_INTEGER;
    while (before !== null) {
      const page = listMovements(world.books, {
        ask: 'ListMovements',
        actor: operation().actor,
        sku: TEA,
        limit: 5,
        before,
      });
      pages.push(page.movements.map(({ sequence }) => sequence));
      before = page.nextBefore;
    }
    expect(pages).toEqual([[], [], [1]]);
  });
});
