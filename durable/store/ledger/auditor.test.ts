import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { LiftQuarantine } from '../../../contracts/rpc/store-audit.ts';
import { CART_HOLD_MS } from '../../../domain/inventory/hold.ts';
import { asHoldId, asOpId, asOrderId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import type { HoldId } from '../../../domain/shared/ids.ts';
import { goods, receive } from '../../../test/support/goods-commands.ts';
import { holdStock, openStoreWorld } from '../../../test/support/store-world.ts';
import { commitToOrder, releaseStock } from '../holds/hold-commands.ts';
import { expireDue, HOLD_EXPIRY, serveExpiry } from '../holds/hold-expiry.ts';
import { SWEEP_AFTER_MS, sweepLedger } from './auditor.ts';
import { MOVEMENT_KEPT_MS } from './ledger-compaction.ts';
import { liftQuarantine } from './lift-quarantine.ts';
import { auditWholeLedger, WHOLE_AUDIT_EVERY_MS } from './stock-audit.ts';
import type { StoreBooks } from '../store-books.ts';
import { because } from './stock-writer.ts';

const TEA = asSku('TEA');
const ORDER = asOrderId(`ord_${'0'.repeat(26)}`);
const OPERATOR = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) } as const;

function adjust(books: StoreBooks, quantity: number, atMs: number): void {
  const movement = { kind: 'adjusted', sku: TEA, quantity } as const;
  books.stock.postTo(because([movement], { opId: asOpId(`adjust:${atMs}`) }), { actor: OPERATOR, atMs });
}
function command(opId: string) {
  return { v: RPC_VERSION, actor: OPERATOR, opId: asOpId(opId) } as const;
}
function lift(): LiftQuarantine {
  return { ...command('lift:0001'), do: 'LiftQuarantine', sku: TEA };
}
function holdNo(n: number): HoldId {
  return asHoldId(`hld_${String(n).padStart(26, '0')}`);
}
function hold(books: StoreBooks, n: number, units: Readonly<Record<string, number>>, nowMs: number): string {
  const lines = Object.entries(units).map(([sku, quantity]) => ({ sku: asSku(sku), quantity }));
  const asked = { ...command(`hold:000${n}`), holdId: holdNo(n), kind: 'cart', lines } as const;
  const held = holdStock(books, asked, lines, nowMs);
  return held.ok ? held.value.status : held.error.code;
}

