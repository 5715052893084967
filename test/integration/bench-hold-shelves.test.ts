import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { POSTGRES_SCHEMA } from '../../bench/hold/shelves/postgres-schema.ts';
import { PostgresStatementShelf } from '../../bench/hold/shelves/postgres-statement.ts';
import { PostgresTransactionShelf } from '../../bench/hold/shelves/postgres-transaction.ts';
import type { Shelf, ShelfLine, WantedHold } from '../../bench/hold/shop/shelf.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

// A contender that is wrong would make a comparison with it worthless.

const SHELVES: readonly (readonly [string, (pool: pg.Pool) => Shelf])[] = [
  ['BEGIN … COMMIT', (pool) => new PostgresTransactionShelf(pool)],
  ['one statement', (pool) => new PostgresStatementShelf(pool)],
];
const LATER_MS = Date.UTC(2100, 0, 1);

let stores = 0;

describe.each(SHELVES)('the PostgreSQL contender with %s', (_, open) => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let shelf: Shelf;
  let storeId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    await pool.query(POSTGRES_SCHEMA);
    shelf = open(pool);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    stores += 1;
    storeId = `store-${stores}`;
    await shelf.receive(storeId, [
      { sku: 'x', quantity: 30 },
      { sku: 'y', quantity: 30 },
    ]);
  });

  function wanted(key: string, lines: readonly ShelfLine[], expiresAtMs = LATER_MS): WantedHold {
    return { storeId, holdId: `${storeId}-${key}`, lines, linesText: JSON.stringify(lines), expiresAtMs };
  }

  function basket(key: string): WantedHold {
    return wanted(key, [
      { sku: 'x', quantity: 1 },
      { sku: 'y', quantity: 1 },
    ]);
  }

  test('sells no unit twice when everybody asks at once, and keeps a record of each hold', async () => {
    const requests = Array.from({ length: 90 }, (__, index) =>
      index % 3 === 0 ? basket(`b${index}`) : wanted(`s${index}`, [{ sku: index % 3 === 1 ? 'x' : 'y', quantity: 1 }]),
    );
    const outcomes = await Promise.all(requests.map((request) => shelf.hold(request)));
    const units = outcomes.flatMap((outcome) => (outcome.kind === 'held' ? outcome.hold.lines : []));
    expect(units.filter(({ sku }) => sku === 'x')).toHaveLength(30);
    expect(units.filter(({ sku }) => sku === 'y')).toHaveLength(30);
    expect(await shelf.audit(storeId, true)).toEqual({ available: 0, discrepancies: [] });
  });

  test('names what is short and takes nothing', async () => {
    const lines = [
      { sku: 'x', quantity: 1 },
      { sku: 'y', quantity: 31 },
    ];
    const shortages = [{ sku: 'y', requested: 31, available: 30 }];
    expect(await shelf.hold(wanted('short', lines))).toEqual({ kind: 'short', shortages });
    expect(await shelf.available(storeId, ['x', 'y', 'z'])).toEqual([30, 30, 0]);
  });

  test.each([['b'], ['s']])('answers a repeated request with the hold that is there (%s)', async (kind) => {
    const request = kind === 'b' ? basket('again') : wanted('again', [{ sku: 'x', quantity: 1 }]);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => shelf.hold(request)));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['held']));
    expect(await shelf.available(storeId, ['x'])).toEqual([29]);
    const other = { ...request, ...wanted('again', [{ sku: 'x', quantity: 2 }]) };
    expect(await shelf.hold(other)).toEqual({ kind: 'reused' });
  });

  test('gives back what was released, once', async () => {
    const { holdId } = basket('back');
    await shelf.hold(basket('back'));
    const released = await Promise.all([shelf.release(storeId, holdId), shelf.release(storeId, holdId)]);
    expect(released.map((hold) => hold?.status)).toEqual(['RELEASED', 'RELEASED']);
    expect(await shelf.available(storeId, ['x', 'y'])).toEqual([30, 30]);
    expect(await shelf.audit(storeId, true)).toEqual({ available: 60, discrepancies: [] });
  });

  test('gives back what expired', async () => {
    const request = wanted('late', [{ sku: 'x', quantity: 3 }], 1_000);
    await shelf.hold(request);
    await shelf.expireDue(999);
    expect(await shelf.available(storeId, ['x'])).toEqual([27]);
    await shelf.expireDue(1_000);
    expect(await shelf.available(storeId, ['x'])).toEqual([30]);
    expect(await shelf.find(storeId, request.holdId)).toMatchObject({ status: 'EXPIRED' });
  });
});
