import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Actor } from '../../../contracts/actor.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { readOwnJson } from '../../../contracts/own-json.ts';
import type { DurableCall } from '../../../contracts/rpc/durable-call.ts';
import type { StoreAnswer, StoreCommand, StoreCommandName } from '../../../contracts/rpc/store-commands.ts';
import type { TransferView } from '../../../contracts/rpc/store-transfers.ts';
import { PLACES } from '../../../domain/inventory/stock-level.ts';
import { asOpId, asSku, asStoreId, asTransferId, asUserId } from '../../../domain/shared/ids.ts';
import type { StoreId, TransferId } from '../../../domain/shared/ids.ts';
import { err } from '../../../domain/shared/result.ts';
import { booksOver, eventsIn, openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { OpJournal } from '../../kit/ops.ts';
import { handlerOf } from '../command-table.ts';

const SKUS = ['EGGS', 'TEA'];
const UNITS = 10;
/** Many small databases on a busy machine. */
const PATIENCE_MS = 60_000;
const EAST = asStoreId(`sto_${'1'.padStart(26, '0')}`);
const WEST = asStoreId(`sto_${'2'.padStart(26, '0')}`);
const OPERATOR: Actor = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) };

class Died extends Error {}

/** Two stores and the messages between them, each store's state in its SQLite and nowhere else. */
class TwoStores {
  readonly #worlds = new Map<StoreId, StoreWorld>();
  /** Every message that was ever sent, so that it can come once more. */
  readonly #sent: DurableCall[] = [];
  #ops = 0;

  constructor() {
    for (const storeId of [EAST, WEST]) {
      this.#worlds.set(storeId, openStoreWorld(Object.fromEntries(SKUS.map((sku) => [sku, UNITS])), storeId));
    }
  }

  at(storeId: StoreId): StoreWorld {
    const world = this.#worlds.get(storeId);
    if (world === undefined) throw new Error(`no store ${storeId}`);
    return world;
  }

  by(actor: Actor = OPERATOR) {
    this.#ops += 1;
    return { v: RPC_VERSION, actor, opId: asOpId(`op-${String(this.#ops).padStart(8, '0')}`) };
  }

  /** As the object does it. `dies`: between its decision and its commit. */
  tell<N extends StoreCommandName>(storeId: StoreId, command: StoreCommand<N>, dies = false): StoreAnswer<N> {
    const { sql, books } = this.at(storeId);
    const handler = handlerOf(command);
    const denied = handler.denies(command.actor, storeId) ?? handler.refuses(command);
    if (denied !== undefined) return err(denied);
    return sql.transaction(() => {
      const answer = new OpJournal(sql).once('execute', command, 0, () => handler.decide(books, command, 0));
      if (dies) throw new Died();
      return answer;
    });
  }

  /** One message of the lane to the other store. Returns whether there was one. */
  deliver(from: StoreId, fate: 'arrives' | 'answer lost' | 'receiver dies'): boolean {
    const to = otherThan(from);
    const { outbox } = this.at(from).books;
    const lane = `object store ${to}`;
    const row = outbox.batch(lane)[0];
    if (row === undefined) return false;
    const call = readOwnJson<DurableCall>(row.body);
    this.#sent.push(call);
    if (fate === 'receiver dies') {
      try {
        this.#arrive(call, true);
      } catch (cause) {
        if (!(cause instanceof Died)) throw cause;
      }
      this.crash(to);
      return true;
    }
    this.#arrive(call, false);
    if (fate === 'arrives') outbox.markSent(lane, row.seq, 0);
    return true;
  }

  /** A message that came before comes again, late and out of order, as one does whose sender gave up waiting. */
  again(n: number): void {
    const call = this.#sent[n % Math.max(1, this.#sent.length)];
    if (call !== undefined) this.#arrive(call, false);
  }

  /** The journal forgets after 30 days; what a store knows of its transfers stays. */
  forget(storeId: StoreId): void {
    this.at(storeId).sql.run('DELETE FROM ops');
  }

