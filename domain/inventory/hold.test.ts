import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asHoldId, asOrderId, asSku } from '../shared/ids.ts';
import type { HoldId, OrderId, Sku } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import { toBasket } from './basket-lines.ts';
import { conservationGap, NO_STOCK } from './stock-level.ts';
import type { StockLevel } from './stock-level.ts';
import {
  CART_HOLD_MS,
  commitHold,
  expireHold,
  holdBasket,
  ORDER_HOLD_MS,
  promoteHold,
  releaseHold,
  withdrawHold,
} from './hold.ts';
import type { Hold, HoldError, HoldStep } from './hold.ts';
import { post } from './ledger.ts';
import type { Account } from './ledger.ts';

const [EGGS, TEA, MILK] = [asSku('EGGS'), asSku('TEA'), asSku('MILK')];
const SKUS = [EGGS, TEA, MILK];
function holdId(n: number): HoldId {
  return asHoldId(`hld_${String(n).padStart(26, '0')}`);
}
function orderId(n: number): OrderId {
  return asOrderId(`ord_${String(n).padStart(26, '0')}`);
}
function shelf(units: number): Map<Sku, Account> {
  return new Map(SKUS.map((sku) => [sku, { level: { ...NO_STOCK, received: units, available: units }, sequence: 0 }]));
}
function ask(quantities: Record<string, number>, nowMs = 0): Parameters<typeof holdBasket>[2] {
  const lines = Object.entries(quantities).map(([sku, quantity]) => ({ sku: asSku(sku), quantity }));
  const basket = toBasket(lines, { linesMax: 100, quantityMax: 99 });
  if (!basket.ok) throw new Error(basket.error.code);
  return { holdId: holdId(1), kind: 'order', orderId: orderId(1), lines: basket.value, nowMs };
}
function must(step: Result<HoldStep, HoldError>): HoldStep {
  if (!step.ok) throw new Error(step.error.code);
  return step.value;
}
const held = must(holdBasket(undefined, shelf(5), ask({ TEA: 2 }))).hold;
const committed = must(commitHold(held, { orderId: orderId(1) })).hold;
const released = releaseHold(held, { holdId: held.holdId, orderId: orderId(1) }).hold;
const expired = expireHold(held, ORDER_HOLD_MS)?.hold;

describe('holding a basket', () => {
  it('takes the whole basket [I3]', () => {
    const step = must(holdBasket(undefined, shelf(5), ask({ TEA: 5, EGGS: 1 }, 1000)));
    expect(step.hold).toMatchObject({ status: 'HELD', kind: 'order', expiresAtMs: 1000 + ORDER_HOLD_MS });
    expect(step.movements).toEqual([
      { kind: 'held', sku: EGGS, quantity: 1 },
      { kind: 'held', sku: TEA, quantity: 5 },
    ]);
  });

  it('or nothing, and names what is short with what is left [I3]', () => {
    expect(holdBasket(undefined, shelf(5), ask({ TEA: 6, EGGS: 1, MILK: 9 }))).toEqual({
      ok: false,
      error: {
        code: 'INSUFFICIENT_STOCK',
        shortages: [
          { sku: MILK, requested: 9, available: 5 },
          { sku: TEA, requested: 6, available: 5 },
        ],
      },
    });
  });

  it('names a SKU that the store does not sell', () => {
    expect(holdBasket(undefined, shelf(5), ask({ TEA: 1, GOLD: 1 }))).toEqual({
      ok: false,
      error: { code: 'UNKNOWN_SKU', skus: ['GOLD'] },
    });
  });

  it('gives a cart less time than an order [I4]', () => {
    const cart = must(holdBasket(undefined, shelf(5), { ...ask({ TEA: 1 }), kind: 'cart', orderId: null }));
    expect(cart.hold).toMatchObject({ expiresAtMs: CART_HOLD_MS });
  });

  it.each([
    ['the same basket again is the same hold', held, { TEA: 2 }, { ok: true, value: { hold: held, movements: [] } }],
    ['also once it is committed', committed, { TEA: 2 }, { ok: true, value: { hold: committed, movements: [] } }],
    ['another basket under its id is refused', held, { TEA: 3 }, { ok: false, error: { code: 'HOLD_ID_REUSED' } }],
    ['a released one is gone', released, { TEA: 2 }, { ok: false, error: { code: 'HOLD_RELEASED' } }],
    ['an expired one is gone', expired, { TEA: 2 }, { ok: false, error: { code: 'HOLD_EXPIRED' } }],
  ])('%s [X3]', (_rule, existing, quantities, answer) => {
    expect(holdBasket(existing, shelf(5), ask(quantities))).toEqual(answer);
  });

  it('refuses another order under the id', () => {
    expect(holdBasket(held, shelf(5), { ...ask({ TEA: 2 }), orderId: orderId(2) })).toMatchObject({
      error: { code: 'HOLD_ID_REUSED' },
    });
  });
});

