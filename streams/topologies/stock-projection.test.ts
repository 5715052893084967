import { expect, test } from 'vitest';
import { fold } from '../../test/support/fold.ts';
import { idOf, stockLife, stockMoved } from '../../test/support/stream-events.ts';
import { stockProjection } from './stock-projection.ts';

test('the level is the one after the last movement, and every movement is kept [I7 E4]', () => {
  const { state, outputs } = fold(stockProjection, stockLife(1, 'MILK-1L'));
  expect(state).toMatchObject({
    storeId: idOf('sto', 1),
    sku: 'MILK-1L',
    received: 10,
    available: 7,
    sold: 3,
    held: 0,
    version: 5,
  });
  expect(
    outputs?.map(({ sequence, type, quantity, availableAfter }) => [sequence, type, quantity, availableAfter]),
  ).toEqual([
    [1, 'stock.received', 10, 10],
    [2, 'stock.held', 3, 7],
    [3, 'stock.allocated', 3, 7],
    [4, 'stock.picked', 3, 7],
    [5, 'stock.sold', 3, 7],
  ]);
});

test('a movement after which units are missing, or too many, is refused [E3 I7]', () => {
  for (const available of [9, 11]) {
    const moved = stockMoved(1, 'MILK-1L', 1, {
      type: 'stock.received',
      quantity: 10,
      after: { received: 10, available },
    });
    expect(fold(stockProjection, [moved]).refusal).toMatchObject({ code: 'NOT_CONSERVED' });
  }
});

test('a count that takes units away leaves the ledger whole', () => {
  const counted = stockMoved(1, 'MILK-1L', 1, {
    type: 'stock.adjusted',
    quantity: -2,
    after: { received: 10, adjusted: -2, available: 8 },
  });
  expect(fold(stockProjection, [counted])).toMatchObject({
    state: { adjusted: -2, available: 8 },
    outputs: [{ quantity: -2 }],
  });
});
