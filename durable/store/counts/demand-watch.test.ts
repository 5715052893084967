import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import { asOpId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import { booksOver, eventsIn, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { listLowStock } from './count-questions.ts';
import { setThreshold } from './stock-threshold.ts';

const TEA = asSku('TEA');
const HOUR_MS = 60 * 60 * 1000;
const OPERATOR = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) } as const;

let ops = 0;
/** One operation's movements of tea. */
function move(
  { books }: Pick<StoreWorld, 'books'>,
  nowMs: number,
  ...steps: readonly (readonly [MovementKind, number])[]
): void {
  ops += 1;
  const opId = asOpId(`op-${String(ops).padStart(8, '0')}`);
  const entries = steps.map(([kind, quantity]) => ({ kind, sku: TEA, quantity, opId }));
  books.stock.postTo(entries, { actor: OPERATOR, atMs: nowMs });
}
function sell(world: Pick<StoreWorld, 'books'>, nowMs: number, quantity: number): void {
  move(world, nowMs, ['held', quantity], ['allocated', quantity]);
}
function setTea({ books }: StoreWorld, lowAtUnits: number | null, safetyUnits: number) {
  ops += 1;
  const command = { v: RPC_VERSION, actor: OPERATOR, opId: asOpId(`op-${String(ops).padStart(8, '0')}`) };
  return setThreshold(books, { ...command, do: 'SetStockThreshold', sku: TEA, lowAtUnits, safetyUnits }, 0);
}
/** What the log was told of tea, in order. */
function news(world: StoreWorld): string[] {
  return (['stock.low', 'stock.out', 'stock.recovered'] as const).flatMap((type) => {
    return eventsIn(world, STORE_EVENTS, type).map(() => type);
  });
}

describe('stock that runs low', () => {
  it('is told once, when an allocation passes the threshold, and once when goods come [I8]', () => {
    const world = openStoreWorld({ TEA: 10 });
    const week = 7 * 24 * HOUR_MS;
    sell(world, week, 3);
    sell(world, 2 * week, 2);
    expect(news(world)).toEqual([]);
    sell(world, 2.5 * week, 1);
    expect(eventsIn(world, STORE_EVENTS, 'stock.low')).toMatchObject([{ sku: 'TEA', sellable: 4, lowAtUnits: 4 }]);
    sell(world, 3 * week, 1);
    sell(world, 4 * week, 3);
    expect(news(world)).toEqual(['stock.low', 'stock.out']);
    move(world, 5 * week, ['received', 2]);
    expect(news(world)).toEqual(['stock.low', 'stock.out']);
    move(world, 5 * week, ['received', 20]);
    expect(news(world)).toEqual(['stock.low', 'stock.out', 'stock.recovered']);
  });

  it('is told ahead of the threshold when it goes fast [I8]', () => {
    const world = openStoreWorld({ TEA: 100 });
    for (let order = 0; order < 8; order += 1) sell(world, order * 60_000, 8);
    const [event] = eventsIn(world, STORE_EVENTS, 'stock.low');
    expect(event).toMatchObject({ sku: 'TEA', lowAtUnits: 4 });
    const { items } = listLowStock(world.books, 8 * 60_000);
    expect(items).toMatchObject([{ sku: 'TEA', state: 'LOW', available: 36, own: false, lowAtUnits: 4 }]);
    expect(items[0]?.runOutHours).toBeLessThan(3);
    expect(items[0]?.unitsPerHour).toBeGreaterThan(20);
  });

  it('is not out while the rest of it is in carts: they may come back, and nobody would tell of it [I8]', () => {
    const world = openStoreWorld({ TEA: 20 });
    move(world, 1, ['held', 20]);
    move(world, 2, ['allocated', 1]);
    expect(news(world)).toEqual([]);
    move(world, 3, ['expired', 19]);
    expect(listLowStock(world.books, 3).items).toEqual([]);
    move(world, 4, ['held', 19], ['allocated', 19]);
    expect(news(world)).toContain('stock.out');
  });

  it('leaves a hold alone: it costs no statement and is no demand', () => {
    const world = openStoreWorld({ TEA: 5 });
    const statements = countStatements(world);
    move(statements.world, 1, ['held', 5]);
    expect(statements.naming('stock_watch')).toBe(0);
    expect(news(world)).toEqual([]);
    move(statements.world, 2, ['released', 5]);
    expect(statements.naming('stock_watch')).toBe(0);
    sell(statements.world, 3, 5);
    expect(statements.naming('stock_watch')).toBe(2);
    expect(news(world)).toEqual(['stock.out']);
  });

  it('counts what can be sold: safety stock is not [I8]', () => {
    const world = openStoreWorld({ TEA: 10 });
    expect(setTea(world, 6, 4)).toEqual({
      ok: true,
      value: { sku: 'TEA', lowAtUnits: 6, own: true, safetyUnits: 4 },
    });
    expect(eventsIn(world, STORE_EVENTS, 'stock.low')).toMatchObject([{ sellable: 6, lowAtUnits: 6 }]);
    sell(world, 1, 6);
    expect(news(world)).toEqual(['stock.low', 'stock.out']);
    expect(setTea(world, null, 0)).toMatchObject({ value: { lowAtUnits: 4, own: false, safetyUnits: 0 } });
  });

  it('lists what is out before what is low, and what runs out sooner first', () => {
    const world = openStoreWorld({ EGGS: 1, MILK: 3, TEA: 2 });
    const { stock } = world.books;
    const opId = asOpId('op-all-low-0');
    const sold = ['EGGS', 'MILK', 'TEA']
      .map(asSku)
      .flatMap((sku) => (['held', 'allocated'] as const).map((kind) => ({ kind, sku, quantity: 1, opId })));
    stock.postTo(sold, { actor: OPERATOR, atMs: 0 });
    expect(listLowStock(world.books, 0).items.map(({ sku, state }) => `${sku} ${state}`)).toEqual([
      'EGGS OUT',
      'TEA LOW',
      'MILK LOW',
    ]);
  });
});

/** The same books, with their statements counted. */
function countStatements({ sql, books }: StoreWorld) {
  const asked: string[] = [];
  const counted: SqlPort = {
    all: (query, ...bindings) => {
      asked.push(query);
      return sql.all(query, ...bindings);
    },
    run: (query, ...bindings) => {
      asked.push(query);
      sql.run(query, ...bindings);
    },
    transaction: (body) => sql.transaction(body),
  };
  const world = { sql: counted, books: booksOver(counted, books.storeId) };
  return { world, naming: (table: string) => asked.filter((query) => query.includes(table)).length };
}