describe('promoting a cart hold', () => {
  const cart = must(holdBasket(undefined, shelf(5), { ...ask({ TEA: 2 }), kind: 'cart', orderId: null })).hold;

  it('gives it to the order with the time to pay, even when late', () => {
    const late = CART_HOLD_MS + 1;
    const step = must(promoteHold(cart, { orderId: orderId(1), nowMs: late }));
    expect(step).toMatchObject({
      hold: { kind: 'order', orderId: orderId(1), expiresAtMs: late + ORDER_HOLD_MS },
      movements: [],
    });
    expect(must(promoteHold(step.hold, { orderId: orderId(1), nowMs: late + 9 })).hold).toEqual(step.hold);
    expect(promoteHold(step.hold, { orderId: orderId(2), nowMs: late })).toMatchObject({
      error: { code: 'HOLD_ID_REUSED' },
    });
  });

  it.each([
    [undefined, 'HOLD_NOT_FOUND'],
    [released, 'HOLD_RELEASED'],
    [expired, 'HOLD_EXPIRED'],
  ])('refuses what is not there (%#)', (existing, code) => {
    expect(promoteHold(existing, { orderId: orderId(1), nowMs: 0 })).toEqual({ ok: false, error: { code } });
    expect(commitHold(existing, { orderId: orderId(1) })).toEqual({ ok: false, error: { code } });
  });
});

describe('committing', () => {
  it('allocates while the hold is there, whatever the time, and once', () => {
    expect(must(commitHold(held, { orderId: orderId(1) }))).toEqual({
      hold: { holdId: held.holdId, kind: 'order', orderId: orderId(1), lines: held.lines, status: 'COMMITTED' },
      movements: [{ kind: 'allocated', sku: TEA, quantity: 2 }],
    });
    expect(must(commitHold(committed, { orderId: orderId(1) })).movements).toEqual([]);
    expect(commitHold(held, { orderId: orderId(2) })).toMatchObject({ error: { code: 'HOLD_ID_REUSED' } });
  });
});

describe('releasing', () => {
  it('gives the units back once', () => {
    const step = releaseHold(held, { holdId: held.holdId, orderId: orderId(1) });
    expect(step.movements).toEqual([{ kind: 'released', sku: TEA, quantity: 2 }]);
    expect(releaseHold(step.hold, { holdId: held.holdId, orderId: orderId(1) }).movements).toEqual([]);
  });

  it('leaves a tombstone when it overtakes its hold, which is then refused', () => {
    const tombstone = releaseHold(undefined, { holdId: holdId(1), orderId: orderId(1) }).hold;
    expect(tombstone).toMatchObject({ status: 'RELEASED', lines: [] });
    expect(holdBasket(tombstone, shelf(5), ask({ TEA: 1 }))).toMatchObject({ error: { code: 'HOLD_RELEASED' } });
  });

  it('does not touch an allocation', () => {
    expect(releaseHold(committed, { holdId: held.holdId, orderId: null })).toEqual({ hold: committed, movements: [] });
    expect(withdrawHold(committed).status).toBe('RELEASED');
  });
});

