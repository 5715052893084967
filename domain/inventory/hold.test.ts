import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asChannelId, asHoldId, asOpId, asOrderId, asSku } from '../shared/ids.ts';
import type { ChannelId, HoldId, OrderId, Sku } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import { toBasket } from './basket-lines.ts';
import {
  CART_HOLD_MS,
  CHANNEL_HOLD_MS,
  commitHold,
  expireHold,
  holdBasket,
  ORDER_HOLD_MS,
  promoteHold,
  releaseHold,
  renewHold,
  withdrawHold,
} from './hold.ts';
import type { ForSale, Hold, HoldError, HoldRequest, HoldStep } from './hold.ts';
import { postOnto } from './ledger.ts';
import { APP_CHANNEL, NO_TERMS, takeFenced } from './sellable.ts';
import type { ChannelTerms, StockAccount } from './sellable.ts';
import { conservationGap, NO_STOCK } from './stock-level.ts';
import type { StockLevel } from './stock-level.ts';
import type { StorePolicy } from './store-policy.ts';

const [EGGS, TEA, MILK] = [asSku('EGGS'), asSku('TEA'), asSku('MILK')];
const SKUS = [EGGS, TEA, MILK];
const KIOSK = asChannelId('kiosk');

function holdId(n: number): HoldId {
  return asHoldId(`hld_${String(n).padStart(26, '0')}`);
}
function orderId(n: number): OrderId {
  return asOrderId(`ord_${String(n).padStart(26, '0')}`);
}
function stocked(units: number, over: Partial<StockAccount> = {}): Map<Sku, StockAccount> {
  const level = { ...NO_STOCK, received: units, available: units };
  return new Map(SKUS.map((sku) => [sku, { level, sequence: 0, safetyUnits: 0, quarantined: false, ...over }]));
}
function shelf(units: number, over: Partial<StockAccount> = {}, terms: ChannelTerms = NO_TERMS): ForSale {
  return { accounts: stocked(units, over), terms };
}
function basket(quantities: Record<string, number>): HoldRequest['lines'] {
  const lines = Object.entries(quantities).map(([sku, quantity]) => ({ sku: asSku(sku), quantity }));
  const merged = toBasket(lines, { linesMax: 100, quantityMax: 99 });
  if (!merged.ok) throw new Error(merged.error.code);
  return merged.value;
}
function ask(quantities: Record<string, number>, nowMs = 0): HoldRequest {
  const owner = orderId(1);
  const terms = { holdId: holdId(1), opId: asOpId('op-00000001'), kind: 'order', orderId: owner, owner } as const;
  const rest = { channel: APP_CHANNEL, forMs: ORDER_HOLD_MS, policy: null, nowMs };
  return { ...terms, ...rest, lines: basket(quantities) };
}
function askCart(quantities: Record<string, number>, policy: StorePolicy | null = null): HoldRequest {
  return { ...ask(quantities), kind: 'cart', orderId: null, owner: 'usr_1', forMs: CART_HOLD_MS, policy };
}
function must(step: Result<HoldStep, HoldError>): HoldStep {
  if (!step.ok) throw new Error(step.error.code);
  return step.value;
}
function tombstoneOf(request: HoldRequest): Parameters<typeof releaseHold>[1] {
  return { ...request, lines: [], setAside: [], renewed: false };
}
const held = must(holdBasket(undefined, shelf(5), ask({ TEA: 2 }))).hold;
const committed = must(commitHold(held, { orderId: orderId(1) })).hold;
const released = releaseHold(held, tombstoneOf(ask({ TEA: 2 }))).hold;
const tombstone = releaseHold(undefined, tombstoneOf(ask({ TEA: 2 }))).hold;
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

  it('leaves the safety stock alone, and a quarantined SKU as a whole', () => {
    function short(over: Partial<StockAccount>): Result<HoldStep, HoldError> {
      return holdBasket(undefined, shelf(5, over), ask({ TEA: 4 }));
    }
    expect(short({ safetyUnits: 1 })).toMatchObject({ ok: true });
    expect(short({ safetyUnits: 2 })).toMatchObject({ error: { shortages: [{ sku: TEA, available: 3 }] } });
    expect(short({ quarantined: true })).toMatchObject({ error: { shortages: [{ sku: TEA, available: 0 }] } });
  });

  it.each([
    ['the same basket again is the same hold', held, { TEA: 2 }, { hold: held, movements: [], fences: [] }],
    ['also once it is committed', committed, { TEA: 2 }, { hold: committed, movements: [], fences: [] }],
  ])('%s [X3]', (_rule, existing, quantities, value) => {
    expect(holdBasket(existing, shelf(5), ask(quantities))).toEqual({ ok: true, value });
  });

  it.each([
    ['another basket under its id is refused', held, { TEA: 3 }, 'HOLD_ID_REUSED'],
    ['also once it is given back', withdrawHold(held), { TEA: 3 }, 'HOLD_ID_REUSED'],
    ['a tombstone refuses whatever comes', tombstone, { TEA: 3 }, 'HOLD_RELEASED'],
    ['a released one is gone', released, { TEA: 2 }, 'HOLD_RELEASED'],
    ['an expired one is gone', expired, { TEA: 2 }, 'HOLD_EXPIRED'],
  ])('%s [X3]', (_rule, existing, quantities, code) => {
    expect(holdBasket(existing, shelf(5), ask(quantities))).toEqual({ ok: false, error: { code } });
  });

  it.each([
    ['owner', { owner: 'usr_2' }],
    ['channel', { channel: KIOSK }],
    ['time', { forMs: 30_000 }],
  ])('refuses another %s under the id [X3]', (_what, other) => {
    const again = { ...ask({ TEA: 2 }), ...other };
    expect(holdBasket(held, shelf(5), again)).toMatchObject({ error: { code: 'HOLD_ID_REUSED' } });
  });
});

