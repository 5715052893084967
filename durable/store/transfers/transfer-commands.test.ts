import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../contracts/actor.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { StoreCommand } from '../../../contracts/rpc/store-commands.ts';
import { asLotId, asSku, asUserId } from '../../../domain/shared/ids.ts';
import { execute } from '../../../test/support/goods-commands.ts';
import { eventsIn } from '../../../test/support/store-world.ts';
import {
  SKUS,
  UNITS,
  EAST,
  WEST,
  OPERATOR,
  TwoStores,
  otherThan,
  numbered,
  line,
  sendTo,
  receiveAt,
  callBackAt,
} from '../../../test/support/two-stores.ts';

/** Many small databases on a busy machine. */
const PATIENCE_MS = 60_000;

/** How the two ends name the same state once every message has arrived. */
const AGREED = new Map<string, string>([
  ['IN_TRANSIT', 'EXPECTED'],
  ['CANCELLED', 'CLOSED'],
  ['RECEIVED', 'RECEIVED'],
]);

const anyStore = fc.constantFrom(EAST, WEST);
const anyLines = fc
  .dictionary(fc.constantFrom(...SKUS), fc.integer({ min: 1, max: 4 }), { minKeys: 1 })
  .map((units) => Object.entries(units).map(([sku, quantity]) => line(sku, quantity)));
type Step = (stores: TwoStores) => unknown;
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(anyStore, fc.nat(3), anyLines).map(
      ([at, n, lines]) =>
        (s: TwoStores) =>
          sendTo(s, at, n, lines),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(anyStore, fc.nat(3), anyLines).map(
      ([at, n, lines]) =>
        (s: TwoStores) =>
          receiveAt(s, at, n, lines),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(anyStore, fc.nat(3)).map(
      ([at, n]) =>
        (s: TwoStores) =>
          callBackAt(s, at, n),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(anyStore, fc.constantFrom('arrives', 'arrives', 'answer lost', 'receiver dies')).map(
      ([from, fate]) =>
        (s: TwoStores) =>
          s.deliver(from, fate),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(20).map((n) => (s: TwoStores) => {
      s.again(n);
    }),
  },
  {
    weight: 1,
    arbitrary: anyStore.map((at) => (s: TwoStores) => {
      s.crash(at);
    }),
  },
  {
    weight: 1,
    arbitrary: anyStore.map((at) => (s: TwoStores) => {
      s.forget(at);
    }),
  },
  { weight: 1, arbitrary: fc.constant((s: TwoStores) => s.sleep()) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyStore, fc.constantFrom(...SKUS), fc.constantFrom('SOON', 'LATE'))
      .map(([at, sku, lot]) => (s: TwoStores) => {
        const recall = { do: 'RecallLot', sku: asSku(sku), lotId: asLotId(lot), reason: 'QUALITY' } as const;
        s.tell(at, { ...s.by(), ...recall });
      }),
  },
);

describe('transfers between two stores', () => {
  it(
    'lose, double and sell too late nothing, lot by lot, whatever is delayed, repeated, recalled, old or dies [I10]',
    () => {
      fc.assert(
        fc.property(fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
          const stores = new TwoStores('lots');
          execute(stores.at(WEST), { do: 'SetSellByMargin', sku: null, days: 3 });
          const lots = stores.lots();
          for (const step of steps) {
            step(stores);
            for (const sku of SKUS) expect(stores.unitsOf(sku)).toBe(2 * UNITS);
            expect(stores.lots()).toEqual(lots);
            expect(stores.wronglyOnSale()).toEqual([]);
            for (const at of [EAST, WEST]) expect(stores.at(at).books.auditing.wrongLots()).toEqual([]);
          }
          stores.settle();
          for (const sku of SKUS) expect(stores.unitsOf(sku)).toBe(2 * UNITS);
          expect(stores.lots()).toEqual(lots);
          for (const origin of [EAST, WEST]) {
            expect(stores.at(origin).books.audit().discrepancies).toEqual([]);
            for (const { transferId, status, received } of stores.listed(origin, 'OUT')) {
              const there = stores.listed(otherThan(origin), 'IN').find((other) => other.transferId === transferId);
              const agreed = AGREED.get(status);
              expect([there?.status, there?.received]).toEqual([agreed, received]);
            }
          }
        }),
        { numRuns: 40 },
      );
    },
    PATIENCE_MS,
  );

  it('arrive: the units are on the way between, and what is missing at the door is named [I10]', () => {
    const stores = new TwoStores();
    expect(sendTo(stores, EAST, 1)).toMatchObject({ ok: true, value: { status: 'IN_TRANSIT', direction: 'OUT' } });
    expect(
      stores
        .at(EAST)
        .books.stock.accounts([asSku('TEA')])
        .get(asSku('TEA'))?.level,
    ).toMatchObject({
      available: 6,
      transferredOut: 4,
    });
    stores.settle();
    expect(receiveAt(stores, WEST, 1, [line('TEA', 3)])).toMatchObject({
      ok: true,
      value: { status: 'RECEIVED', lost: [line('TEA', 1)] },
    });
    stores.settle();
    expect(stores.listed(EAST, 'OUT')).toMatchObject([{ status: 'RECEIVED', lost: [line('TEA', 1)] }]);
    expect(eventsIn(stores.at(EAST), STORE_EVENTS, 'transfer.delivered')).toEqual([
      { transferId: 'TN-000001', otherStoreId: WEST, lines: 1, units: 4, lostUnits: 1 },
    ]);
  });

  it('come back when they are called back before they were received, and not after', () => {
    const stores = new TwoStores();
    sendTo(stores, EAST, 1);
    sendTo(stores, EAST, 2, [line('EGGS', 2)]);
    stores.settle();
    receiveAt(stores, WEST, 1);
    callBackAt(stores, EAST, 1);
    callBackAt(stores, EAST, 2);
    expect(receiveAt(stores, WEST, 2, [line('EGGS', 2)])).toMatchObject({ ok: true });
    sendTo(stores, EAST, 3, [line('EGGS', 2)]);
    callBackAt(stores, EAST, 3);
    stores.settle();
    expect(receiveAt(stores, WEST, 3, [line('EGGS', 2)])).toMatchObject({ error: { code: 'TRANSFER_STATE' } });
    expect(callBackAt(stores, EAST, 1)).toMatchObject({ error: { code: 'TRANSFER_STATE' } });
    const ends = stores.listed(EAST, 'OUT').map(({ transferId, status }) => `${transferId} ${status}`);
    expect(ends.toSorted()).toEqual(['TN-000001 RECEIVED', 'TN-000002 RECEIVED', 'TN-000003 CANCELLED']);
  });
});

