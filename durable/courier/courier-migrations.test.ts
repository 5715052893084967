import { describe, expect, test } from 'vitest';
import { nodeSql } from '../../test/support/node-sql.ts';
import { migrate } from '../kit/migrate.ts';
import type { SqlPort } from '../kit/sql.ts';
import { COURIER_MIGRATIONS } from './courier-migrations.ts';
import { CourierReader } from './courier-reader.ts';

/** A courier as the first version of the code left it: on the way with one order, asked for another. */
function atFirstVersion(): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'courier', COURIER_MIGRATIONS.slice(0, 1));
  sql.run("INSERT INTO courier VALUES (1, 'z1', 1, 2, 7, 19.0, 72.8, 19.1, 72.9, 1000)");
  sql.run(
    "INSERT INTO offers VALUES ('f2', 'z1', 'o2', 's1', 'Bandra', 19.0, 72.8, 300, 900, 'OPEN', 21000, NULL, NULL)",
  );
  sql.run("INSERT INTO jobs VALUES ('f1', 'o1', 's1', 'TO_CUSTOMER', '{}', 500, 600, 700, NULL, NULL, NULL)");
  return sql;
}

describe('tables of a courier', () => {
  test('brought up to date twice, keep what the first version wrote', () => {
    const sql = atFirstVersion();
    migrate(sql, 'courier', COURIER_MIGRATIONS);
    migrate(sql, 'courier', COURIER_MIGRATIONS);
    const reader = new CourierReader(sql);
    expect(reader.profile()).toEqual({
      zoneId: 'z1',
      onShift: true,
      capacity: 2,
      candidateVersion: 7,
      told: { lat: 19, lng: 72.8 },
      seen: { lat: 19.1, lng: 72.9, atMs: 1000 },
    });
    expect(reader.hands()).toMatchObject({ liveOrderIds: ['o1'], openOffers: [{ offerId: 'f2' }], capacity: 2 });
  });

  test('refuse one order in hand twice, and a door kept after the end [D6]', () => {
    const sql = atFirstVersion();
    expect(() =>
      sql.run("INSERT INTO jobs VALUES ('f3', 'o1', 's1', 'ACCEPTED', NULL, 500, NULL, NULL, NULL, NULL, NULL)"),
    ).toThrow('UNIQUE');
    expect(() => sql.run("UPDATE jobs SET status = 'DELIVERED', ended_at_ms = 800")).toThrow('CHECK');
    sql.run("UPDATE jobs SET status = 'DELIVERED', ended_at_ms = 800, details = NULL");
  });
});
