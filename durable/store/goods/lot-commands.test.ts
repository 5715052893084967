import { describe, expect, it } from 'vitest';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { asLotId, asSku } from '../../../domain/shared/ids.ts';
import {
  DAY_MS,
  execute,
  goods,
  levelIn,
  lotDeadline,
  lotsOf,
  moveFor,
  operation,
  orderNo,
  receive,
} from '../../../test/support/goods-commands.ts';
import { eventsIn, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { traceLot } from './goods-questions.ts';

const MILK = asSku('MILK');
const LOT = asLotId('L-1');
const RECALL = { do: 'RecallLot', sku: MILK, lotId: LOT, reason: 'CONTAMINATION' } as const;

/** Holds, allocates and picks units for an order, past the rules of baskets. */
function deliver(world: StoreWorld, order: number, quantity: number): void {
  const { opId, actor } = operation();
  const units = { sku: MILK, quantity, opId };
  world.books.stock.postTo(
    [
      { ...units, kind: 'held' },
      { ...units, kind: 'allocated' },
    ],
    { actor, atMs: 0 },
  );
  moveFor(world, 'picked', { sku: 'MILK', quantity, orderId: orderNo(order) });
}

describe('RecallLot', () => {
  it('answers who got the lot and blocks what is on the shelf, in one call, and again changes nothing [I7]', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 6, 'L-1', 5), goods('MILK', 4, 'L-2', 9)]);
    deliver(world, 1, 2);
    deliver(world, 2, 3);
    const first = execute(world, RECALL, 1);
    expect(first).toMatchObject({
      ok: true,
      value: {
        lot: { lotId: 'L-1', status: 'RECALLED', received: 6, onShelf: 1, blocked: 1 },
        bins: ['A01-1-1'],
        orders: [
          { orderId: orderNo(1), quantity: 2 },
          { orderId: orderNo(2), quantity: 3 },
        ],
        orderCount: 2,
        orderUnits: 5,
        nextAfter: null,
      },
    });
    expect(execute(world, { ...RECALL, reason: 'QUALITY' }, 2)).toEqual(first);
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 4, blocked: 1 });
    expect(eventsIn(world, STORE_EVENTS, 'lot.recalled')).toEqual([
      { sku: 'MILK', lotId: 'L-1', reason: 'CONTAMINATION', shelfUnits: 1, orders: 2, orderUnits: 5 },
    ]);
  });

  it('holds for a lot that comes later: it is blocked on its way in', () => {
    const world = openStoreWorld({ MILK: 0 });
    execute(world, RECALL);
    receive(world, [goods('MILK', 6, 'L-1', 5), goods('MILK', 1, 'L-2', 5)]);
    expect(levelIn(world, 'MILK')).toMatchObject({ received: 7, available: 1, blocked: 6 });
    expect(lotsOf(world, 'MILK')).toEqual({ 'L-1': 'RECALLED 6/6', 'L-2': 'OPEN 1/0' });
  });

  it('holds for what an order gives back', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 6, 'L-1', 5)]);
    deliver(world, 1, 4);
    execute(world, RECALL);
    moveFor(world, 'restocked', { sku: 'MILK', quantity: 4, orderId: orderNo(1) });
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 0, blocked: 6, picked: 0 });
    expect(traceLot(world.books, { ask: 'TraceLot', actor: operation().actor, sku: MILK, lotId: LOT })).toMatchObject({
      orders: [],
      lot: { onShelf: 6 },
    });
  });

  it('is final: the lot cannot be unblocked, only written off', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 6, 'L-1', 5)]);
    execute(world, RECALL);
    const unblock = { do: 'UnblockStock', sku: MILK, quantity: 1, reason: 'CHECKED' } as const;
    expect(execute(world, { ...unblock, lotId: LOT })).toMatchObject({ error: { code: 'LOT_CLOSED' } });
    expect(execute(world, unblock)).toMatchObject({ error: { code: 'INSUFFICIENT_STOCK' } });
    const off = { do: 'WriteOffStock', sku: MILK, quantity: 6, reason: 'EXPIRY', from: 'blocked', lotId: LOT } as const;
    expect(execute(world, off)).toMatchObject({ ok: true, value: { blocked: 0 } });
    expect(lotsOf(world, 'MILK')).toEqual({ 'L-1': 'RECALLED 0/0' });
  });

  it('of a lot that 10,001 orders got names the first 10,000, and the trace goes on from there', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 5, 'L-1', 5)]);
    world.sql.run(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
      INSERT INTO order_lots SELECT 'MILK', 'L-1', printf('ord_%026d', i), 1 FROM n`);
    const recalled = execute(world, RECALL);
    if (!recalled.ok || recalled.value === null) throw new Error('not recalled');
    const trace = recalled.value as {
      orders: readonly { orderId: string }[];
      nextAfter: ReturnType<typeof orderNo> | null;
    };
    expect(trace).toMatchObject({ orderCount: 10_001, nextAfter: orderNo(10_000) });
    expect(trace.orders).toHaveLength(10_000);
    const { actor } = operation();
    const rest = traceLot(world.books, { ask: 'TraceLot', actor, sku: MILK, lotId: LOT, after: orderNo(10_000) });
    expect(rest).toMatchObject({ orders: [{ orderId: orderNo(10_001) }], nextAfter: null });
  });
});

describe('the life that a customer must still get', () => {
  it('is a day until somebody says otherwise, by SKU or for the whole store, and lots that are here follow', () => {
    const world = openStoreWorld({ MILK: 0, RICE: 0 });
    receive(world, [goods('MILK', 1, 'L-1', 10), goods('RICE', 1, 'L-1', 100)]);
    function sellBy(): number[] {
      return world.sql
        .all<{ day: number }>(`SELECT sell_by_ms / ${DAY_MS} AS day FROM lots ORDER BY sku`)
        .map(({ day }) => day);
    }
    expect(sellBy()).toEqual([9, 99]);
    const own = execute(world, { do: 'SetSellByMargin', sku: MILK, days: 3 });
    expect(own).toEqual({ ok: true, value: { sku: MILK, days: 3, movedLots: 1 } });
    const all = execute(world, { do: 'SetSellByMargin', sku: null, days: 20 });
    expect(all).toEqual({ ok: true, value: { sku: null, days: 20, movedLots: 1 } });
    expect(sellBy()).toEqual([7, 80]);
    expect(execute(world, { do: 'SetSellByMargin', sku: MILK, days: null })).toMatchObject({ value: { days: 20 } });
    expect(sellBy()).toEqual([-10, 80]);
    expect(lotDeadline(world)).toBe(1);
  });
});

describe('a note', () => {
  it('of a lot that has another date is refused, and nothing of it is received', () => {
    const world = openStoreWorld({ MILK: 0, TEA: 0 });
    receive(world, [goods('MILK', 1, 'L-1', 10)]);
    expect(receive(world, [goods('TEA', 1), goods('MILK', 1, 'L-1', 11)])).toMatchObject({
      error: { code: 'LOT_DATE_DIFFERS', numbers: { sku: 'MILK', lotId: 'L-1' } },
    });
    expect(levelIn(world, 'TEA').received).toBe(0);
  });

  it('adds to a lot that came before, and dates one that came without a date', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 1, 'L-1')]);
    receive(world, [goods('MILK', 2, 'L-1', 10), goods('MILK', 3, 'L-1')]);
    expect(world.books.lots.find(MILK, LOT)).toMatchObject({ received: 6, onShelf: 6, bestBeforeMs: 10 * DAY_MS });
  });
});
