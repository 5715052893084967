import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../../test/support/node-sql.ts';
import { booksOver } from '../../../test/support/store-world.ts';
import { asStoreId } from '../../../domain/shared/ids.ts';
import { KIT_MIGRATIONS } from '../../kit/kit-migrations.ts';
import { migrate } from '../../kit/migrate.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { HoldRows } from '../holds/hold-rows.ts';
import { STORE_MIGRATIONS } from '../store-migrations.ts';

const LEVEL = [5, 0, 0, 3, 0, 2, 0, 0, 0, 0, 0];

/** A store as 001 left it: goods received, some of them held; the log has got the outbox's events up to this one. */
function oldStore(sentUpTo: number): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS.slice(0, 1));
  sql.run(`INSERT INTO stock (sku, sequence, version, received, available, held)
    VALUES ('TEA', 2, 3, 5, 3, 2), ('MILK', 1, 2, 4, 4, 0)`);
  sql.run(`INSERT INTO movements VALUES
    ('TEA', 1, 'received', 5, 'operator', 'u', 'receipt 1', 'op-1', NULL, NULL, 10, 5, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0),
    ('MILK', 1, 'received', 4, 'operator', 'u', NULL, 'op-2', NULL, NULL, 30, 4, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0),
    ('TEA', 2, 'held', 2, 'object', 'o', NULL, 'op-3', 'hld_1', 'ord_1', 20, ${LEVEL.join(', ')})`);
  sql.run(`INSERT INTO holds VALUES
    ('hld_1', 'order', 'HELD', 'ord_1', '[{"sku":"TEA","quantity":2}]', 900, 20),
    ('hld_2', 'cart', 'EXPIRED', NULL, '[{"sku":"TEA","quantity":1}]', NULL, 15)`);
  // The first event was sent so long ago that it is gone; the clock went back before the last.
  const events = [
    { seq: 2, sku: 'MILK', sequence: 1 },
    { seq: 3, sku: 'TEA', sequence: 2, traceparent: '00-trace-01' },
  ];
  for (const { seq, sku, ...envelope } of events) {
    sql.run(
      `INSERT INTO outbox (seq, lane, record_key, body, written_at_ms, sent_at_ms)
      VALUES (?, 'topic stock.movements.v1', '', ?, 0, ?)`,
      seq,
      JSON.stringify({ ...envelope, data: { storeId: 'sto_1', sku } }),
      seq <= sentUpTo ? 1 : null,
    );
  }
  migrate(sql, 'store', STORE_MIGRATIONS);
  return sql;
}

describe('002_ledger', () => {
  it('keeps every movement in the order of its event, with its cause and its balance [I6]', () => {
    const sql = oldStore(3);
    expect(sql.all('SELECT * FROM ledger ORDER BY position')).toMatchObject([
      { position: 1, sku: 'TEA', sequence: 1, kind: 'received', quantity: 5, op_id: 'op-1', reason: 'receipt 1' },
      { position: 2, sku: 'MILK', sequence: 1, op_id: 'op-2', traceparent: null, actor_kind: 'operator', at_ms: 30 },
      { position: 3, sku: 'TEA', sequence: 2, hold_id: 'hld_1', order_id: 'ord_1', after: JSON.stringify(LEVEL) },
    ]);
    expect(sql.all('SELECT traceparent, at_ms FROM ledger WHERE position = 3')).toEqual([
      { traceparent: '00-trace-01', at_ms: 20 },
    ]);
    expect(sql.all('SELECT sku, received, available, held FROM stock ORDER BY sku')).toEqual([
      { sku: 'MILK', received: 4, available: 4, held: 0 },
      { sku: 'TEA', received: 5, available: 3, held: 2 },
    ]);
  });

  it.each([
    [3, []],
    [2, [3]],
    [0, [2, 3]],
  ])('sends what the log has not got yet and nothing twice: it has the outbox up to %i [E1]', (sentUpTo, left) => {
    const { outbox } = booksOver(oldStore(sentUpTo), asStoreId(`sto_${'0'.repeat(26)}`));
    expect(outbox.batch('topic stock.movements.v1').map(({ seq }) => seq)).toEqual(left);
    expect(outbox.unsent().rows).toBe(left.length);
  });

  it('keeps every hold, with all of its basket set aside', () => {
    const sql = oldStore(3);
    expect(sql.all('SELECT hold_id, kind, status, order_id, owner, expires_at_ms FROM holds ORDER BY hold_id')).toEqual(
      [
        { hold_id: 'hld_1', kind: 'order', status: 'HELD', order_id: 'ord_1', owner: 'ord_1', expires_at_ms: 900 },
        { hold_id: 'hld_2', kind: 'cart', status: 'EXPIRED', order_id: null, owner: null, expires_at_ms: null },
      ],
    );
    expect(new HoldRows(sql).due(900, 9)).toMatchObject([
      { forMs: 600_000, setAside: [{ sku: 'TEA', quantity: 2, fencedUnits: 0 }] },
    ]);
  });
});
