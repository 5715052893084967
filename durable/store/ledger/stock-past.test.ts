import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerPoint, StockThen } from '../../../contracts/rpc/store-stock.ts';
import { levelOf } from '../../../domain/inventory/ledger.ts';
import type { MovementKind } from '../../../domain/inventory/ledger.ts';
import { NO_STOCK } from '../../../domain/inventory/stock-level.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { DAY_MS, execute, levelIn, operation } from '../../../test/support/goods-commands.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { answerQuestion } from '../question-table.ts';
import { MOVEMENT_KEPT_MS } from './ledger-compaction.ts';

const TEA = asSku('TEA');
const MILK = asSku('MILK');

/** A movement as the test remembers it. */
interface Line {
  readonly atMs: number;
  readonly kind: MovementKind;
  readonly quantity: number;
}

/** The store's answer, however often it takes to get it. */
function stockAt(
  world: StoreWorld,
  asOfMs: number,
  nowMs: number,
): { readonly found: StockThen; readonly answers: number } {
  let from: LedgerPoint | undefined;
  for (let answers = 1; ; answers += 1) {
    const question = { ask: 'AskStock', actor: operation().actor, sku: TEA, asOfMs, ...(from && { from }) } as const;
    const asked = answerQuestion(world.books, question, nowMs);
    if (!asked.ok || asked.value === null) throw new Error('no answer');
    if (!('goOnFrom' in asked.value)) return { found: asked.value, answers };
    from = asked.value.goOnFrom;
  }
}
/** The ledger replayed up to a moment. */
function replayed(lines: readonly Line[], atMs: number): Pick<StockThen, 'level' | 'sequence'> {
  const until = lines.filter((line) => line.atMs <= atMs);
  const level = until.reduce((sum, { kind, quantity }) => levelOf(new Map([[kind, quantity]]), sum), NO_STOCK);
  return { level, sequence: until.length };
}
function linesOf(world: StoreWorld): Line[] {
  return world.sql
    .all<{ at_ms: number; kind: MovementKind; quantity: number }>(
      'SELECT at_ms, kind, quantity FROM ledger WHERE sku = ? ORDER BY position',
      TEA,
    )
    .map(({ at_ms: atMs, kind, quantity }) => ({ atMs, kind, quantity }));
}
function endOfDay(atMs: number): number {
  return (Math.floor(atMs / DAY_MS) + 1) * DAY_MS - 1;
}
/** What the auditor and the log have done so far, and what is old is folded. */
function fold(world: StoreWorld, nowMs: number, limit: number): void {
  world.books.auditing.balances.addUp(Number.MAX_SAFE_INTEGER);
  world.sql.run('UPDATE ledger_cursor SET published_to = (SELECT max(position) FROM movements)');
  world.books.compact(nowMs, limit);
}

const STEP_MS = 3 * 60 * 60 * 1000;
const anyChange = fc.record({
  /** Often the same moment as the one before. */
  afterSteps: fc.integer({ min: 0, max: 9 }),
  sku: fc.constantFrom(TEA, TEA, MILK),
  quantity: fc.integer({ min: -3, max: 5 }).filter((units) => units !== 0),
  blocks: fc.boolean(),
});

