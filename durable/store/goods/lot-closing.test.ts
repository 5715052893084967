import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { Actor } from '../../../contracts/actor.ts';
import { pickableUnits, shelfFault } from '../../../domain/inventory/lots.ts';
import { asLotId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import {
  DAY_MS,
  execute,
  goods,
  holdNo,
  levelIn,
  lotDeadline,
  lotsOf,
  moveFor,
  operation,
  orderNo,
  receive,
} from '../../../test/support/goods-commands.ts';
import { eventsIn, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { holdAll } from '../holds/hold-batch.ts';
import { commitToOrder, promoteToOrder, releaseStock } from '../holds/hold-commands.ts';
import { closePastSellBy, shelvesOf, withholdClosed } from './lot-closing.ts';

const MILK = asSku('MILK');
const CUSTOMER = { kind: 'customer', userId: asUserId(`usr_${'7'.repeat(26)}`) } as const;
/** Hundreds of stores and lots, on a machine that has other things to do. */
const SLOW_MS = 120_000;

/** An order holds units, as the object does it. */
function hold(world: StoreWorld, n: number, quantity: number, nowMs: number): string {
  const lines = [{ sku: MILK, quantity }];
  const command = { ...operation(by(n)), holdId: holdNo(n), kind: 'order', orderId: orderNo(n), lines } as const;
  const [held] = holdAll(world.books, [{ command, lines }], nowMs);
  if (held === undefined) throw new Error('not answered');
  return held.ok ? held.value.status : held.error.code;
}
function commit(world: StoreWorld, n: number, nowMs: number): void {
  const task = { orderNumber: `K-${n}`, promisedAtMs: nowMs + n };
  commitToOrder(world.books, { ...operation(by(n)), holdId: holdNo(n), orderId: orderNo(n), ...task }, nowMs);
}
function release(world: StoreWorld, n: number, nowMs: number): void {
  releaseStock(world.books, { ...operation(by(n)), holdId: holdNo(n), reason: 'changed' }, nowMs);
}
function by(n: number): Actor {
  return { kind: 'object', object: 'order', id: orderNo(n) };
}

describe('a lot past its sell-by', () => {
  it('is blocked by the store’s own clock, and the clock is set for the next one', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 4, 'L-1', 5), goods('MILK', 2, 'L-2', 9), goods('MILK', 1)]);
    expect(lotDeadline(world)).toBe(4 * DAY_MS);
    closePastSellBy(world.books, 4 * DAY_MS - 1);
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 7, blocked: 0 });
    closePastSellBy(world.books, 4 * DAY_MS);
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 3, blocked: 4 });
    expect(lotsOf(world, 'MILK')).toEqual({ 'L-1': 'EXPIRED 4/4', 'L-2': 'OPEN 2/0' });
    expect(lotDeadline(world)).toBe(8 * DAY_MS);
    expect(eventsIn(world, STORE_EVENTS, 'lot.expired')).toEqual([{ sku: 'MILK', lotId: 'L-1', shelfUnits: 4 }]);
    const before = world.sql.all('SELECT * FROM stock');
    closePastSellBy(world.books, 4 * DAY_MS);
    expect(world.sql.all('SELECT * FROM stock')).toEqual(before);
  });

  it('is not promised though the clock is late', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 4, 'L-1', 5), goods('MILK', 2, 'L-2', 9)]);
    expect(hold(world, 1, 3, 6 * DAY_MS)).toBe('INSUFFICIENT_STOCK');
    expect(hold(world, 2, 2, 6 * DAY_MS)).toBe('HELD');
  });

  it('ends the cart that kept its units, also when an order comes for the cart before the clock does [R1]', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 4, 'L-1', 5)]);
    const lines = [{ sku: MILK, quantity: 4 }];
    const cart = { ...operation(CUSTOMER), holdId: holdNo(1), kind: 'cart', lines } as const;
    holdAll(world.books, [{ command: cart, lines }], 4 * DAY_MS - 1);
    const order = { ...operation(by(1)), holdId: holdNo(1), orderId: orderNo(1), owner: CUSTOMER.userId };
    expect(promoteToOrder(world.books, order, 4 * DAY_MS)).toMatchObject({
      ok: false,
      error: { code: 'HOLD_RELEASED' },
    });
    expect(levelIn(world, 'MILK')).toMatchObject({ held: 0, blocked: 4 });
    expect(world.books.auditing.wrongHolds()).toEqual([]);
  });

  it('that came too late to be sold is received, and blocked at once', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 4, 'L-1', 5)], 6 * DAY_MS);
    expect(levelIn(world, 'MILK')).toMatchObject({ received: 4, available: 0, blocked: 4 });
  });

  it('takes nothing from orders that fresher goods can serve', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 4, 'L-1', 5), goods('MILK', 4, 'L-2', 9)]);
    hold(world, 1, 4, 0);
    closePastSellBy(world.books, 4 * DAY_MS);
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 0, held: 4, blocked: 4 });
    expect(eventsIn(world, STORE_EVENTS, 'stock.discrepancy_found')).toEqual([]);
  });

  it('takes from orders what nothing else can serve: someone gives way, and the ledger says so [R1]', () => {
    const world = openStoreWorld({ MILK: 0 });
    receive(world, [goods('MILK', 6, 'L-1', 5), goods('MILK', 1, 'L-2', 9)]);
    hold(world, 1, 3, 0);
    commit(world, 1, 0);
    hold(world, 2, 2, 0);
    closePastSellBy(world.books, 4 * DAY_MS);
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 0, held: 0, allocated: 1, blocked: 6 });
    expect(eventsIn(world, STORE_EVENTS, 'stock.discrepancy_found')).toMatchObject([
      { sku: 'MILK', source: 'LOT', expected: 5, counted: 1, shortfall: 4 },
    ]);
  });

  it.each([
    ['more units in its lots than on it', "UPDATE lots SET on_shelf = 99 WHERE sku = 'MILK'"],
    ['other units held than its holds keep', "UPDATE stock SET held = 2, available = 1 WHERE sku = 'MILK'"],
  ])('closes though another shelf has %s: that one is stopped and set right first [R1]', (_what, corruption) => {
    const world = openStoreWorld({ MILK: 0, EGGS: 0 });
    receive(world, [goods('MILK', 3, 'L-1', 5), goods('EGGS', 2, 'L-1', 5)]);
    expect(hold(world, 1, 3, 0)).toBe('HELD');
    const sound = world.sql.all<{ on_shelf: number }>("SELECT on_shelf FROM lots WHERE sku = 'MILK'")[0]?.on_shelf ?? 0;
    world.sql.run(corruption);
    const before = levelIn(world, 'MILK');
    closePastSellBy(world.books, 4 * DAY_MS);
    expect(levelIn(world, 'EGGS')).toMatchObject({ available: 0, blocked: 2 });
    expect(levelIn(world, 'MILK')).toEqual(before);
    expect(world.books.auditing.quarantined()).toEqual([MILK]);
    expect(eventsIn(world, STORE_EVENTS, 'stock.quarantined')).toMatchObject([{ sku: 'MILK' }]);
    expect(lotDeadline(world)).toBeNull();
    expect(hold(world, 2, 1, 4 * DAY_MS)).toBe('INSUFFICIENT_STOCK');

    world.sql.run("UPDATE lots SET on_shelf = ? WHERE sku = 'MILK'", sound);
    expect(execute(world, { do: 'LiftQuarantine', sku: MILK }, 4 * DAY_MS)).toMatchObject({ ok: true });
    expect(levelIn(world, 'MILK')).toMatchObject({ available: 0, held: 0, blocked: 3 });
  });

  it(
    'of many at one moment closes all of them, some at each ring',
    () => {
      const world = openStoreWorld({ MILK: 0 });
      const lots = Array.from({ length: 501 }, (_, i) => goods('MILK', 1, `L-${i}`, 5));
      for (let i = 0; i < lots.length; i += 100) receive(world, lots.slice(i, i + 100));
      closePastSellBy(world.books, 4 * DAY_MS);
      expect(levelIn(world, 'MILK')).toMatchObject({ available: 1, blocked: 500 });
      expect(lotDeadline(world)).toBe(4 * DAY_MS + 1);
      closePastSellBy(world.books, 4 * DAY_MS + 1);
      expect(levelIn(world, 'MILK')).toMatchObject({ available: 0, blocked: 501 });
      expect(lotDeadline(world)).toBeNull();
    },
    SLOW_MS,
  );
});

