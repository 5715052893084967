import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../test/support/node-sql.ts';
import { migrate } from '../kit/migrate.ts';
import type { SqlPort } from '../kit/sql.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';

function storeSql(): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'store', STORE_MIGRATIONS);
  return sql;
}

describe('001_init', () => {
  it.each([
    ['a level that loses a unit', 'INSERT INTO stock (sku, received, available) VALUES (?, 5, 4)'],
    ['a level that makes one up', 'INSERT INTO stock (sku, available) VALUES (?, 1)'],
    ['less than nothing to sell', 'INSERT INTO stock (sku, held, available) VALUES (?, 1, -1)'],
    ['less than nothing held', 'INSERT INTO stock (sku, held, available) VALUES (?, -1, 1)'],
    ['half a unit', 'INSERT INTO stock (sku, received, available) VALUES (?, 0.5, 0.5)'],
    ['a movement of nothing', `${movement()} VALUES (?, 1, 'held', 0, ${rest()})`],
    ['a negative movement', `${movement()} VALUES (?, 1, 'held', -1, ${rest()})`],
    ['a hold that is held for ever', `${hold()} VALUES (?, 'order', 'HELD', NULL, '[]', NULL, 0)`],
    ['a released hold that expires', `${hold()} VALUES (?, 'order', 'RELEASED', NULL, '[]', 9, 0)`],
    ['an allocation of no order', `${hold()} VALUES (?, 'order', 'COMMITTED', NULL, '[]', NULL, 0)`],
    ['a status that there is not', `${hold()} VALUES (?, 'order', 'PAUSED', NULL, '[]', NULL, 0)`],
    ['more picked than wanted', "INSERT INTO pick_lines (order_id, sku, quantity, picked) VALUES (?, 'TEA', 1, 2)"],
    ['picking by nobody', `${task()} VALUES (?, 'K-1', 'h', 'PICKING', 0, NULL, NULL, NULL, NULL, 0)`],
    ['bags before packing', `${task()} VALUES (?, 'K-1', 'h', 'PICKING', 0, 'u', 2, NULL, NULL, 0)`],
    ['a courier without a code', `${task()} VALUES (?, 'K-1', 'h', 'QUEUED', 0, NULL, NULL, 'c', NULL, 0)`],
  ])('does not store %s [I1]', (_what, statement) => {
    expect(() => {
      storeSql().run(statement, 'id');
    }).toThrow(/constraint failed|cannot store REAL/);
  });

  it.each([
    [
      'a level that is conserved',
      'INSERT INTO stock (sku, received, adjusted, available, sold) VALUES (?, 5, -1, 1, 3)',
    ],
    ['a downward adjustment', `${movement()} VALUES (?, 1, 'adjusted', -1, ${rest()})`],
    ['a hold', `${hold()} VALUES (?, 'cart', 'HELD', NULL, '[]', 9, 0)`],
    ['a packed task', `${task()} VALUES (?, 'K-1', 'h', 'PACKED', 0, 'u', 2, 'c', '1', 0)`],
  ])('stores %s', (_what, statement) => {
    expect(() => {
      storeSql().run(statement, 'id');
    }).not.toThrow();
  });
});

function movement(): string {
  return `INSERT INTO movements (sku, sequence, kind, quantity, actor_kind, actor_id, op_id, at_ms, received, adjusted,
    transferred_in, available, blocked, held, allocated, picked, sold, written_off, transferred_out)`;
}
function rest(): string {
  return `'staff', 'a', 'op', 0, ${Array.from({ length: 11 }, () => 0).join(', ')}`;
}
function hold(): string {
  return 'INSERT INTO holds (hold_id, kind, status, order_id, lines, expires_at_ms, changed_at_ms)';
}
function task(): string {
  return `INSERT INTO pick_tasks (order_id, order_number, hold_id, status, promised_at_ms, picker_id, bags, courier_id,
    handover_code, changed_at_ms)`;
}