  crash(storeId: StoreId): void {
    const { sql } = this.at(storeId);
    this.#worlds.set(storeId, { sql, books: booksOver(sql, storeId) });
  }

  settle(): void {
    for (const from of [EAST, WEST, EAST, WEST]) while (this.deliver(from, 'arrives'));
  }

  #arrive(call: DurableCall, dies: boolean): void {
    if (call.to !== 'store' || call.method !== 'execute') throw new Error(`stores do not say ${call.method}`);
    const answer = this.tell(asStoreId(call.id), call.command, dies);
    if (!answer.ok) throw new Error(answer.error.code);
  }

  /** Units of a SKU that are in either store, on the way, or lost and named: what must not change. */
  unitsOf(sku: string): number {
    const [inEast, inWest] = [EAST, WEST].map((storeId) => {
      const level = this.at(storeId)
        .books.stock.accounts([asSku(sku)])
        .get(asSku(sku))?.level;
      if (level === undefined) throw new Error(`no ${sku}`);
      return PLACES.reduce((sum, place) => sum + (place === 'transferredOut' ? 0 : level[place]), 0);
    });
    return (inEast ?? 0) + (inWest ?? 0) + this.#away(EAST, sku) + this.#away(WEST, sku);
  }

  #away(origin: StoreId, sku: string): number {
    const there = this.at(otherThan(origin)).books.transfers;
    return this.listed(origin, 'OUT').reduce((units, { transferId, status, lines }) => {
      if (status === 'CANCELLED') return units;
      const incoming = there.incoming(origin, transferId);
      const arrived = incoming?.status === 'RECEIVED' ? unitsIn(incoming.received, sku) : 0;
      return units + unitsIn(lines, sku) - arrived;
    }, 0);
  }

  listed(storeId: StoreId, direction: 'OUT' | 'IN'): TransferView[] {
    return this.at(storeId)
      .books.transfers.list(999)
      .filter((transfer) => transfer.direction === direction);
  }
}

/** How the two ends name the same state once every message has arrived. */
const AGREED = new Map<string, string>([
  ['IN_TRANSIT', 'EXPECTED'],
  ['CANCELLED', 'CLOSED'],
  ['RECEIVED', 'RECEIVED'],
]);

function otherThan(storeId: StoreId): StoreId {
  return storeId === EAST ? WEST : EAST;
}
function unitsIn(lines: readonly { readonly sku: string; readonly quantity: number }[], sku: string): number {
  return lines.find((one) => one.sku === sku)?.quantity ?? 0;
}
function numbered(n: number): TransferId {
  return asTransferId(`TN-00000${n}`);
}
function line(sku: string, quantity: number) {
  return { sku: asSku(sku), quantity };
}
function sendTo(stores: TwoStores, from: StoreId, n: number, lines = [line('TEA', 4)]) {
  return stores.tell(from, {
    ...stores.by(),
    do: 'SendTransfer',
    transferId: numbered(n),
    toStoreId: otherThan(from),
    lines,
  });
}
function receiveAt(stores: TwoStores, at: StoreId, n: number, lines = [line('TEA', 4)]) {
  return stores.tell(at, {
    ...stores.by(),
    do: 'ReceiveTransfer',
    transferId: numbered(n),
    fromStoreId: otherThan(at),
    lines,
  });
}
function callBackAt(stores: TwoStores, at: StoreId, n: number) {
  return stores.tell(at, { ...stores.by(), do: 'CancelTransfer', transferId: numbered(n) });
}

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
);

describe('transfers between two stores', () => {
  it(
    'lose and double nothing, whatever is delayed, repeated or dies [I10]',
    () => {
      fc.assert(
        fc.property(fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
          const stores = new TwoStores();
          for (const step of steps) {
            step(stores);
            for (const sku of SKUS) expect(stores.unitsOf(sku)).toBe(2 * UNITS);
          }
          stores.settle();
          for (const sku of SKUS) expect(stores.unitsOf(sku)).toBe(2 * UNITS);
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
