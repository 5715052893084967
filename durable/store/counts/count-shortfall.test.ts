import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import { asHoldId, asOpId, asOrderId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import { holdStock, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { requestCount, startCount, submitCount } from './count-commands.ts';
import { reportNotFound } from './count-not-found.ts';
import { commitToOrder, releaseStock } from '../holds/hold-commands.ts';
import { expireDue } from '../holds/hold-expiry.ts';
import { receiveGoods } from '../goods/operator-commands.ts';

const SKUS = ['EGGS', 'TEA'].map(asSku);
/** Many small databases on a busy machine. */
const PATIENCE_MS = 60_000;
const OPERATOR = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) } as const;

let ops = 0;
function by() {
  ops += 1;
  return { v: RPC_VERSION, actor: OPERATOR, opId: asOpId(`op-${String(ops).padStart(8, '0')}`) };
}
function ids(n: number) {
  const body = String(n).padStart(26, '0');
  return { holdId: asHoldId(`hld_${body}`), orderId: asOrderId(`ord_${body}`) };
}
function onShelf({ books }: StoreWorld, n: number): number {
  const sku = SKUS[n] ?? asSku('TEA');
  const level = books.stock.accounts([sku]).get(sku)?.level;
  return level === undefined ? 0 : level.available + level.blocked + level.held + level.allocated;
}
/** Counts a shelf until the count is believed: three times at most. */
function count({ books }: StoreWorld, n: number, quantity: number, nowMs: number): void {
  const sku = SKUS[n] ?? asSku('TEA');
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const asked = requestCount(books, { ...by(), do: 'RequestCount', sku }, nowMs);
    const countId = asked.ok ? asked.value.countId : 0;
    startCount(books, { ...by(), do: 'StartCount', countId }, nowMs);
    const made = submitCount(books, { ...by(), do: 'SubmitCount', countId, quantity }, nowMs);
    if (made.ok && made.value.outcome === 'COUNTED') return;
  }
  throw new Error('three counts were not believed');
}

type Step = (world: StoreWorld) => unknown;
const anyId = fc.integer({ min: 1, max: 8 });
const anyLines = fc
  .tuple(fc.nat(3), fc.nat(3))
  .filter((units) => units.some((quantity) => quantity > 0))
  .map((units) => SKUS.map((sku, n) => ({ sku, quantity: units[n] ?? 0 })).filter(({ quantity }) => quantity > 0));
const anyTime = fc.nat(900_000);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(anyId, fc.constantFrom('cart', 'order'), anyLines, anyTime)
      .map(([n, kind, lines, nowMs]) => ({ books }: StoreWorld) => {
        const { holdId, orderId } = ids(n);
        return holdStock(books, { ...by(), holdId, kind, ...(kind === 'order' && { orderId }), lines }, lines, nowMs);
      }),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(anyId, anyTime).map(([n, promisedAtMs]) => ({ books }: StoreWorld) => {
      return commitToOrder(books, { ...by(), ...ids(n), orderNumber: `K-${n}`, promisedAtMs }, 0);
    }),
  },
  {
    weight: 1,
    arbitrary: anyId.map((n) => ({ books }: StoreWorld) => {
      return releaseStock(books, { ...by(), holdId: ids(n).holdId, reason: 'void' }, 0);
    }),
  },
  {
    weight: 1,
    arbitrary: anyTime.map((nowMs) => ({ books }: StoreWorld) => {
      expireDue(books, nowMs);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(1), anyTime).map(([n, atMs]) => ({ books }: StoreWorld) => {
      const sku = SKUS[n] ?? asSku('TEA');
      return reportNotFound(books, { sku, cause: { opId: by().opId }, hand: { actor: OPERATOR, atMs }, orderId: null });
    }),
  },
  {
    weight: 1,
    arbitrary: anyLines.map((lines) => ({ books }: StoreWorld) => {
      const command = by();
      return receiveGoods(books, { ...command, receiptId: `GRN-${command.opId}`, lines }, lines, 0);
    }),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(1), fc.nat(14), anyTime).map(([n, quantity, nowMs]) => (world: StoreWorld) => {
      count(world, n, quantity, nowMs);
      // What was counted is what the ledger has: promises were given up until it fits, and nothing was clamped.
      if (onShelf(world, n) !== quantity) throw new Error(`counted ${quantity}, the ledger has ${onShelf(world, n)}`);
    }),
  },
);

/** Units that holds and open tasks say they have of each SKU. */
function promised({ sql, books }: StoreWorld): { readonly held: number; readonly allocated: number }[] {
  return SKUS.map((sku) => {
    const held = books.discrepancies.heldUnits(sku).reduce((sum, { quantity }) => sum + quantity, 0);
    const allocated = books.discrepancies.allocatedUnits(sku).reduce((sum, { quantity }) => sum + quantity, 0);
    const [level] = sql.all<{ held: number; allocated: number }>(
      'SELECT held, allocated FROM stock WHERE sku = ?',
      sku,
    );
    expect(level).toEqual({ held, allocated });
    return { held, allocated };
  });
}

describe('a recount while holds and allocations exist', () => {
  it(
    'never leaves less than nothing for sale, and every promise that stands is on the shelf [I1] [I3] [R1]',
    () => {
      fc.assert(
        fc.property(fc.array(anyStep, { minLength: 5, maxLength: 40, size: 'max' }), (steps) => {
          const world = openStoreWorld({ EGGS: 6, TEA: 6 });
          for (const step of steps) {
            world.sql.transaction(() => step(world));
            promised(world);
            expect(world.books.audit().discrepancies).toEqual([]);
          }
        }),
        { numRuns: 40 },
      );
    },
    PATIENCE_MS,
  );
});