describe('a cart', () => {
  it('has less time than an order [I4] [K2]', () => {
    const cart = must(holdBasket(undefined, shelf(5), askCart({ TEA: 1 })));
    expect(cart.hold).toMatchObject({ expiresAtMs: CART_HOLD_MS });
  });

  it.each([
    ['cart', { TEA: 2, EGGS: 1 }],
    ['scarce', { EGGS: 1 }],
    ['checkout', {}],
  ] as const)('sets aside by the policy "%s" [K2]', (holdOn, kept) => {
    const forSale = shelf(50);
    const level = { ...NO_STOCK, received: 10, available: 10 };
    const accounts = new Map(forSale.accounts).set(EGGS, { level, sequence: 0, safetyUnits: 0, quarantined: false });
    const request = askCart({ TEA: 2, EGGS: 1 }, { holdOn, scarceAtUnits: 10 });
    const step = must(holdBasket(undefined, { ...forSale, accounts }, request));
    expect(step.hold.lines).toEqual(basket({ TEA: 2, EGGS: 1 }));
    expect(Object.fromEntries(step.hold.setAside.map(({ sku, quantity }) => [sku, quantity]))).toEqual(kept);
    expect(Object.fromEntries(step.movements.map(({ sku, quantity }) => [sku, quantity]))).toEqual(kept);
  });

  it('is refused when a line is short that the policy would not set aside [K2]', () => {
    const request = askCart({ TEA: 6, EGGS: 1 }, { holdOn: 'checkout', scarceAtUnits: 0 });
    expect(holdBasket(undefined, shelf(5), request)).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', shortages: [{ sku: TEA, requested: 6, available: 5 }] },
    });
  });

  it('is renewed once, for as long as it was asked for, also late', () => {
    const cart = must(holdBasket(undefined, shelf(5), askCart({ TEA: 1 }))).hold;
    const renewed = must(renewHold(cart, CART_HOLD_MS + 5)).hold;
    expect(renewed).toMatchObject({ renewed: true, expiresAtMs: 2 * CART_HOLD_MS + 5 });
    expect(renewHold(renewed, 1)).toEqual({ ok: false, error: { code: 'HOLD_NOT_RENEWABLE' } });
    expect(renewHold(held, 1)).toEqual({ ok: false, error: { code: 'HOLD_NOT_RENEWABLE' } });
    expect(renewHold(undefined, 1)).toEqual({ ok: false, error: { code: 'HOLD_NOT_FOUND' } });
  });
});

