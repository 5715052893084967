import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../../test/support/node-sql.ts';
import { asOrderId, asSku } from '../../../domain/shared/ids.ts';
import { KIT_MIGRATIONS } from '../../kit/kit-migrations.ts';
import { migrate } from '../../kit/migrate.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { PickQueue } from '../floor/pick-queue.ts';
import { ItemCards } from '../goods/item-cards.ts';
import { STORE_MIGRATIONS } from '../store-migrations.ts';

const BEFORE = STORE_MIGRATIONS.findIndex(({ id }) => id === '009_substitution');
const ORDER = asOrderId(`ord_${'0'.repeat(26)}`);

function storeSql(migrations = STORE_MIGRATIONS): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', migrations);
  return sql;
}
/** Columns after the proposal and order: missing, substitute, units, answer_by_ms, on_silence, status, ended_at_ms. */
function proposal(...rows: readonly string[]): string {
  return `INSERT INTO substitutions VALUES ${rows.map((row) => `(${row})`).join(', ')}`;
}

describe('009_substitution', () => {
  it('finds cards for sale and lines that stand for themselves where nobody had said anything', () => {
    const sql = storeSql(STORE_MIGRATIONS.slice(0, BEFORE));
    sql.run("INSERT INTO item_cards (sku, name, bin) VALUES ('TEA', 'Tea', 'A-1')");
    sql.run(
      `INSERT INTO pick_tasks (order_id, order_number, hold_id, status, promised_at_ms, picker_id, lease_ends_at_ms,
        assigned_at_ms, estimated_ready_at_ms, claimed_at_ms, changed_at_ms, changed_by)
      VALUES (?, 'K-1', 'h', 'PICKING', 9, 'u', 9, 0, 0, 0, 0, '')`,
      ORDER,
    );
    sql.run("INSERT INTO pick_lines (order_id, sku, quantity, picked) VALUES (?, 'TEA', 2, 1)", ORDER);
    migrate(sql, 'store', STORE_MIGRATIONS);
    expect(new ItemCards(sql).of([asSku('TEA')]).get(asSku('TEA'))).toMatchObject({ forSale: true });
    const task = new PickQueue(sql).find(ORDER);
    expect(task).toMatchObject({ proposals: [], lines: [{ sku: 'TEA', picked: 1 }] });
    expect(task?.lines[0]).not.toHaveProperty('substituteFor');
  });

  it.each([
    ['an article in its own place', proposal("'a', 'o', 'TEA', 'TEA', 1, 9, 'REFUND', 'PROPOSED', NULL")],
    ['nothing in place of something', proposal("'a', 'o', 'TEA', 'MATE', 0, 9, 'REFUND', 'PROPOSED', NULL")],
    ['an open one that is over', proposal("'a', 'o', 'TEA', 'MATE', 1, 9, 'REFUND', 'PROPOSED', 9")],
    ['one that is over since no moment', proposal("'a', 'o', 'TEA', 'MATE', 1, 9, 'REFUND', 'DECLINED', NULL")],
    ['a silence that means nothing', proposal("'a', 'o', 'TEA', 'MATE', 1, 9, 'PERHAPS', 'PROPOSED', NULL")],
    [
      'the same article twice on one list',
      proposal(
        "'a', 'o', 'TEA', 'MATE', 1, 9, 'REFUND', 'PROPOSED', NULL",
        "'b', 'o', 'OAT', 'MATE', 1, 9, 'REFUND', 'APPROVED', 9",
      ),
    ],
  ])('does not store %s', (_what, statement) => {
    expect(() => {
      storeSql().run(statement);
    }).toThrow(/constraint failed/);
  });

  it('stores another try after a no', () => {
    const sql = storeSql();
    sql.run(
      proposal(
        "'a', 'o', 'TEA', 'MATE', 1, 9, 'REFUND', 'DECLINED', 9",
        "'b', 'o', 'TEA', 'MATE', 1, 9, 'REFUND', 'PROPOSED', NULL",
      ),
    );
    expect(sql.all('SELECT proposal_id FROM substitutions')).toHaveLength(2);
  });
});
