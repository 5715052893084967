import { describe, expect, test, vi } from 'vitest';
import { candidate, terms } from '../../test/support/order-life.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import type { CreditWallet, CustomerRpc } from '../../contracts/rpc/customer.ts';
import type { HoldRefusal, HoldStock, HoldView, StoreRpc } from '../../contracts/rpc/store.ts';
import type { OrderEvent, OrderTerms } from '../../domain/order/order.ts';
import { providerOf } from '../../domain/order/payment-method.ts';
import type { Provider } from '../../domain/order/payment-method.ts';
import { asHoldId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { CASH_ON_DELIVERY } from '../../integrations/payments/cod.ts';
import type { PaymentGateway, ProviderPayment } from '../../integrations/payments/port.ts';
import {
  authorizeCharge,
  captureCharge,
  refundCharge,
  voidCharge,
} from '../../integrations/payments/sandbox/sandbox-books.ts';
import type { Booking, Charge } from '../../integrations/payments/sandbox/sandbox-books.ts';
import { Deadlines } from '../kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../kit/kit-migrations.ts';
import { migrate } from '../kit/migrate.ts';
import { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { OrderBook } from './order-book.ts';
import { ORDER_MIGRATIONS } from './order-migrations.ts';
import { SagaRunner } from './saga-runner.ts';

/** When a call is cut: before it arrived, or after it was done and before its answer was back. */
type Cut = 'before' | 'after';

/** A store and a provider that keep books, answer an opId they know as before, and can be cut off at any call. */
class World {
  nowMs = 1_700_000_000_000;
  readonly asked: string[] = [];
  readonly #answers = new Map<string, unknown>();
  readonly holds = new Map<string, 'HELD' | 'COMMITTED' | 'RELEASED'>();
  charge: Charge | null = null;
  /** `hold:after` cuts the first hold after it was done. */
  cuts: string[] = [];
  /** A cut call throws; one that hangs never answers, as when the asking instance dies. */
  hangs = false;
  refuses: HoldRefusal | null = null;
  away = false;
  /** A capture that was given up is still on its way, and gets there just before the void. */
  captureOvertakes = false;
  creditedMinor = 0;

  async #call<T>(name: string, opId: string, act: () => T): Promise<T> {
    if (this.away) throw new Error('away');
    this.asked.push(name);
    await this.#cut(`${name}:before`);
    const known = this.#answers.get(opId);
    const answer = known === undefined ? act() : (known as T);
    this.#answers.set(opId, answer);
    await this.#cut(`${name}:after`);
    return answer;
  }

  async #cut(at: string): Promise<void> {
    const index = this.cuts.indexOf(at);
    if (index < 0) return;
    this.cuts.splice(index, 1);
    if (this.hangs) await Promise.withResolvers().promise;
    throw new Error(`cut ${at}`);
  }

  store(): StoreRpc {
    const view = (command: { holdId: HoldStock['holdId'] }, status: HoldView['status']): HoldView => ({
      holdId: command.holdId,
      kind: 'order',
      status,
      lines: [],
      setAside: [],
      ...(status === 'HELD' ? { expiresAtMs: this.nowMs + 600_000 } : {}),
    });
    type HoldAnswer = Result<HoldView, HoldRefusal>;
    return {
      hold: (command) =>
        this.#call('hold', command.opId, (): HoldAnswer => {
          if (this.refuses !== null) return err(this.refuses);
          this.holds.set(command.holdId, 'HELD');
          return ok(view(command, 'HELD'));
        }),
      promote: (command) =>
        this.#call('promote', command.opId, (): HoldAnswer => {
          if (this.holds.get(command.holdId) !== 'HELD') return err({ code: 'HOLD_EXPIRED', detail: '' });
          return ok(view(command, 'HELD'));
        }),
      commit: (command) =>
        this.#call('commit', command.opId, (): HoldAnswer => {
          if (this.holds.get(command.holdId) !== 'HELD') return err({ code: 'HOLD_EXPIRED', detail: '' });
          this.holds.set(command.holdId, 'COMMITTED');
          return ok(view(command, 'COMMITTED'));
        }),
      find: (opId) => {
        if (this.away) throw new Error('away');
        this.asked.push('find hold');
        return Promise.resolve((this.#answers.get(opId) as HoldAnswer | undefined) ?? null);
      },
    } as Partial<StoreRpc> as StoreRpc;
  }

  creditWallet({ opId, amountMinor, currency }: CreditWallet): ReturnType<CustomerRpc['creditWallet']> {
    return this.#call('credit', opId, () => {
      this.creditedMinor += amountMinor;
      return ok({ currency, availableMinor: this.creditedMinor, reservedMinor: 0, entries: [], before: null });
    });
  }

  gateway(provider: Provider): PaymentGateway {
    if (provider === 'cod') return CASH_ON_DELIVERY;
    const book = (name: string, opId: string, booked: () => Booking) =>
      this.#call(name, opId, () => {
        const { charge, answer } = booked();
        this.charge = charge ?? this.charge;
        return answer;
      });
    return {
      provider: 'sandbox',
      onDelivery: false,
      partialCapture: true,
      authorize: (call) => book('authorize', call.opId, () => authorizeCharge(this.charge, call, 'approve')),
      capture: (call) => book('capture', call.opId, () => captureCharge(this.charge, call)),
      void: (call) =>
        book('void', call.opId, () => {
          if (this.captureOvertakes) this.charge = captureCharge(this.charge, call).charge;
          return voidCharge(this.charge, call);
        }),
      refund: (call) => book('refund', call.opId, () => refundCharge(this.charge, call)),
      find: () => {
        if (this.away) throw new Error('away');
        this.asked.push('find payment');
        return Promise.resolve<ProviderPayment | null>(this.charge);
      },
    };
  }
}