describe('the stock of a past moment', () => {
  it('is the ledger replayed up to then, whatever was audited, and by day once it is folded [I7]', () => {
    const bases = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(anyChange, { minLength: 1, maxLength: 40 }),
        fc.nat({ max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat({ max: 420 }), { minLength: 1, maxLength: 12 }),
        (changes, auditedAfter, foldedAtOnce, moments) => {
          const world = openStoreWorld({ TEA: 3, MILK: 3 });
          let nowMs = 0;
          for (const [i, { afterSteps, sku, quantity, blocks }] of changes.entries()) {
            nowMs += afterSteps * STEP_MS;
            if (blocks)
              execute(world, { do: 'BlockStock', sku, quantity: Math.abs(quantity), reason: 'DAMAGED' }, nowMs);
            else execute(world, { do: 'AdjustStock', sku, quantity, reason: 'MISCOUNTED' }, nowMs);
            if (i === auditedAfter) world.books.auditing.balances.addUp(Number.MAX_SAFE_INTEGER);
          }
          const lines = linesOf(world);
          const asked = moments.map((step) => Math.min(nowMs, step * STEP_MS + (step % 3) - 1)).filter((at) => at >= 0);
          for (const at of asked) {
            const exact = { sku: TEA, basis: 'MOMENT', asOfMs: at, ...replayed(lines, at) };
            expect(stockAt(world, at, nowMs).found).toEqual(exact);
          }
          fold(world, nowMs, foldedAtOnce);
          for (const at of asked) {
            const { found: then } = stockAt(world, at, nowMs);
            expect(then).toEqual({ sku: TEA, basis: then.basis, asOfMs: then.asOfMs, ...replayed(lines, then.asOfMs) });
            expect(then.asOfMs).toBe(then.basis === 'MOMENT' ? at : endOfDay(at));
            bases.add(then.basis);
            const isKept = at >= nowMs - MOVEMENT_KEPT_MS || (linesKept(world)[0] ?? nowMs) <= at;
            expect(then.basis === 'MOMENT' || !isKept).toBe(true);
          }
        },
      ),
      { numRuns: 80 },
    );
    expect(bases).toEqual(new Set(['MOMENT', 'END_OF_DAY']));
  });

  it('is nothing before the first movement, and not known of later than now [I7]', () => {
    const world = openStoreWorld({ TEA: 0, MILK: 2 });
    execute(world, { do: 'AdjustStock', sku: TEA, quantity: 4, reason: 'FOUND' }, 100);
    expect(stockAt(world, 99, 100).found).toEqual({
      sku: TEA,
      basis: 'MOMENT',
      asOfMs: 99,
      sequence: 0,
      level: NO_STOCK,
    });
    expect(stockAt(world, 100, 100).found).toMatchObject({ sequence: 1, level: { available: 4 } });
    for (const asOfMs of [101, -1, 0.5, Number.NaN]) {
      const question = { ask: 'AskStock', actor: operation().actor, sku: TEA, asOfMs } as const;
      expect(answerQuestion(world.books, question, 100)).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
    }
  });

  it('is of the end of its day where the day is folded, and says so [I7]', () => {
    const world = openStoreWorld({ TEA: 0 });
    const morning = 10 * DAY_MS + 8 * 3_600_000;
    execute(world, { do: 'AdjustStock', sku: TEA, quantity: 4, reason: 'FOUND' }, morning);
    execute(world, { do: 'AdjustStock', sku: TEA, quantity: -1, reason: 'MISCOUNTED' }, morning + 3_600_000);
    const nowMs = 15 * DAY_MS;
    execute(world, { do: 'AdjustStock', sku: TEA, quantity: 9, reason: 'FOUND' }, nowMs);
    fold(world, nowMs, 100);
    const then = { basis: 'END_OF_DAY', asOfMs: 11 * DAY_MS - 1, sequence: 2, level: { available: 3 } };
    expect(stockAt(world, morning, nowMs).found).toMatchObject(then);
    expect(stockAt(world, 9 * DAY_MS, nowMs).found).toMatchObject({
      basis: 'END_OF_DAY',
      sequence: 0,
      level: NO_STOCK,
    });
    expect(stockAt(world, nowMs - 1, nowMs).found).toMatchObject({ basis: 'MOMENT', sequence: 2 });
  });

  it('is what its movements add up to also while its level is wrong [I7] [R1]', () => {
    const world = openStoreWorld({ TEA: 6 });
    world.sql.run("UPDATE stock SET available = 5, blocked = 1 WHERE sku = 'TEA'");
    expect(levelIn(world, 'TEA')).toMatchObject({ available: 5 });
    expect(stockAt(world, 10, 10).found).toMatchObject({ level: { available: 6, blocked: 0 } });
  });

  it('is found in bounded steps in a long ledger, backwards and forwards [I7]', () => {
    const world = openStoreWorld({ TEA: 9, MILK: 1 });
    world.sql.run(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000)
      INSERT INTO movements (position, cause, sku, sequence, kind, quantity, after)
      SELECT 100 + i, 1, 'MILK', 1 + i, 'promoted', 1, '[]' FROM n`);
    execute(world, { do: 'AdjustStock', sku: TEA, quantity: -4, reason: 'MISCOUNTED' }, 5);
    expect(stockAt(world, 5, 9)).toMatchObject({ found: { sequence: 2, level: { available: 5 } }, answers: 3 });
    world.books.auditing.balances.addUp(Number.MAX_SAFE_INTEGER);
    expect(stockAt(world, 5, 9)).toMatchObject({ found: { sequence: 2, level: { available: 5 } }, answers: 1 });
    world.sql.run('UPDATE causes SET at_ms = 1 WHERE cause = 1');
    expect(stockAt(world, 0, 9)).toMatchObject({ found: { sequence: 0, level: NO_STOCK }, answers: 3 });
  });
});

/** When the movements were made that are still rows. */
function linesKept(world: StoreWorld): number[] {
  return world.sql.all<{ at_ms: number }>('SELECT at_ms FROM ledger ORDER BY position').map((row) => row.at_ms);
}