describe('whatever is received, held, released, picked, put back, lost, and however late the clock is', () => {
  const commands = fc.array(
    fc.oneof(
      fc.record({
        do: fc.constant('receive'),
        lot: fc.constantFrom('A', 'B', 'C', undefined),
        quantity: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({
        do: fc.constantFrom('hold', 'commit', 'release', 'deliver', 'put back'),
        n: fc.integer({ min: 1, max: 6 }),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ do: fc.constantFrom('advance', 'advance and ring') }),
      fc.record({
        do: fc.constantFrom('lose', 'block', 'unblock', 'discard', 'recall'),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
    ),
    { minLength: 5, maxLength: 40 },
  );
  /** An order from its hold to the tote, in one go. */
  function deliver(world: StoreWorld, n: number, quantity: number, nowMs: number): void {
    withholdClosed(world.books, [MILK], nowMs);
    if (levelIn(world, 'MILK').available < quantity) return;
    const entry = { sku: MILK, quantity, opId: operation().opId, orderId: orderNo(n) };
    const hand = { actor: by(n), atMs: nowMs };
    world.books.stock.postTo(
      [
        { ...entry, kind: 'held' },
        { ...entry, kind: 'allocated' },
      ],
      hand,
    );
    world.books.stock.postTo([{ ...entry, kind: 'picked' }], hand);
  }

  type Command = { do: string; n?: number; quantity?: number; lot?: string | undefined };
  const DAY_OF: Readonly<Record<string, number>> = { A: 3, B: 5, C: 8 };

  /** Does one of them; what the rules refuse does nothing. */
  function act(world: StoreWorld, { do: what, n = 1, quantity = 1, lot }: Command, nowMs: number): void {
    const goodsOff = { sku: MILK, quantity };
    if (what === 'receive')
      receive(world, [goods('MILK', quantity, lot, lot === undefined ? undefined : DAY_OF[lot])], nowMs);
    if (what === 'hold') hold(world, n, quantity, nowMs);
    if (what === 'commit') commit(world, n, nowMs);
    if (what === 'release') release(world, n, nowMs);
    if (what === 'lose')
      execute(world, { do: 'AdjustStock', ...goodsOff, quantity: -quantity, reason: 'MISCOUNTED' }, nowMs);
    if (what === 'block') execute(world, { do: 'BlockStock', ...goodsOff, reason: 'IN_DOUBT' }, nowMs);
    if (what === 'unblock') execute(world, { do: 'UnblockStock', ...goodsOff, reason: 'CHECKED' }, nowMs);
    if (what === 'discard')
      execute(world, { do: 'WriteOffStock', ...goodsOff, reason: 'EXPIRY', from: 'blocked' }, nowMs);
    if (what === 'recall')
      execute(world, { do: 'RecallLot', sku: MILK, lotId: asLotId('B'), reason: 'QUALITY' }, nowMs);
    if (what === 'advance and ring') closePastSellBy(world.books, nowMs);
    if (what === 'deliver') deliver(world, n, quantity, nowMs);
    if (what === 'put back') {
      const got = Math.min(quantity, levelIn(world, 'MILK').picked);
      if (got > 0) moveFor(world, 'restocked', { sku: 'MILK', quantity: got, orderId: orderNo(n), atMs: nowMs });
    }
  }

  it(
    'no unit of a lot past its sell-by, and none of a recalled one, is ever reserved [I3]',
    () => {
      fc.assert(
        fc.property(commands, (sequence) => {
          const world = openStoreWorld({ MILK: 0 });
          let nowMs = 0;
          for (const command of sequence) {
            if (command.do.startsWith('advance')) nowMs += DAY_MS;
            const before = levelIn(world, 'MILK');
            act(world, command, nowMs);
            const [shelf] = [...shelvesOf(world.books, [MILK]).values()];
            if (shelf === undefined) throw new Error('no shelf');
            expect(shelfFault(shelf)).toBeUndefined();
            expect(world.books.auditing.wrongLots()).toEqual([]);
            const promised = shelf.level.held + shelf.level.allocated;
            const isPromise = promised > before.held + before.allocated;
            // What was just promised can be served from what may be sold.
            expect(isPromise && promised > pickableUnits(shelf, nowMs)).toBe(false);
          }
        }),
        { numRuns: 100 },
      );
    },
    SLOW_MS,
  );
});
