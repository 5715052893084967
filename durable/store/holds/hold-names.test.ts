import { expect, test } from 'vitest';
import type { Hold } from '../../../domain/inventory/hold.ts';
import { asChannelId, asHoldId, asOpId, asSku } from '../../../domain/shared/ids.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';
import { HOLD_KEPT_MS } from './hold-rows.ts';

const ADDED_AT_ONCE = 500;
/** More than are moved to the large table at once. */
const HOLDS = 9_000;

/** Every third one is named by an operation of another name. */
function holdOf(n: number): Hold {
  const id = String(n).padStart(26, '0');
  const lines = [{ sku: asSku('TEA'), quantity: 1 }];
  return {
    holdId: asHoldId(`hld_${id}`),
    opId: asOpId(n % 3 === 0 ? `order:${id}` : `hold:hld_${id}`),
    kind: 'cart',
    orderId: null,
    owner: 'kiosk',
    channel: asChannelId('kiosk'),
    forMs: 1000,
    renewed: false,
    lines,
    setAside: lines.map((line) => ({ ...line, fencedUnits: 0 })),
    status: 'RELEASED',
  };
}

function countOf(sql: ReturnType<typeof openStoreWorld>['sql'], table: string): unknown {
  return sql.all(`SELECT count(*) AS names FROM ${table}`)[0]?.['names'];
}

test('a hold is found by its id and by its operation, however many there are, until it is forgotten [X3]', () => {
  const { books, sql } = openStoreWorld({});
  for (let first = 0; first < HOLDS; first += ADDED_AT_ONCE) {
    const holds = Array.from({ length: ADDED_AT_ONCE }, (_, i) => holdOf(first + i));
    sql.transaction(() => {
      books.holds.add(holds, first);
    });
  }
  expect(countOf(sql, 'hold_names')).toBeGreaterThan(countOf(sql, 'hold_names_new') as number);
  for (const n of [0, 1, 2, 3, 4_095, 8_190, 8_191, 8_192, 8_193, HOLDS - 2, HOLDS - 1]) {
    const { holdId, opId } = holdOf(n);
    expect(books.holds.find(holdId)).toEqual(holdOf(n));
    expect(books.holds.findByOp(opId ?? '')?.holdId).toBe(holdId);
  }
  expect(books.holds.find(holdOf(HOLDS).holdId)).toBeUndefined();

  books.holds.saveAll(
    [3, 8_193].map((n) => ({ ...holdOf(n), renewed: true })),
    1,
  );
  expect([3, 4, 8_193].map((n) => books.holds.find(holdOf(n).holdId)?.renewed)).toEqual([true, false, true]);
  expect(countOf(sql, 'holds')).toBe(HOLDS);

  for (let turns = 0; turns < HOLDS; turns += ADDED_AT_ONCE) books.holds.prune(HOLDS + HOLD_KEPT_MS);
  expect([countOf(sql, 'holds'), books.holds.find(holdOf(8_191).holdId)]).toEqual([1, undefined]);
  // The last row stays, with its name.
  expect([countOf(sql, 'hold_names'), countOf(sql, 'hold_names_new')]).toEqual([0, 1]);
});
