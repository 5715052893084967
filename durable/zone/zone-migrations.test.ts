import { describe, expect, test } from 'vitest';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import { courierId, northOf } from '../../test/support/dispatch-world.ts';
import { migrate } from '../kit/migrate.ts';
import type { SqlPort } from '../kit/sql.ts';
import { CandidateRows } from './candidate-rows.ts';
import { ZONE_MIGRATIONS } from './zone-migrations.ts';

/** A zone as the first version of the code left it. */
function atFirstVersion(): SqlPort {
  const sql = nodeSql();
  migrate(sql, 'zone', ZONE_MIGRATIONS.slice(0, 1));
  sql.run("INSERT INTO candidates VALUES ('c1', 3, 1, 19.0, 72.8, 0, 1, 1000, NULL)");
  sql.run("INSERT INTO searches VALUES ('o1', 's1', 'Bandra', 19.0, 72.8, 900, 5000, 1000, 1, NULL, NULL)");
  sql.run("INSERT INTO offers VALUES ('f1', 'o1', 'c1', 1, 'OPEN', 21000)");
  return sql;
}

describe('tables of a zone', () => {
  test('brought up to date twice, keep what the first version wrote', () => {
    const sql = atFirstVersion();
    migrate(sql, 'zone', ZONE_MIGRATIONS);
    migrate(sql, 'zone', ZONE_MIGRATIONS);
    expect(sql.all('SELECT courier_id, offered.status FROM offers AS offered')).toEqual([
      { courier_id: 'c1', status: 'OPEN' },
    ]);
    expect(new CandidateRows(sql).pool()).toEqual([
      { courierId: 'c1', onShift: true, position: { lat: 19, lng: 72.8 }, load: 0, offered: 1, capacity: 1 },
    ]);
  });

  test('refuse a second open offer for an order [D6]', () => {
    const sql = atFirstVersion();
    expect(() => sql.run("INSERT INTO offers VALUES ('f2', 'o1', 'c2', 1, 'OPEN', 21000)")).toThrow('UNIQUE');
    sql.run("INSERT INTO offers VALUES ('f2', 'o1', 'c2', 1, 'LOST', 21000)");
  });

  test('keep what the courier said last, whatever comes late', () => {
    const sql = nodeSql();
    migrate(sql, 'zone', ZONE_MIGRATIONS);
    const candidates = new CandidateRows(sql);
    function say(version: number, load: number): boolean {
      return candidates.apply(
        {
          v: RPC_VERSION,
          actor: { kind: 'object', object: 'courier', id: courierId(1) },
          opId: asOpId(`${courierId(1)}:candidate:${version}`),
          courierId: courierId(1),
          version,
          onShift: true,
          position: northOf(100),
          load,
          capacity: 2,
        },
        1000,
      );
    }
    expect([say(1, 0), say(3, 2), say(2, 1), say(3, 0)]).toEqual([true, true, false, false]);
    expect(candidates.pool()).toMatchObject([{ courierId: courierId(1), load: 2 }]);
  });
});