describe('promoting a cart hold', () => {
  const cart = must(holdBasket(undefined, shelf(5), askCart({ TEA: 2 }))).hold;

  it('gives it to the order with the time to pay, even when late, and the ledger tells of it', () => {
    const late = CART_HOLD_MS + 1;
    const step = must(promoteHold(cart, shelf(3), { orderId: orderId(1), nowMs: late }));
    expect(step).toMatchObject({
      hold: { kind: 'order', orderId: orderId(1), expiresAtMs: late + ORDER_HOLD_MS },
      movements: [{ kind: 'promoted', sku: TEA, quantity: 2 }],
    });
    const again = must(promoteHold(step.hold, shelf(3), { orderId: orderId(1), nowMs: late + 9 }));
    expect(again).toEqual({ hold: step.hold, movements: [], fences: [] });
    expect(promoteHold(step.hold, shelf(3), { orderId: orderId(2), nowMs: late })).toMatchObject({
      error: { code: 'HOLD_ID_REUSED' },
    });
  });

  it('takes nothing of the longer time that a channel was promised', () => {
    const forMs = CHANNEL_HOLD_MS.max;
    const long = must(holdBasket(undefined, shelf(5), { ...askCart({ TEA: 2 }), channel: KIOSK, forMs })).hold;
    function at(nowMs: number): Hold {
      return must(promoteHold(long, shelf(3), { orderId: orderId(1), nowMs })).hold;
    }
    expect(at(1)).toMatchObject({ expiresAtMs: forMs });
    expect(at(forMs)).toMatchObject({ expiresAtMs: forMs + ORDER_HOLD_MS });
  });

  it('sets the rest aside in the same step, or names what is short and leaves the cart as it is [I3]', () => {
    const request = askCart({ TEA: 2, EGGS: 4 }, { holdOn: 'checkout', scarceAtUnits: 0 });
    const soft = must(holdBasket(undefined, shelf(5), request)).hold;
    expect(soft.setAside).toEqual([]);
    const step = must(promoteHold(soft, shelf(4), { orderId: orderId(1), nowMs: 0 }));
    expect(step.hold.setAside).toMatchObject([
      { sku: EGGS, quantity: 4 },
      { sku: TEA, quantity: 2 },
    ]);
    expect(step.movements.map(({ kind, sku }) => `${kind} ${sku}`)).toEqual([
      'held EGGS',
      'held TEA',
      'promoted EGGS',
      'promoted TEA',
    ]);
    expect(promoteHold(soft, shelf(3), { orderId: orderId(1), nowMs: 0 })).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', shortages: [{ sku: EGGS, requested: 4, available: 3 }] },
    });
  });

  it.each([
    [undefined, 'HOLD_NOT_FOUND'],
    [released, 'HOLD_RELEASED'],
    [expired, 'HOLD_EXPIRED'],
  ])('refuses what is not there (%#)', (existing, code) => {
    const refused = { ok: false, error: { code } };
    expect(promoteHold(existing, shelf(5), { orderId: orderId(1), nowMs: 0 })).toEqual(refused);
    expect(commitHold(existing, { orderId: orderId(1) })).toEqual(refused);
  });
});

describe('committing', () => {
  it('allocates while the hold is there, whatever the time, and once', () => {
    const step = must(commitHold(held, { orderId: orderId(1) }));
    expect(step.hold).toMatchObject({ orderId: orderId(1), lines: held.lines, status: 'COMMITTED' });
    expect(step.movements).toEqual([{ kind: 'allocated', sku: TEA, quantity: 2 }]);
    expect(must(commitHold(committed, { orderId: orderId(1) })).movements).toEqual([]);
    expect(commitHold(held, { orderId: orderId(2) })).toMatchObject({ error: { code: 'HOLD_ID_REUSED' } });
  });

  it('takes less than was held and releases the rest in the same step', () => {
    const whole = must(holdBasket(undefined, shelf(5), ask({ TEA: 3, EGGS: 2 }))).hold;
    const step = must(commitHold(whole, { orderId: orderId(1), lines: basket({ TEA: 1 }) }));
    expect(step.movements).toEqual([
      { kind: 'allocated', sku: TEA, quantity: 1 },
      { kind: 'released', sku: EGGS, quantity: 2 },
      { kind: 'released', sku: TEA, quantity: 2 },
    ]);
    expect(step.hold).toMatchObject({ lines: whole.lines, setAside: [{ sku: TEA, quantity: 1 }] });
  });

  it('never takes more than was held', () => {
    expect(commitHold(held, { orderId: orderId(1), lines: basket({ TEA: 3, EGGS: 1 }) })).toMatchObject({
      error: {
        code: 'INSUFFICIENT_STOCK',
        shortages: [
          { sku: EGGS, requested: 1, available: 0 },
          { sku: TEA, requested: 3, available: 2 },
        ],
      },
    });
  });

  it('knows no cart: it belongs to no order before it is promoted', () => {
    const cart = must(holdBasket(undefined, shelf(5), askCart({ TEA: 2 }))).hold;
    expect(commitHold(cart, { orderId: orderId(1) })).toMatchObject({ error: { code: 'HOLD_NOT_FOUND' } });
  });
});

