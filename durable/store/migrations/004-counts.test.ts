import { describe, expect, it } from 'vitest';
import { nodeSql } from '../../../test/support/node-sql.ts';
import { KIT_MIGRATIONS } from '../../kit/kit-migrations.ts';
import { migrate } from '../../kit/migrate.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { STORE_MIGRATIONS } from '../store-migrations.ts';

function storeSql(): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS);
  return sql;
}
const TASK = 'INSERT INTO count_tasks (sku, reason, status, risk, attempt, counter_id, started_at_ms, requested_at_ms';

describe('004_counts', () => {
  it.each([
    [
      'two open counts of one shelf',
      `${TASK}) VALUES (?1, 'PLANNED', 'OPEN', 0, 1, NULL, NULL, 0), (?1, 'PLANNED', 'OPEN', 0, 1, NULL, NULL, 0)`,
    ],
    ['a count that nobody makes', `${TASK}) VALUES (?, 'PLANNED', 'COUNTING', 0, 1, NULL, NULL, 0)`],
    [
      'a count that is done and found nothing out',
      `${TASK}, done_at_ms) VALUES (?, 'PLANNED', 'DONE', 0, 1, 'u', 0, 0, 9)`,
    ],
    [
      'a count of less than nothing',
      `${TASK}, expected, counted, done_at_ms) VALUES (?, 'PLANNED', 'DONE', 0, 1, 'u', 0, 0, 3, -1, 9)`,
    ],
    ['a risk above 1', `${TASK}) VALUES (?, 'PLANNED', 'OPEN', 1.1, 1, NULL, NULL, 0)`],
    ['less than no doubt', 'INSERT INTO shelf_history (sku, doubt_units) VALUES (?, -1)'],
    [
      'a discrepancy of nothing',
      "INSERT INTO discrepancies (sku, source, expected, counted, shortfall, ended_holds, shortened_lines, op_id, at_ms) VALUES (?, 'COUNT', 1, 1, 0, 0, 0, 'op', 0)",
    ],
    [
      'a received transfer with nothing said of what',
      "INSERT INTO transfers_in (from_store_id, transfer_id, status, lines, changed_at_ms) VALUES ('a', ?, 'RECEIVED', '[]', 0)",
    ],
    [
      'goods of a transfer that is on its way',
      "INSERT INTO transfers_out (transfer_id, to_store_id, status, lines, received, changed_at_ms) VALUES (?, 'b', 'IN_TRANSIT', '[]', '[]', 0)",
    ],
  ])('does not store %s', (_what, statement) => {
    expect(() => {
      storeSql().run(statement, 'id');
    }).toThrow(/constraint failed/);
  });

  it('stores an open count of a shelf beside a closed one', () => {
    const sql = storeSql();
    sql.run(`${TASK}, expected, counted, done_at_ms) VALUES (?, 'PLANNED', 'DONE', 0, 1, 'u', 0, 0, 3, 3, 9)`, 'TEA');
    sql.run(`${TASK}) VALUES (?, 'PLANNED', 'OPEN', 0, 1, NULL, NULL, 0)`, 'TEA');
    expect(sql.all('SELECT status FROM count_tasks ORDER BY count_id')).toEqual([
      { status: 'DONE' },
      { status: 'OPEN' },
    ]);
  });
});