describe('the auditor', () => {
  it('finds nothing where nothing is wrong, and is due a minute after the first movement [I1]', () => {
    const { books, sql } = openStoreWorld({ TEA: 6, MILK: 2 });
    expect(books.deadlines.due(SWEEP_AFTER_MS, 9)).toMatchObject([{ kind: 'audit', dueAtMs: SWEEP_AFTER_MS }]);
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(books.auditing.quarantined()).toEqual([]);
    expect(sql.all('SELECT sku, available FROM audit_balances ORDER BY sku')).toEqual([
      { sku: 'MILK', available: 2 },
      { sku: 'TEA', available: 6 },
    ]);
  });

  it.each([
    ['a unit from nowhere', "UPDATE stock SET received = 7, available = 7 WHERE sku = 'TEA'", 'level', 2],
    ['a unit in the wrong place', "UPDATE stock SET available = 5, blocked = 1 WHERE sku = 'TEA'", 'level', 2],
    ['a movement that was lost', "DELETE FROM movements WHERE sku = 'TEA'", 'level', 12],
    ['a movement that was changed', "UPDATE movements SET quantity = 4 WHERE sku = 'TEA'", 'level', 4],
  ])('stops the sale of a SKU with %s, and of no other [R1]', (_what, corruption, what, gapUnits) => {
    const { books, sql } = openStoreWorld({ TEA: 6, MILK: 2 });
    sql.run(corruption);
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(sql.all('SELECT sku, what, gap_units FROM quarantines')).toEqual([
      { sku: 'TEA', what, gap_units: gapUnits },
    ]);
    expect(books.stock.inStock()).toEqual([['MILK', 2]]);
    expect(sql.all("SELECT body FROM outbox WHERE body LIKE '%stock.quarantined%'")).toHaveLength(1);
    sweepLedger(books, 2 * SWEEP_AFTER_MS);
    expect(sql.all("SELECT body FROM outbox WHERE body LIKE '%stock.quarantined%'")).toHaveLength(1);
  });

  it('stops the sale of a SKU whose holds keep other units than its level says', () => {
    const { books, sql } = openStoreWorld({ TEA: 6 });
    books.stock.postTo(because([{ kind: 'held', sku: TEA, quantity: 2 }], { opId: asOpId('hold:0001') }), {
      actor: OPERATOR,
      atMs: 1,
    });
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(sql.all('SELECT sku, what, gap_units FROM quarantines')).toEqual([
      { sku: 'TEA', what: 'held', gap_units: 2 },
    ]);
    expect(liftQuarantine(books, lift(), SWEEP_AFTER_MS)).toMatchObject({
      ok: false,
      error: { code: 'STOCK_DISAGREES', numbers: { what: 'held', gapUnits: 2 } },
    });
    expect(books.auditing.quarantined()).toEqual([TEA]);
  });

  it.each([
    ['more units than lie on its shelf', 'on_shelf = 9', 3],
    ['more units blocked than the SKU', 'blocked = 2', 2],
  ])(
    'stops the sale of a SKU whose lots have %s, which a pick could not follow [R1]',
    (_what, corruption, gapUnits) => {
      const world = openStoreWorld({ TEA: 0, MILK: 0 });
      receive(world, [goods('TEA', 6, 'L-1', 5), goods('MILK', 2, 'L-1', 5)]);
      sweepLedger(world.books, SWEEP_AFTER_MS);
      expect(world.books.auditing.quarantined()).toEqual([]);
      world.sql.run(`UPDATE lots SET ${corruption} WHERE sku = 'TEA'`);
      sweepLedger(world.books, SWEEP_AFTER_MS);
      expect(world.sql.all('SELECT sku, what, gap_units FROM quarantines')).toEqual([
        { sku: 'TEA', what: 'lots', gap_units: gapUnits },
      ]);
      expect(liftQuarantine(world.books, lift(), SWEEP_AFTER_MS)).toMatchObject({
        ok: false,
        error: { code: 'STOCK_DISAGREES', numbers: { what: 'lots', gapUnits } },
      });
    },
  );

  it('sells again at what the ledger adds up to, once an operator says so', () => {
    const { books, sql } = openStoreWorld({ TEA: 6, MILK: 2 });
    expect(liftQuarantine(books, lift(), 1)).toMatchObject({ ok: false, error: { code: 'NOT_QUARANTINED' } });
    sql.run("UPDATE stock SET received = 60, available = 60 WHERE sku = 'TEA'");
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(liftQuarantine(books, lift(), SWEEP_AFTER_MS)).toEqual({ ok: true, value: { sku: TEA, available: 6 } });
    expect(books.stock.inStock()).toEqual([
      ['MILK', 2],
      ['TEA', 6],
    ]);
    sweepLedger(books, 2 * SWEEP_AFTER_MS);
    expect(books.auditing.quarantined()).toEqual([]);
  });

  it('sells nothing of a SKU that never moved, whatever its level said before', () => {
    const { books, sql } = openStoreWorld({ TEA: 0 });
    sql.run("UPDATE stock SET received = 5, available = 5 WHERE sku = 'TEA'");
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(liftQuarantine(books, lift(), SWEEP_AFTER_MS)).toEqual({ ok: true, value: { sku: TEA, available: 0 } });
    expect(books.auditing.wrongLevels()).toEqual([]);
  });

  it('says by how much more was promised from a wrong level than there ever was, until that is given up [R1]', () => {
    const { books, sql } = openStoreWorld({ TEA: 6 });
    sql.run("UPDATE stock SET received = 60, available = 60 WHERE sku = 'TEA'");
    expect(hold(books, 1, { TEA: 10 }, 1)).toBe('HELD');
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(liftQuarantine(books, lift(), SWEEP_AFTER_MS)).toMatchObject({
      ok: false,
      error: { code: 'STOCK_DISAGREES', numbers: { what: 'level', gapUnits: 4 } },
    });
    expect(books.auditing.quarantined()).toEqual([TEA]);
    const release = { ...command('release:0001'), holdId: holdNo(1), reason: 'OVERSOLD' };
    releaseStock(books, release, SWEEP_AFTER_MS);
    expect(liftQuarantine(books, lift(), SWEEP_AFTER_MS)).toEqual({ ok: true, value: { sku: TEA, available: 6 } });
  });

  it('stops a SKU and not the store: a hold that a wrong level cannot give back keeps no other from its end [R1]', () => {
    const { books, sql } = openStoreWorld({ TEA: 6, MILK: 2 });
    expect(hold(books, 1, { TEA: 2 }, 1)).toBe('HELD');
    expect(hold(books, 2, { MILK: 2 }, 1)).toBe('HELD');
    sql.run("UPDATE stock SET held = 0, available = 6 WHERE sku = 'TEA'");
    const over = 1 + CART_HOLD_MS;
    expect(hold(books, 3, { MILK: 2 }, over)).toBe('HELD');
    serveExpiry(books, over);
    expect(books.deadlines.due(over + 1_000, 9)).not.toContainEqual(expect.objectContaining({ kind: HOLD_EXPIRY }));
    sweepLedger(books, over);
    expect(books.auditing.quarantined()).toEqual([TEA]);
    expect(liftQuarantine(books, lift(), over)).toEqual({ ok: true, value: { sku: TEA, available: 4 } });
    expireDue(books, over);
    expect(books.stock.inStock()).toEqual([['TEA', 6]]);
    expect(books.auditing.wrongHolds()).toEqual([]);
  });
});