describe('releasing', () => {
  const left = tombstoneOf(ask({ TEA: 2 }));

  it('gives the units back once', () => {
    const step = releaseHold(held, left);
    expect(step.movements).toEqual([{ kind: 'released', sku: TEA, quantity: 2 }]);
    expect(releaseHold(step.hold, left).movements).toEqual([]);
  });

  it('leaves a tombstone when it overtakes its hold, which is then refused', () => {
    const { hold } = releaseHold(undefined, left);
    expect(hold).toMatchObject({ status: 'RELEASED', lines: [], opId: null });
    expect(holdBasket(hold, shelf(5), ask({ TEA: 1 }))).toMatchObject({ error: { code: 'HOLD_RELEASED' } });
  });

  it('does not touch an allocation', () => {
    expect(releaseHold(committed, left)).toEqual({ hold: committed, movements: [], fences: [] });
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

describe('a channel’s ring-fence', () => {
  const terms: ChannelTerms = {
    bufferUnits: new Map(),
    fences: new Map([[TEA, [{ channel: KIOSK, allocationUnits: 3, unusedUnits: 3 }]]]),
  };
  const kiosk = { ...askCart({ TEA: 4 }), channel: KIOSK, owner: KIOSK };

  it('is taken from first and given back by what was taken, whichever way the hold ends [I10]', () => {
    const step = must(holdBasket(undefined, shelf(5, {}, terms), kiosk));
    expect(step.hold.setAside).toEqual([{ sku: TEA, quantity: 4, fencedUnits: 3 }]);
    expect(step.fences).toEqual([{ sku: TEA, units: -3 }]);
    expect(releaseHold(step.hold, tombstoneOf(kiosk)).fences).toEqual([{ sku: TEA, units: 3 }]);
    expect(expireHold(step.hold, CART_HOLD_MS)?.fences).toEqual([{ sku: TEA, units: 3 }]);
    const order = must(promoteHold(step.hold, shelf(1, {}, terms), { orderId: orderId(1), nowMs: 0 }));
    expect(order.fences).toEqual([]);
    expect(must(commitHold(order.hold, { orderId: orderId(1), lines: basket({ TEA: 1 }) })).fences).toEqual([
      { sku: TEA, units: 2 },
    ]);
  });

  it('is out of others’ reach [I10]', () => {
    expect(holdBasket(undefined, shelf(5, {}, terms), ask({ TEA: 3 }))).toMatchObject({
      error: { shortages: [{ sku: TEA, requested: 3, available: 2 }] },
    });
  });
});

/** A store of three SKUs that plays commands as the object does: decide, post all movements or none, keep the hold. */
class Shelf {
  readonly accounts: Map<Sku, StockAccount>;
  readonly holds = new Map<HoldId, Hold>();
  terms: ChannelTerms;
  constructor(units: number, fenced: number) {
    this.accounts = stocked(units);
    const fence = { channel: KIOSK, allocationUnits: fenced, unusedUnits: fenced };
    this.terms = { bufferUnits: new Map([[KIOSK, 1]]), fences: new Map([[TEA, [fence]]]) };
  }
  take(step: Result<HoldStep, HoldError>): void {
    if (!step.ok) return;
    const { hold, movements, fences } = step.value;
    const posted = postOnto(this.accounts, movements);
    if (!posted.ok) throw new Error(`${posted.error.kind} of ${posted.error.sku} was decided and cannot be posted`);
    this.terms = takeFenced(this.terms, hold.channel, fences);
    this.holds.set(hold.holdId, hold);
  }
  /** The level of a SKU beside what the holds say of it. */
  at(sku: Sku): { level: StockLevel; held: number; allocated: number } {
    const level = this.accounts.get(sku)?.level ?? NO_STOCK;
    return { level, held: this.units(sku, 'HELD'), allocated: this.units(sku, 'COMMITTED') };
  }
  units(sku: Sku, status: Hold['status']): number {
    const holds = [...this.holds.values()].filter((hold) => hold.status === status);
    const lines = holds.flatMap((hold) => hold.setAside).filter((line) => line.sku === sku);
    return lines.reduce((units, line) => units + line.quantity, 0);
  }
  /** Units of the ring-fence: unused, in holds, and used up for good. */
  fence(): { unused: number; inHolds: number } {
    const unused = this.terms.fences.get(TEA)?.[0]?.unusedUnits ?? 0;
    const alive = [...this.holds.values()].filter(({ status }) => status === 'HELD');
    const kept = alive.flatMap(({ setAside }) => setAside);
    return { unused, inHolds: kept.reduce((units, { fencedUnits }) => units + fencedUnits, 0) };
  }
}
const anyBasket = fc.dictionary(fc.constantFrom('EGGS', 'TEA', 'MILK'), fc.integer({ min: 1, max: 4 }), { minKeys: 1 });
const anyPolicy = fc.record({
  holdOn: fc.constantFrom('cart' as const, 'scarce' as const, 'checkout' as const),
  scarceAtUnits: fc.nat(6),
});
const anyCommand = fc.record({
  do: fc.constantFrom('hold', 'renew', 'promote', 'commit', 'commitPart', 'release', 'expire'),
  id: fc.integer({ min: 1, max: 6 }),
  order: fc.integer({ min: 1, max: 2 }),
  basket: anyBasket,
  as: fc.constantFrom('order', 'cart', 'kiosk'),
  policy: anyPolicy,
  nowMs: fc.integer({ min: 0, max: 2 * ORDER_HOLD_MS }),
});

describe('any sequence of commands', () => {
  it('never oversells, conserves units, and keeps exactly what its holds say [I3] [I5] [I10]', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8 }),
        fc.nat(4),
        fc.array(anyCommand, { maxLength: 40 }),
        (units, fenced, commands) => {
          const store = new Shelf(units, fenced);
          for (const { do: act, id, order, basket: wanted, as, policy, nowMs } of commands) {
            const existing = store.holds.get(holdId(id));
            const who = { holdId: holdId(id), orderId: orderId(order), nowMs };
            if (act === 'hold') {
              const channel: ChannelId = as === 'kiosk' ? KIOSK : APP_CHANNEL;
              const cart = { ...askCart(wanted, as === 'cart' ? policy : null), channel, holdId: holdId(id), nowMs };
              store.take(holdBasket(existing, store, as === 'order' ? { ...ask(wanted, nowMs), ...who } : cart));
            }
            if (act === 'renew') store.take(renewHold(existing, nowMs));
            if (act === 'promote') store.take(promoteHold(existing, store, who));
            if (act === 'commit') store.take(commitHold(existing, who));
            if (act === 'commitPart') store.take(commitHold(existing, { ...who, lines: basket(wanted) }));
            if (act === 'release') {
              const left = { ...tombstoneOf(ask({ TEA: 1 })), holdId: holdId(id) };
              store.take({ ok: true, value: releaseHold(existing, left) });
            }
            const expiring = act === 'expire' ? expireHold(existing, nowMs) : undefined;
            if (expiring !== undefined) store.take({ ok: true, value: expiring });
            for (const sku of SKUS) {
              const { level, ...byHolds } = store.at(sku);
              expect(conservationGap(level)).toBe(0);
              expect(level).toMatchObject(byHolds);
              expect(level.held + level.allocated).toBeLessThanOrEqual(units);
            }
            const { unused, inHolds } = store.fence();
            expect(unused).toBeGreaterThanOrEqual(0);
            expect(unused + inHolds).toBeLessThanOrEqual(fenced);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