describe('expiring', () => {
  it('gives the units back when the time is over, not before, and only what is held [I4]', () => {
    expect(expireHold(held, ORDER_HOLD_MS - 1)).toBeUndefined();
    expect(expireHold(held, ORDER_HOLD_MS)).toMatchObject({
      hold: { status: 'EXPIRED' },
      movements: [{ kind: 'expired', sku: TEA, quantity: 2 }],
    });
    for (const existing of [undefined, committed, released, expired]) expect(expireHold(existing, 1e9)).toBeUndefined();
  });
});

/** A store of three SKUs that plays commands as the object does: decide, post all movements or none, keep the hold. */
class Shelf {
  accounts: Map<Sku, Account>;
  holds = new Map<HoldId, Hold>();
  constructor(units: number) {
    this.accounts = shelf(units);
  }
  take(step: Result<HoldStep, HoldError>): void {
    if (!step.ok) return;
    const posted = post(this.accounts, step.value.movements);
    if (!posted.ok) throw new Error(`${posted.error.kind} of ${posted.error.sku} was decided and cannot be posted`);
    for (const { sku, sequence, after } of posted.value) this.accounts.set(sku, { level: after, sequence });
    this.holds.set(step.value.hold.holdId, step.value.hold);
  }
  /** The level of a SKU beside what the holds say of it. */
  at(sku: Sku): { level: StockLevel; held: number; allocated: number } {
    const level = this.accounts.get(sku)?.level ?? NO_STOCK;
    return { level, held: this.units(sku, 'HELD'), allocated: this.units(sku, 'COMMITTED') };
  }
  units(sku: Sku, status: Hold['status']): number {
    const holds = [...this.holds.values()].filter((hold) => hold.status === status);
    const lines = holds.flatMap((hold) => hold.lines).filter((line) => line.sku === sku);
    return lines.reduce((units, line) => units + line.quantity, 0);
  }
}
const anyBasket = fc.dictionary(fc.constantFrom('EGGS', 'TEA', 'MILK'), fc.integer({ min: 1, max: 4 }), { minKeys: 1 });
const anyCommand = fc.record({
  do: fc.constantFrom('hold', 'promote', 'commit', 'release', 'expire'),
  id: fc.integer({ min: 1, max: 6 }),
  order: fc.integer({ min: 1, max: 2 }),
  basket: anyBasket,
  cart: fc.boolean(),
  nowMs: fc.integer({ min: 0, max: 2 * ORDER_HOLD_MS }),
});

describe('any sequence of commands', () => {
  it('never oversells, conserves units, and holds exactly what its holds say [I3] [I5]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.array(anyCommand, { maxLength: 40 }), (units, commands) => {
        const store = new Shelf(units);
        for (const { do: act, id, order, basket, cart, nowMs } of commands) {
          const existing = store.holds.get(holdId(id));
          const who = { holdId: holdId(id), orderId: orderId(order), nowMs };
          if (act === 'hold') {
            const request = {
              ...ask(basket, nowMs),
              holdId: holdId(id),
              ...(cart ? { kind: 'cart' as const, orderId: null } : who),
            };
            store.take(holdBasket(existing, store.accounts, request));
          }
          if (act === 'promote') store.take(promoteHold(existing, who));
          if (act === 'commit') store.take(commitHold(existing, who));
          if (act === 'release') store.take({ ok: true, value: releaseHold(existing, who) });
          const expiring = act === 'expire' ? expireHold(existing, nowMs) : undefined;
          if (expiring !== undefined) store.take({ ok: true, value: expiring });
          for (const sku of SKUS) {
            const { level, ...byHolds } = store.at(sku);
            expect(conservationGap(level)).toBe(0);
            expect(level).toMatchObject(byHolds);
            expect(level.held + level.allocated).toBeLessThanOrEqual(units);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
