import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../../test/support/node-sql.ts';
import { KIT_MIGRATIONS } from '../../kit/kit-migrations.ts';
import { migrate } from '../../kit/migrate.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { PickQueue } from '../floor/pick-queue.ts';
import { STORE_MIGRATIONS } from '../store-migrations.ts';

/** The tables of a store after its first so many migrations; all by default. */
function storeSql(migrations = STORE_MIGRATIONS.length): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS.slice(0, migrations));
  return sql;
}

describe('001_init', () => {
  it.each([
    ['a level that loses a unit', 'INSERT INTO stock (sku, received, available) VALUES (?, 5, 4)'],
    ['a level that makes one up', 'INSERT INTO stock (sku, available) VALUES (?, 1)'],
    ['less than nothing to sell', 'INSERT INTO stock (sku, held, available) VALUES (?, 1, -1)'],
    ['less than nothing held', 'INSERT INTO stock (sku, held, available) VALUES (?, -1, 1)'],
    ['half a unit', 'INSERT INTO stock (sku, received, available) VALUES (?, 0.5, 0.5)'],
    ['a movement of nothing', `${movement()} VALUES (?, 1, 1, 'held', 0, '[]')`],
    ['a negative movement', `${movement()} VALUES (?, 1, 1, 'held', -1, '[]')`],
    ['a hold that is held for ever', `${hold()} (VALUES ('order', 'HELD', NULL, '[]', NULL)) AS hold`],
    ['a released hold that expires', `${hold()} (VALUES ('order', 'RELEASED', NULL, '[]', 9)) AS hold`],
    ['an allocation of no order', `${hold()} (VALUES ('order', 'COMMITTED', NULL, '[]', NULL)) AS hold`],
    ['a status that there is not', `${hold()} (VALUES ('order', 'PAUSED', NULL, '[]', NULL)) AS hold`],
    ['more picked than wanted', "INSERT INTO pick_lines (order_id, sku, quantity, picked) VALUES (?, 'TEA', 1, 2)"],
    ['a line that is short by more than it wants', `${line()} VALUES (?, 'TEA', 2, 1, 2, 'DAMAGED', 0)`],
    ['a line that is short for no reason', `${line()} VALUES (?, 'TEA', 2, 1, 1, NULL, 0)`],
    ['more brought back than was picked', `${line()} VALUES (?, 'TEA', 2, 1, 0, NULL, 2)`],
    ['picking by nobody', `${task()} (VALUES (?, 'PICKING', NULL, 9, NULL, NULL, NULL, NULL))`],
    ['picking for ever', `${task()} (VALUES (?, 'PICKING', 'u', NULL, NULL, NULL, NULL, NULL))`],
    ['bags before packing', `${task()} (VALUES (?, 'PICKING', 'u', 9, NULL, 2, NULL, NULL))`],
    ['a rejection for no reason', `${task()} (VALUES (?, 'REJECTED', NULL, NULL, NULL, NULL, NULL, NULL))`],
    ['a courier without a code', `${task()} (VALUES (?, 'QUEUED', NULL, NULL, NULL, NULL, 'c', NULL))`],
    ['a bag of no size', "INSERT INTO sealed_bags (seal, order_id, size, zone) VALUES (?, 'o', 'XL', 'ambient')"],
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
    ['a downward adjustment', `${movement()} VALUES (?, 1, 1, 'adjusted', -1, '[]')`],
    ['a hold', `${hold()} (VALUES ('cart', 'HELD', NULL, '[]', 9)) AS hold`],
    ['a packed task', `${task()} (VALUES (?, 'PACKED', 'u', NULL, NULL, 2, 'c', '1'))`],
    ['a task that is packed without a bag', `${task()} (VALUES (?, 'PACKED', 'u', NULL, NULL, 0, 'c', '1'))`],
    ['a short line', `${line()} VALUES (?, 'TEA', 2, 1, 1, 'NOT_FOUND', 0)`],
  ])('stores %s', (_what, statement) => {
    expect(() => {
      storeSql().run(statement, 'id');
    }).not.toThrow();
  });
});

describe('005_floor', () => {
  const USER = `usr_${'0'.repeat(26)}`;

  it('keeps the tasks that were on the floor before it', () => {
    const sql = storeSql(STORE_MIGRATIONS.findIndex(({ id }) => id === '005_floor'));
    for (const [i, [status, picker, bags, courier, code]] of [
      ['QUEUED', null, null, null, null],
      ['ACCEPTED', null, null, null, null],
      ['PICKING', USER, null, null, null],
      ['PACKED', USER, 2, `cou_${'0'.repeat(26)}`, '123456'],
      ['CANCELLED', null, null, null, null],
    ].entries()) {
      sql.run(
        `INSERT INTO pick_tasks (order_id, order_number, hold_id, status, promised_at_ms, picker_id, bags, courier_id,
          handover_code, changed_at_ms) VALUES (?1, 'K-1', ?1, ?2, 900, ?3, ?4, ?5, ?6, 500)`,
        `ord_${String(i).padStart(26, '0')}`,
        status ?? null,
        picker ?? null,
        bags ?? null,
        courier ?? null,
        code ?? null,
      );
    }
    sql.run("INSERT INTO pick_lines (order_id, sku, quantity, picked) SELECT order_id, 'TEA', 2, 1 FROM pick_tasks");
    migrate(sql, 'store', STORE_MIGRATIONS);
    const queue = new PickQueue(sql);
    const [queued, , picking, packed] = queue.open();
    expect(queue.open().map(({ status }) => status)).toEqual(['QUEUED', 'ACCEPTED', 'PICKING', 'PACKED']);
    expect(queued).toMatchObject({ times: { assignedAtMs: 500, acceptedAtMs: null }, tries: { wrong: 0 } });
    expect(picking).toMatchObject({ pickerId: USER, leaseEndsAtMs: 90_500, times: { claimedAtMs: 500 } });
    expect(picking?.lines).toMatchObject([{ sku: 'TEA', quantity: 2, picked: 1, shorted: 0, shortReason: null }]);
    expect(packed).toMatchObject({
      bags: 2,
      sealed: [],
      courier: { handoverCode: '123456' },
      times: { packedAtMs: 500 },
    });
    expect(queue.earliestLeaseMs()).toBe(90_500);
  });
});

function movement(): string {
  return 'INSERT INTO movements (sku, cause, sequence, kind, quantity, after)';
}
function hold(): string {
  return `INSERT INTO holds (hold_id, channel, for_ms, renewed, changed_at_ms, kind, status, order_id, lines, expires_at_ms)
    SELECT ?, 'app', 1, 0, 0, hold.* FROM`;
}
/** A task; what every task has, has a default here. */
function task(): string {
  return `INSERT INTO pick_tasks (order_number, hold_id, promised_at_ms, assigned_at_ms, estimated_ready_at_ms, changed_at_ms,
    changed_by, order_id, status, picker_id, lease_ends_at_ms, reject_reason, bags, courier_id, handover_code)
    SELECT 'K-1', 'h', 0, 0, 0, 0, 'u', * FROM`;
}
function line(): string {
  return 'INSERT INTO pick_lines (order_id, sku, quantity, picked, shorted, short_reason, restocked)';
}