/** One order over one database; `wake` is a new instance after a crash, with nothing in memory. */
class Bench {
  readonly world = new World();
  readonly #sql: SqlPort = nodeSql();
  book: OrderBook;
  runner: SagaRunner;

  constructor(over: Partial<OrderTerms> = {}) {
    migrate(this.#sql, 'kit', KIT_MIGRATIONS);
    migrate(this.#sql, 'order', ORDER_MIGRATIONS);
    [this.book, this.runner] = this.#instance();
    this.book.transaction(() => {
      this.book.record([{ type: 'order.placed', ...terms(over) }], { kind: 'customer', id: 'x' }, this.world.nowMs);
    });
  }

  wake(): void {
    [this.book, this.runner] = this.#instance();
  }

  #instance(): [OrderBook, SagaRunner] {
    const sql = this.#sql;
    const book = new OrderBook({
      sql,
      outbox: new Outbox(sql, 'order/x'),
      deadlines: new Deadlines(sql),
      transaction: (body) => sql.transaction(body),
    });
    const runner = new SagaRunner({
      book,
      parties: {
        store: () => this.world.store(),
        gateway: (placed) => this.world.gateway(providerOf(placed)),
        wallet: () => this.world,
      },
      nowMs: () => this.world.nowMs,
      jitter: () => 0,
      recorded: () => undefined,
      rested: () => undefined,
    });
    return [book, runner];
  }

  /** Runs until the order rests, letting the clock jump to each retry as the alarm does. */
  async settle(): Promise<void> {
    for (let looks = 0; looks < 30; looks += 1) {
      await this.runner.run();
      const { call, payment } = this.book.placed;
      if (call === null && payment.at !== 'PENDING') return;
      const due = new Deadlines(this.#sql).next() ?? 0;
      this.world.nowMs = Math.max(this.world.nowMs, due);
    }
    throw new Error('the order never comes to rest');
  }

  rows(table: 'order_log' | 'outbox'): number {
    return this.#sql.all(`SELECT 1 AS row FROM ${table}`).length;
  }

  outbox(): { lane: string; body: string }[] {
    return this.#sql.all<{ lane: string; body: string }>('SELECT lane, body FROM outbox ORDER BY seq');
  }
}

const CUTS: readonly Cut[] = ['before', 'after'];
const [OWN_HOLD, CART_HOLD] = [candidate(1).holdId, asHoldId(`hld_${'9'.repeat(26)}`)];
const CART = { version: 3, hold: { storeId: candidate(1).storeId, holdId: CART_HOLD } };

describe('the runner', () => {
  test('asks for each thing once when all goes well [O10]', async () => {
    const bench = new Bench();
    await bench.settle();
    expect(bench.world.asked).toEqual(['hold', 'authorize', 'commit']);
    expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
  });

  test.each(['hold', 'authorize', 'commit'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'asks what became of a call that was cut (%s), and does it once in effect [X3] [Y4]',
    async (cut) => {
      const bench = new Bench();
      bench.world.cuts = [cut];
      await bench.settle();
      expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
      expect([...bench.world.holds.values()]).toEqual(['COMMITTED']);
      expect(bench.world.charge).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000 });
      const call = cut.slice(0, cut.indexOf(':'));
      const find = call === 'authorize' ? 'find payment' : 'find hold';
      const before = ['hold', 'authorize', 'commit'].slice(0, ['hold', 'authorize', 'commit'].indexOf(call));
      const after = ['hold', 'authorize', 'commit'].slice(before.length + 1);
      // What was done already is found and not done again; what never arrived is asked about, and then made once more.
      const again = cut.endsWith('after') ? [find] : [find, find, call];
      expect(bench.world.asked).toEqual([...before, call, ...again, ...after]);
    },
  );

  test.each(['hold', 'authorize', 'commit'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'goes on after a crash at a call (%s) as if nothing had been [O10]',
    async (cut) => {
      const bench = new Bench();
      bench.world.cuts = [cut];
      bench.world.hangs = true;
      // The first instance gets as far as the cut; then its memory is gone, and the answer with it.
      void bench.runner.run();
      await vi.waitUntil(() => bench.world.cuts.length === 0);
      const logged = bench.rows('order_log');
      bench.wake();
      expect(bench.book.placed.call?.opId).toContain(cut.split(':')[0] === 'authorize' ? 'pay' : cut.split(':')[0]);
      expect(bench.rows('order_log')).toBe(logged);
      await bench.settle();
      expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
      expect([...bench.world.holds.values()]).toEqual(['COMMITTED']);
      expect(bench.world.charge).toMatchObject({ status: 'AUTHORIZED' });
    },
  );

  test.each(['', 'promote:before', 'promote:after'])(
    'takes over what the store keeps for a cart, cut (%s) or not, and holds nothing besides [O10] [K3]',
    async (cut) => {
      for (const dies of [false, true]) {
        const bench = new Bench({ cart: CART });
        bench.world.holds.set(CART_HOLD, 'HELD');
        await settleCut(bench, cut, dies);
        expect(Object.fromEntries(bench.world.holds)).toEqual({ [CART_HOLD]: 'COMMITTED' });
        expect(bench.world.asked).not.toContain('hold');
        expect(settledOf(bench)).toMatchObject([{ outcome: 'CONFIRMED', tookHold: true }]);
      }
    },
  );

  test.each(['', 'promote:before', 'promote:after', 'hold:before', 'hold:after'])(
    'holds anew when the cart’s hold is gone, cut (%s) or not [O10] [K3]',
    async (cut) => {
      for (const dies of [false, true]) {
        const bench = new Bench({ cart: CART });
        await settleCut(bench, cut, dies);
        expect(Object.fromEntries(bench.world.holds)).toEqual({ [OWN_HOLD]: 'COMMITTED' });
        expect(settledOf(bench)).toMatchObject([{ outcome: 'CONFIRMED', tookHold: false }]);
      }
    },
  );

  test('after a crash asks before it does anything again', async () => {
    const bench = new Bench();
    bench.wake();
    await bench.runner.run();
    expect(bench.world.asked.slice(0, 2)).toEqual(['find hold', 'hold']);
  });

  test('does not make a call that nobody has seen and nobody wants any more', async () => {
    const bench = new Bench();
    const { book, world } = bench;
    world.cuts = ['hold:before'];
    world.hangs = true;
    void bench.runner.run();
    await vi.waitUntil(() => world.cuts.length === 0);
    book.transaction(() => {
      book.record(
        [{ type: 'order.cancelled', code: 'BY_CUSTOMER', reason: 'x' }],
        { kind: 'test', id: 'x' },
        world.nowMs,
      );
    });
    bench.wake();
    await bench.settle();
    expect(world.asked).toEqual(['hold', 'find hold']);
    expect([...world.holds.values()]).toEqual([]);
    expect(bench.book.placed).toMatchObject({ status: 'CANCELLED', call: null });
  });

  test.each(CUTS)(
    'captures once when the call is cut %s it is done, and does not ask for it twice [Y4]',
    async (cut) => {
      const bench = new Bench();
      await bench.settle();
      const { book, world } = bench;
      world.asked.length = 0;
      world.cuts = [`capture:${cut}`];
      book.transaction(() => {
        const picked = { type: 'order.ready', picked: [], finalMinor: 4500 } as const;
        book.record([{ type: 'order.picking_started' }, picked], { kind: 'test', id: 'x' }, world.nowMs);
      });
      await bench.settle();
      const find = 'find payment';
      expect(world.asked).toEqual(cut === 'after' ? ['capture', find] : ['capture', find, find, 'capture']);
      expect(world.charge).toMatchObject({ status: 'CAPTURED', capturedMinor: 4500 });
    },
  );

  test('waits for a store that is away, then passes it over and tells it to let go', async () => {
    const bench = new Bench({ candidates: [candidate(1)] });
    bench.world.away = true;
    await bench.settle();
    expect(bench.book.placed.cancellation?.code).toBe('UNAVAILABLE');
    const release = bench.outbox().find(({ lane }) => lane === `object store ${candidate(1).storeId}`);
    expect(release?.body).toContain('"method":"release"');
  });

  test('takes the next store on a shortage, with the basket’s hold there', async () => {
    const bench = new Bench();
    bench.world.refuses = {
      code: 'INSUFFICIENT_STOCK',
      detail: '',
      numbers: { shortages: [{ sku: 'MILK-1L', requested: 3, available: 1 }] },
    };
    const asked = bench.runner.run();
    await asked;
    expect(bench.book.placed.passedOver).toEqual([
      { code: 'INSUFFICIENT_STOCK', shortages: [{ sku: 'MILK-1L', requested: 3, available: 1 }] },
      { code: 'INSUFFICIENT_STOCK', shortages: [{ sku: 'MILK-1L', requested: 3, available: 1 }] },
    ]);
    expect(bench.book.keepFirstAnswer()).toMatchObject({ ok: false, error: { code: 'INSUFFICIENT_STOCK' } });
  });

  test.each(['void', 'refund'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'takes money back once, whatever is cut on the way (%s) [Y7]',
    async (cut) => {
      const bench = new Bench();
      await bench.settle();
      const { book, world } = bench;
      const events = cut.startsWith('refund')
        ? [{ type: 'order.picking_started' as const }, { type: 'order.ready' as const, picked: [], finalMinor: 4500 }]
        : [];
      book.transaction(() => {
        book.record(events, { kind: 'test', id: 'x' }, world.nowMs);
      });
      await bench.settle();
      world.cuts = [cut, cut];
      book.transaction(() => {
        book.record(
          [{ type: 'order.cancelled', code: 'BY_OPERATOR', reason: 'x' }],
          { kind: 'test', id: 'x' },
          world.nowMs,
        );
      });
      await bench.settle();
      expect(world.charge).toMatchObject(
        cut.startsWith('refund')
          ? { status: 'REFUNDED', capturedMinor: 4500, refundedMinor: 4500 }
          : { status: 'VOIDED', capturedMinor: 0 },
      );
      expect(book.placed.status).toBe(cut.startsWith('refund') ? 'REFUNDED' : 'CANCELLED');
    },
  );

  test.each([
    ['refund', 'source', 2000, 0],
    ['credit', 'wallet', 500, 1500],
  ] as const)(
    'gives back in parts, each once, whatever is cut on the way (%s) [Y7]',
    async (call, to, refundedMinor, creditedMinor) => {
      for (const cut of CUTS) {
        const bench = new Bench();
        await bench.settle();
        const { book, world } = bench;
        function tell(...events: readonly OrderEvent[]): Promise<void> {
          book.transaction(() => {
            book.record(events, { kind: 'test', id: 'x' }, world.nowMs);
          });
          return bench.settle();
        }
        await tell({ type: 'order.picking_started' }, { type: 'order.ready', picked: [], finalMinor: 4500 });
        world.cuts = [`refund:${cut}`, `${call}:${cut}`];
        const part = { type: 'refund.requested', cause: 'AMOUNT', reason: 'late' } as const;
        await tell(
          { ...part, refundId: 'part-1', amountMinor: 500, to: 'source' },
          { ...part, refundId: 'part-2', amountMinor: 1500, to },
        );
        expect(book.placed.refunds.every(({ doneAtMs }) => doneAtMs !== null)).toBe(true);
        expect(world.charge).toMatchObject({ status: 'CAPTURED', capturedMinor: 4500, refundedMinor });
        expect(world.creditedMinor).toBe(creditedMinor);
      }
    },
  );

  test('gives the money back when a capture that was given up comes through before the void [Y7]', async () => {
    const bench = new Bench();
    await bench.settle();
    const { book, world } = bench;
    world.cuts = ['capture:before'];
    world.captureOvertakes = true;
    book.transaction(() => {
      const ready = { type: 'order.ready', picked: [], finalMinor: 6000 } as const;
      const cancelled = { type: 'order.cancelled', code: 'BY_OPERATOR', reason: 'x' } as const;
      book.record([{ type: 'order.picking_started' }, ready], { kind: 'test', id: 'x' }, world.nowMs);
      book.record([cancelled], { kind: 'test', id: 'x' }, world.nowMs);
    });
    await bench.settle();
    expect(world.charge).toMatchObject({ status: 'REFUNDED', capturedMinor: 6000, refundedMinor: 6000 });
    expect(book.placed).toMatchObject({ status: 'REFUNDED', payment: { at: 'REFUNDED', amountMinor: 6000 } });
    const told = bench.outbox().flatMap(({ body }) => /"type":"(payment\.[a-z]+)"/.exec(body)?.[1] ?? []);
    expect(told.slice(-2)).toEqual(['payment.captured', 'payment.refunded']);
  });

  test('keeps the log, the events and the deadlines of a step in one transaction', () => {
    const bench = new Bench();
    const before = { log: bench.rows('order_log'), outbox: bench.rows('outbox') };
    expect(() =>
      bench.book.transaction(() => {
        bench.book.record([{ type: 'stock.held', expiresAtMs: 1 }], { kind: 'test', id: 'x' }, 0);
        throw new Error('the disk is full');
      }),
    ).toThrow('the disk is full');
    expect({ log: bench.rows('order_log'), outbox: bench.rows('outbox') }).toEqual(before);
    expect(bench.book.placed.stock.at).toBe('NONE');
  });

  test('gives a cash order to the store without reserving anything [Y1]', async () => {
    const bench = new Bench({ method: 'cod', token: '' });
    await bench.settle();
    expect(bench.world.asked).toEqual(['hold', 'commit']);
    expect(bench.book.placed.payment).toMatchObject({ at: 'AUTHORIZED', onDelivery: true });
  });
});

/** To the end, with one call cut; `dies`: the instance with it, so that another one goes on. */
async function settleCut(bench: Bench, cut: string, dies: boolean): Promise<void> {
  if (cut !== '') bench.world.cuts = [cut];
  if (cut !== '' && dies) {
    bench.world.hangs = true;
    void bench.runner.run();
    await vi.waitUntil(() => bench.world.cuts.length === 0);
    bench.wake();
  }
  await bench.settle();
  expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
}

/** What the customer's object was told. */
function settledOf(bench: Bench): unknown[] {
  const told = bench.outbox().filter(({ lane }) => lane.startsWith('object customer'));
  return told.map(({ body }) => (JSON.parse(body) as { readonly command: unknown }).command);
}
