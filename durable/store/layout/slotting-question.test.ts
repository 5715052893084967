import { describe, expect, it } from 'vitest';
import { DAY_MS, execute, orderNo } from '../../../test/support/goods-commands.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import { DEFAULT_MEASURES } from '../../../domain/picking/layout.ts';
import { asOpId, asSku, asStoreId, asUserId } from '../../../domain/shared/ids.ts';
import { takeOverCatalog } from '../goods/operator-commands.ts';
import { answerQuestion } from '../question-table.ts';

const NOW_MS = 100 * DAY_MS;
const OPERATOR = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) } as const;
const LAYOUT = { ...DEFAULT_MEASURES, aisles: ['A01'], racks: 10 };

/** SOAP next to packing, MILK at the far end, LOST nowhere. */
function openShelves(): StoreWorld {
  const world = openStoreWorld({});
  const cards = [
    ['SOAP', 'A01-1-1'],
    ['MILK', 'A01-10-1'],
    ['LOST', ''],
  ].map(([sku = '', bin = '']) => ({ sku: asSku(sku), name: sku, bin, barcodes: [] }));
  const publish = { v: RPC_VERSION, actor: OPERATOR, opId: asOpId('publishes'), storeName: 'Indiranagar' };
  takeOverCatalog(world.books, { ...publish, catalogVersion: 2, cards });
  return world;
}

let orders = 0;
/** An order that left the store at this moment with these SKUs, three units of each picked. */
function handedOver({ sql }: StoreWorld, atMs: number, skus: readonly string[], picked = 3): void {
  orders += 1;
  const orderId = orderNo(orders);
  sql.run(
    `INSERT INTO pick_tasks (order_id, order_number, hold_id, status, promised_at_ms, picker_id, bags, assigned_at_ms,
      estimated_ready_at_ms, changed_at_ms, changed_by) VALUES (?1, 'K', ?1, 'HANDED_OVER', 0, 'u', 1, 0, 0, ?2, 'u')`,
    orderId,
    atMs,
  );
  for (const sku of skus) {
    sql.run('INSERT INTO pick_lines (order_id, sku, quantity, picked) VALUES (?, ?, 3, ?)', orderId, sku, picked);
  }
}
function ask({ books }: StoreWorld, days = 14) {
  const reply = answerQuestion(books, { ask: 'AskSlotting', actor: OPERATOR, days }, NOW_MS);
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.value;
}

describe('the slotting report of a store [F9]', () => {
  it('says that it has no layout, or no orders yet, and proposes nothing', () => {
    const world = openShelves();
    handedOver(world, NOW_MS - DAY_MS, ['MILK']);
    const nothing = { swaps: [], savedMPerDay: 0 };
    expect(ask(world)).toEqual({
      ...nothing,
      basis: 'NO_LAYOUT',
      layoutVersion: null,
      days: 1,
      orders: 1,
      picks: 1,
      unplacedSkus: 0,
    });
    world.sql.run('DELETE FROM pick_tasks');
    execute(world, { do: 'SetLayout', layout: LAYOUT });
    expect(ask(world)).toEqual({
      ...nothing,
      basis: 'NO_HISTORY',
      layoutVersion: 1,
      days: 0,
      orders: 0,
      picks: 0,
      unplacedSkus: 1,
    });
  });

  it('counts a line once whatever its units, of orders that left within the days, and over the days that there are', () => {
    const world = openShelves();
    execute(world, { do: 'SetLayout', layout: LAYOUT });
    handedOver(world, NOW_MS - 4 * DAY_MS, ['MILK', 'SOAP', 'LOST']);
    for (let i = 0; i < 7; i += 1) handedOver(world, NOW_MS - DAY_MS, ['MILK']);
    handedOver(world, NOW_MS - DAY_MS, ['SOAP'], 0);
    world.sql.run(
      `INSERT INTO pick_tasks (order_id, order_number, hold_id, status, promised_at_ms, assigned_at_ms,
        estimated_ready_at_ms, changed_at_ms, changed_by) VALUES ('o', 'K', 'h', 'CANCELLED', 0, 0, 0, ?, 'u')`,
      NOW_MS,
    );
    world.sql.run("INSERT INTO pick_lines (order_id, sku, quantity, picked) VALUES ('o', 'SOAP', 9, 9)");
    // Eight picks of MILK and one of SOAP in four days, nine racks nearer, there and back.
    const savedMPerDay = (7 * 18) / 4;
    expect(ask(world)).toEqual({
      basis: 'HANDED_OVER',
      layoutVersion: 1,
      days: 4,
      orders: 9,
      picks: 10,
      unplacedSkus: 1,
      swaps: [
        {
          fast: { sku: 'MILK', fromBin: 'A01-10-1', toBin: 'A01-1-1', fromM: 21, toM: 3, picksPerDay: 2 },
          slow: { sku: 'SOAP', fromBin: 'A01-1-1', toBin: 'A01-10-1', fromM: 3, toM: 21, picksPerDay: 0.25 },
          savedMPerDay,
        },
      ],
      savedMPerDay,
    });
    expect(ask(world, 2)).toMatchObject({ days: 1, orders: 8, picks: 7 });
  });

  it('is for the staff of the store and for operators, and looks back at most 30 days', () => {
    const { books } = openShelves();
    const elsewhere = { kind: 'staff', userId: OPERATOR.userId, storeId: asStoreId(`sto_${'1'.repeat(26)}`) } as const;
    const refused = answerQuestion(books, { ask: 'AskSlotting', actor: elsewhere, days: 14 }, NOW_MS);
    expect(refused).toMatchObject({ error: { code: 'FORBIDDEN' } });
    for (const days of [0, 31, 1.5]) {
      const bad = answerQuestion(books, { ask: 'AskSlotting', actor: OPERATOR, days }, NOW_MS);
      expect(bad).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    }
  });
});