describe('a SKU that has lost its level', () => {
  const over = 1 + CART_HOLD_MS;
  const LOSES = "DELETE FROM stock WHERE sku = 'TEA'";

  it('is stopped like any other; the store goes on selling, and ends the holds of others [R1]', () => {
    const { books, sql } = openStoreWorld({ TEA: 6, MILK: 2 });
    expect(hold(books, 1, { TEA: 2 }, 1)).toBe('HELD');
    expect(hold(books, 2, { MILK: 2 }, 1)).toBe('HELD');
    sql.run(LOSES);
    expect(hold(books, 3, { MILK: 2 }, over)).toBe('HELD');
    expect(hold(books, 4, { TEA: 1 }, over)).toBe('UNKNOWN_SKU');
    const before = books.stock.version();
    sweepLedger(books, over);
    expect(sql.all('SELECT sku, what FROM quarantines')).toEqual([{ sku: 'TEA', what: 'level' }]);
    expect(books.stock.changedSince(before)).toEqual([['TEA', 0]]);
    expect(hold(books, 5, { TEA: 1 }, over)).toBe('INSUFFICIENT_STOCK');
    expect(liftQuarantine(books, lift(), over)).toEqual({ ok: true, value: { sku: TEA, available: 4 } });
    expireDue(books, over);
    expect(books.stock.inStock()).toEqual([['TEA', 6]]);
    expect([...books.audit().discrepancies, ...books.auditing.wrongParts()]).toEqual([]);
  });

  it('is found by its tasks when its movements are gone too', () => {
    const { books, sql } = openStoreWorld({ TEA: 6 });
    const [lines, order] = [[{ sku: TEA, quantity: 2 }], { holdId: holdNo(1), orderId: ORDER }];
    holdStock(books, { ...command('hold:0001'), ...order, kind: 'order', lines }, lines, 1);
    commitToOrder(books, { ...command('commit:0001'), ...order, orderNumber: 'K-1', promisedAtMs: 1 }, 1);
    for (const loss of [LOSES, 'DELETE FROM movements']) sql.run(loss);
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(sql.all('SELECT sku, what, gap_units FROM quarantines')).toEqual([
      { sku: 'TEA', what: 'allocated', gap_units: 2 },
    ]);
  });

  it.each([
    ['holds', 'held', ['DELETE FROM movements']],
    ['lots', 'lots', ['DELETE FROM movements', 'DELETE FROM holds']],
  ])('is found by its %s when its movements are gone too', (_by, what, alsoLost) => {
    const world = openStoreWorld({ TEA: 0 });
    receive(world, [goods('TEA', 6, 'L-1', 5)]);
    expect(hold(world.books, 1, { TEA: 2 }, 1)).toBe('HELD');
    for (const loss of [LOSES, ...alsoLost]) world.sql.run(loss);
    expect(world.books.auditing.wrongLevels()).toEqual([]);
    sweepLedger(world.books, SWEEP_AFTER_MS);
    expect(world.sql.all('SELECT sku, what FROM quarantines')).toEqual([{ sku: 'TEA', what }]);
  });

  it('is stopped again when it comes back, and sold again at its level also when it does not', () => {
    const { books, sql } = openStoreWorld({ TEA: 6 });
    sql.run(LOSES);
    sweepLedger(books, SWEEP_AFTER_MS);
    sql.run(LOSES);
    adjust(books, 3, SWEEP_AFTER_MS);
    expect(books.stock.inStock()).toEqual([['TEA', 3]]);
    sweepLedger(books, 2 * SWEEP_AFTER_MS);
    expect(books.stock.inStock()).toEqual([]);
    sql.run(LOSES);
    const before = books.stock.version();
    expect(liftQuarantine(books, lift(), 3 * SWEEP_AFTER_MS)).toEqual({ ok: true, value: { sku: TEA, available: 9 } });
    expect(books.stock.changedSince(before)).toEqual([['TEA', 9]]);
  });
});

