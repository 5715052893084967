import { expect, test } from 'vitest';
import { OrderLife } from '../../test/support/order-life.ts';
import { replay } from './evolve.ts';

/** What a watcher is told, in order. */
function toldOf({ order }: OrderLife): string[] {
  return order.news.map((news) => {
    if (news.kind === 'status') return news.step.status;
    return news.kind === 'money' ? `${news.money.status} ${news.money.totalMinor}` : 'SUBSTITUTION';
  });
}

function deliveredLess(life: OrderLife): OrderLife {
  life.assign();
  life.tell({ do: 'report_pick', step: 'claimed' });
  const picked = life.order.terms.candidates[0].lines.slice(0, 1).map(({ sku, quantity }) => ({ sku, quantity }));
  life.tell({ do: 'report_pick', step: 'packed', picked });
  return life.answer({ kind: 'approved', providerRef: 'psp_1', amountMinor: 3500, onDelivery: false });
}

test('the money is news whenever it changes what the customer owes, has paid or got back [T2]', () => {
  const life = deliveredLess(new OrderLife({ tellsMoney: true }));
  expect(toldOf(life)).toEqual([
    'PENDING',
    'AUTHORIZED 6000',
    'CONFIRMED',
    'ASSIGNED_TO_STORE',
    'PICKING',
    'PACKED',
    'AUTHORIZED 3500',
    'CAPTURED 3500',
  ]);
});

test('orders from before the money was told of keep the numbers of their news', () => {
  const life = deliveredLess(new OrderLife());
  expect(toldOf(life)).toEqual(['PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', 'PICKING', 'PACKED']);
  expect(replay(life.log)).toEqual(life.order);
});