describe('a transfer is refused', () => {
  const staff: Actor = { kind: 'staff', userId: asUserId(`usr_${'0'.repeat(26)}`), storeId: WEST };
  const customer: Actor = { kind: 'customer', userId: asUserId(`usr_${'0'.repeat(26)}`) };
  const west: Actor = { kind: 'object', object: 'store', id: WEST };
  const order: Actor = { kind: 'object', object: 'order', id: `ord_${'0'.repeat(26)}` };
  const sent = { do: 'SendTransfer', transferId: numbered(1), toStoreId: WEST, lines: [line('TEA', 4)] } as const;
  const said = { transferId: numbered(1), fromStoreId: EAST, lines: [line('TEA', 4)] } as const;

  it.each<[string, Omit<StoreCommand, 'v' | 'opId'>, string]>([
    ['by the staff of another store', { ...sent, actor: staff }, 'FORBIDDEN'],
    ['by a customer', { ...sent, actor: customer }, 'FORBIDDEN'],
    ['of nothing', { ...sent, actor: OPERATOR, lines: [] } as never, 'INVALID_INPUT'],
    ['of half a unit', { ...sent, actor: OPERATOR, lines: [line('TEA', 0.5)] } as never, 'INVALID_INPUT'],
    ['of fewer than none', { ...sent, actor: OPERATOR, lines: [line('TEA', -1)] } as never, 'INVALID_INPUT'],
    ['of 100,001 units', { ...sent, actor: OPERATOR, lines: [line('TEA', 100_001)] } as never, 'INVALID_INPUT'],
    [
      'of 501 lines',
      { ...sent, actor: OPERATOR, lines: Array.from({ length: 501 }, () => line('TEA', 1)) } as never,
      'INVALID_INPUT',
    ],
    ['to the store itself', { ...sent, actor: OPERATOR, toStoreId: EAST } as never, 'INVALID_INPUT'],
    ['of what the store does not sell', { ...sent, actor: OPERATOR, lines: [line('MILK', 1)] } as never, 'UNKNOWN_SKU'],
    ['of more than is free', { ...sent, actor: OPERATOR, lines: [line('TEA', 11)] } as never, 'INSUFFICIENT_STOCK'],
    [
      'that nobody sent',
      { do: 'CancelTransfer', transferId: numbered(9), actor: OPERATOR } as never,
      'TRANSFER_NOT_FOUND',
    ],
    ['announced by a person', { ...said, do: 'ExpectTransfer', actor: OPERATOR } as never, 'FORBIDDEN'],
    ['announced by an order', { ...said, do: 'ExpectTransfer', actor: order } as never, 'FORBIDDEN'],
    ['announced in another store’s name', { ...said, do: 'ExpectTransfer', actor: west } as never, 'FORBIDDEN'],
    ['closed in another store’s name', { ...said, do: 'CloseTransfer', actor: west } as never, 'FORBIDDEN'],
  ])('%s', (_what, command, code) => {
    const stores = new TwoStores();
    const answer = stores.tell(EAST, { ...stores.by(), ...command } as StoreCommand);
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(stores.at(EAST).sql.all('SELECT 1 FROM transfers_out UNION ALL SELECT 1 FROM transfers_in')).toEqual([]);
    expect(stores.unitsOf('TEA')).toBe(2 * UNITS);
  });

  it('when its end is told by a store that it was not sent to', () => {
    const stores = new TwoStores();
    sendTo(stores, EAST, 1);
    const stranger: Actor = { kind: 'object', object: 'store', id: `sto_${'3'.padStart(26, '0')}` };
    const settle = { do: 'SettleTransfer', transferId: numbered(1), end: { outcome: 'CLOSED' } } as const;
    expect(stores.tell(EAST, { ...stores.by(stranger), ...settle })).toMatchObject({
      error: { code: 'TRANSFER_NOT_FOUND' },
    });
    expect(stores.listed(EAST, 'OUT')).toMatchObject([{ status: 'IN_TRANSIT' }]);
  });

  it('when more is received than was sent, or what the store does not sell', () => {
    const stores = new TwoStores();
    sendTo(stores, EAST, 1);
    stores.settle();
    expect(receiveAt(stores, WEST, 1, [line('TEA', 5)])).toMatchObject({
      error: { code: 'INVALID_INPUT', numbers: { sku: 'TEA', quantity: 5, sent: 4 } },
    });
    expect(receiveAt(stores, WEST, 7)).toMatchObject({ error: { code: 'TRANSFER_NOT_FOUND' } });
  });
});