describe('an audit on demand', () => {
  const CORRUPTIONS: [string, string, number][] = [
    ['a unit from nowhere', "UPDATE stock SET received = 7, available = 7 WHERE sku = 'TEA'", 2],
    ['a lost level', "DELETE FROM stock WHERE sku = 'TEA'", 12],
    ['a level that has forgotten a movement', "UPDATE stock SET sequence = 1 WHERE sku = 'TEA'", 2],
  ];

  it.each(CORRUPTIONS)('finds %s, whether it happened before the last sweep or since [R1]', (_what, loss, gapUnits) => {
    for (const sweptAfter of [1, 2]) {
      const { books, sql } = openStoreWorld({ TEA: 6, MILK: 2 });
      if (sweptAfter === 1) sweepLedger(books, SWEEP_AFTER_MS);
      adjust(books, 1, 2 * SWEEP_AFTER_MS);
      adjust(books, -1, 3 * SWEEP_AFTER_MS);
      if (sweptAfter === 2) sweepLedger(books, 3 * SWEEP_AFTER_MS);
      const sound = { skus: 2, movements: 4, discrepancies: [], totals: { available: 8, received: 8 } };
      expect(books.audit()).toMatchObject(sound);
      expect(auditWholeLedger(sql)).toEqual(books.audit());
      sql.run(loss);
      expect(books.audit().discrepancies).toEqual([{ sku: TEA, gapUnits }]);
      expect(auditWholeLedger(sql)).toEqual(books.audit());
    }
  });

  it('reads no movement that the sweep has added up; the whole ledger is added up once in ten minutes', () => {
    const { books, sql } = openStoreWorld({ TEA: 6 });
    sweepLedger(books, SWEEP_AFTER_MS);
    expect(books.auditWhole(SWEEP_AFTER_MS)).toMatchObject({ discrepancies: [], auditedAtMs: SWEEP_AFTER_MS });
    sql.run('UPDATE movements SET quantity = 4');
    expect(books.audit().discrepancies).toEqual([]);
    const again = SWEEP_AFTER_MS + WHOLE_AUDIT_EVERY_MS;
    expect(books.auditWhole(again - 1)).toMatchObject({ discrepancies: [], auditedAtMs: SWEEP_AFTER_MS });
    expect(books.auditWhole(again)).toMatchObject({
      discrepancies: [{ sku: TEA, gapUnits: 4 }],
      auditedAtMs: again,
    });
  });
});

describe('compaction', () => {
  it('never changes what the ledger adds up to, whatever is folded when [I7]', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(4)), { maxLength: 30 }), (steps) => {
        const { books, sql } = openStoreWorld({ TEA: 1, MILK: 1 });
        let atMs = 0;
        for (const [quantity, days] of steps) {
          atMs += days * 24 * 60 * 60 * 1000 + 1;
          adjust(books, quantity, atMs);
          sql.run('UPDATE ledger_cursor SET published_to = ?', books.stock.version());
          sweepLedger(books, atMs);
        }
        const audit = auditWholeLedger(sql);
        expect(audit.discrepancies).toEqual([]);
        expect(audit.movements).toBe(2 + steps.length);
        expect(books.auditing.quarantined()).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('keeps what is not published, what is young, and the newest movement', () => {
    const { books, sql } = openStoreWorld({ TEA: 1, MILK: 1 });
    for (const atMs of [1, 2, 3]) adjust(books, 1, atMs);
    function kept(): number | undefined {
      return sql.all<{ n: number }>('SELECT count(*) AS n FROM movements')[0]?.n;
    }
    sweepLedger(books, MOVEMENT_KEPT_MS);
    expect(kept()).toBe(5);
    sweepLedger(books, MOVEMENT_KEPT_MS + 10);
    expect(kept()).toBe(5);
    sql.run('UPDATE ledger_cursor SET published_to = 3');
    sweepLedger(books, MOVEMENT_KEPT_MS + 10);
    expect(kept()).toBe(2);
    sql.run('UPDATE ledger_cursor SET published_to = 5');
    sweepLedger(books, 2 * MOVEMENT_KEPT_MS);
    expect(kept()).toBe(1);
    adjust(books, 1, 2 * MOVEMENT_KEPT_MS);
    expect(books.stock.changedSince(5)).toEqual([['TEA', 5]]);
    expect(books.stock.changedSince(2)).toBeNull();
    expect(sql.all('SELECT count(*) AS n FROM causes')).toEqual([{ n: 2 }]);
  });
});
