import { describe, expect, it } from 'vitest';
import { EGGS, GOLD, item, must, restocking, TEA } from '../../test/support/pick-tasks.ts';
import { restockItem, writeOffRestock } from './restock.ts';

// Two EGGS are in the tote of a cancelled order.
describe('bringing back', () => {
  it('puts each scanned unit on sale again, and is over with the last', () => {
    const first = must(restockItem(restocking, item(EGGS)));
    expect(first).toMatchObject({
      task: { status: 'RESTOCK' },
      line: { sku: EGGS, picked: 2, restocked: 1 },
      movements: [{ kind: 'restocked', sku: EGGS, quantity: 1 }],
    });
    expect(must(restockItem(first.task, item(EGGS))).task.status).toBe('CANCELLED');
  });

  it.each([
    ['more than is in the tote', item(EGGS, 3), { code: 'OVER_QUANTITY', sku: EGGS, quantity: 3, left: 2 }],
    ['what was never picked', item(TEA), { code: 'OVER_QUANTITY', sku: TEA, quantity: 1, left: 0 }],
    ['what the order never wanted', item(GOLD), { code: 'WRONG_ITEM', skus: [GOLD] }],
    ['an unknown code', { ...item(EGGS), items: [] }, { code: 'UNKNOWN_BARCODE' }],
  ])('of %s is refused', (_what, scan, error) => {
    expect(restockItem(restocking, scan)).toEqual({ ok: false, error });
  });

  it.each([
    ['DAMAGED', 'written_off'],
    ['NOT_FOUND', 'blocked'],
  ] as const)('a unit that is %s is %s in the same breath', (reason, kind) => {
    expect(must(writeOffRestock(restocking, { sku: EGGS, quantity: 2, reason }))).toMatchObject({
      task: { status: 'CANCELLED' },
      movements: [
        { kind: 'restocked', sku: EGGS, quantity: 2 },
        { kind, sku: EGGS, quantity: 2 },
      ],
    });
    expect(writeOffRestock(restocking, { sku: GOLD, quantity: 1, reason })).toMatchObject({
      error: { code: 'WRONG_ITEM' },
    });
  });
});
