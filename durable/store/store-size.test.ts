import { describe, expect, it } from 'vitest';
import type { TaskAnswer } from '../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { asSku } from '../../domain/shared/ids.ts';
import { ok } from '../../domain/shared/result.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import { KIT_MIGRATIONS } from '../kit/kit-migrations.ts';
import { migrate } from '../kit/migrate.ts';
import { OP_KEPT_MS } from '../kit/ops.ts';
import { one } from '../kit/sql.ts';
import { LOT_KEPT_MS } from './goods/lot-retention.ts';
import { HOLD_KEPT_MS } from './holds/hold-rows.ts';
import { MOVEMENT_KEPT_MS } from './ledger/ledger-compaction.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** SQLite of one object ("Limits", Durable Objects). */
const OBJECT_GIGABYTES_MAX = 10;
/** Rows that each table is measured with. */
const SAMPLE = 20_000;

const ORDERS_A_DAY = 3_000;
const LINES_A_DAY = ORDERS_A_DAY * 8;
const SKUS = 10_000;
/** A sold line is held, allocated, picked, packed and sold. */
const MOVEMENTS_A_LINE = 5;
/** SKUs that sell on a day when every line is any SKU: more than when a few sell most. */
const SKUS_A_DAY = SKUS * (1 - Math.exp(-LINES_A_DAY / SKUS));
/** Each SKU is delivered every third day, and is at its best for 30 days. */
const LOTS_A_DAY = SKUS / 3;
const LOT_DAYS = LOT_KEPT_MS / DAY_MS + 30;

/** What a scan is answered. */
const SCANNED = ok({
  taskId: `ord_${'0'.repeat(26)}`,
  status: 'PICKING',
  leaseEndsAt: toTimestamp(0),
  line: { sku: asSku('SKU-00001'), quantity: 2, picked: 2, shorted: 0, restocked: 0, grams: 0 },
} satisfies TaskAnswer);

/** `row`: of number `i`, with ids as long as the real ones. `rows`: after so many days. */
const TABLES: Record<string, { readonly row: string; readonly rows: (days: number) => number }> = {
  movements: {
    row: `i, i, printf('SKU-%05d', i % 10000), 1 + i, 'allocated', 2, 'L-2026-0001', '[1200,-3,0,24,2,4,6,3,1150,8,0]'`,
    rows: (days) => upTo(MOVEMENT_KEPT_MS, days) * LINES_A_DAY * MOVEMENTS_A_LINE,
  },
  causes: {
    row: `i, printf('client:%043d', i), 'staff', printf('usr_%026d', i), NULL, printf('hld_%026d', i), printf('ord_%026d', i), 'app', NULL, 1790000000000 + i`,
    rows: (days) => upTo(MOVEMENT_KEPT_MS, days) * (LINES_A_DAY + 4 * ORDERS_A_DAY),
  },
  ledger_days: {
    row: `20000 + i / 5000, printf('SKU-%05d', i % 5000), 'allocated', 120, 60`,
    rows: (days) => days * (SKUS_A_DAY * MOVEMENTS_A_LINE + LOTS_A_DAY),
  },
  // Two carts that nobody ordered for each order.
  holds: {
    row: `i, printf('hld_%026d', i), printf('hold-%026d', i), 'order', 'COMMITTED', printf('ord_%026d', i), printf('usr_%026d', i), 'app', 600000, 1,
      (SELECT json_group_array(json_object('sku', printf('SKU-%05d', value), 'quantity', 2)) FROM json_each('[1,2,3,4,5,6,7,8]')), NULL, NULL, 1790000000000 + i`,
    rows: (days) => upTo(HOLD_KEPT_MS, days) * ORDERS_A_DAY * 3,
  },
  hold_names: { row: 'random(), i', rows: (days) => upTo(HOLD_KEPT_MS, days) * ORDERS_A_DAY * 6 },
  order_lots: {
    row: `printf('SKU-%05d', i % 10000), 'L-2026-0001', printf('ord_%026d', i), 2`,
    rows: (days) => Math.min(days, LOT_DAYS) * LINES_A_DAY,
  },
  lots: {
    row: `printf('SKU-%05d', i % 10000), printf('L-2026-%04d', i / 10000), 1790000000000 + i, 1780000000000 + i, 'OPEN', 24, 0, 0`,
    rows: (days) => Math.min(days, LOT_DAYS) * LOTS_A_DAY,
  },
  // A scan a line, and six steps of the order.
  ops: {
    row: `printf('client:%043d', i), printf('%043d', i), '${JSON.stringify(SCANNED)}', 1790000000000 + i, 'execute'`,
    rows: (days) => upTo(OP_KEPT_MS, days) * (LINES_A_DAY + 6 * ORDERS_A_DAY),
  },
};

function upTo(keptMs: number, days: number): number {
  return Math.min(days, keptMs / DAY_MS);
}

/** Bytes of a row with its part of every index, in the tables as migrations leave them. */
function bytesPerRow(): Map<string, number> {
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS);
  return new Map(
    Object.entries(TABLES).map(([table, { row }]) => {
      sql.run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${SAMPLE})
        INSERT INTO ${table} SELECT ${row} FROM n`);
      const { bytes } = one<{ bytes: number }>(
        sql,
        `SELECT sum(pgsize) AS bytes FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)`,
        table,
      );
      return [table, bytes / SAMPLE];
    }),
  );
}

describe('a store of 3,000 orders of 8 lines a day over 10,000 SKUs', () => {
  const bytes = bytesPerRow();
  function gigabytesAfter(days: number): number {
    const tables = Object.entries(TABLES).map(([table, { rows }]) => (bytes.get(table) ?? 0) * rows(days));
    return tables.reduce((sum, size) => sum + size, 0) / 1e9;
  }

  it('has rows of these sizes, in tens of bytes', () => {
    expect(Object.fromEntries([...bytes].map(([table, each]) => [table, Math.round(each / 10) * 10]))).toEqual({
      movements: 80,
      causes: 180,
      ledger_days: 40,
      holds: 460,
      hold_names: 20,
      order_lots: 130,
      lots: 100,
      ops: 440,
    });
  });

  it('stays below what an object may store for more than five years', () => {
    expect([365, 5 * 365].map((days) => gigabytesAfter(days).toFixed(1))).toEqual(['2.1', '4.7']);
    expect(gigabytesAfter(5 * 365)).toBeLessThan(OBJECT_GIGABYTES_MAX);
  });
});
