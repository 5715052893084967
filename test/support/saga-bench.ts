import { terms } from './order-life.ts';
import { nodeSql } from './node-sql.ts';
import type { CreditWallet, CustomerRpc } from '../../contracts/rpc/customer.ts';
import type { HoldRefusal, HoldStock, HoldView, StoreRpc } from '../../contracts/rpc/store.ts';
import type { StoreAnswer, StoreCommand, StoreCommandName } from '../../contracts/rpc/store-commands.ts';
import type { OrderTerms } from '../../domain/order/order.ts';
import { providerOf } from '../../domain/order/payment-method.ts';
import type { Provider } from '../../domain/order/payment-method.ts';
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
import { Deadlines } from '../../durable/kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../../durable/kit/kit-migrations.ts';
import { migrate } from '../../durable/kit/migrate.ts';
import { Outbox } from '../../durable/kit/outbox.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { OrderBook } from '../../durable/order/order-book.ts';
import { ORDER_MIGRATIONS } from '../../durable/order/order-migrations.ts';
import { SagaRunner } from '../../durable/order/saga-runner.ts';
import type { SagaParties } from '../../durable/order/saga-calls.ts';

/** When a call is cut: before it arrived, or after it was done and before its answer was back. */
export type Cut = 'before' | 'after';

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
  /** Takes no orders for now: they may wait in its line. */
  paused = false;
  readonly line = new Set<string>();
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
          if (this.paused) return err({ code: 'STORE_CLOSED', detail: '' });
          this.line.clear();
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
      execute: (<N extends StoreCommandName>(command: StoreCommand<N>) =>
        this.#call('join', command.opId, (): StoreAnswer<'JoinLine'> => {
          this.line.add(command.actor.kind === 'object' ? command.actor.id : '');
          return ok({ standing: { place: this.line.size, turnAtMs: this.nowMs + 300_000 } });
        })) as StoreRpc['execute'],
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
export class Bench {
  readonly world = new World();
  readonly sql: SqlPort = nodeSql();
  /** Who is called instead of the world's own. */
  readonly #others: Partial<SagaParties>;
  /** Counts awakenings: an instance that was followed by another one writes nothing any more. */
  #alive = 0;
  book: OrderBook;
  runner: SagaRunner;

  constructor(over: Partial<OrderTerms> = {}, others: Partial<SagaParties> = {}) {
    this.#others = others;
    migrate(this.sql, 'kit', KIT_MIGRATIONS);
    migrate(this.sql, 'order', ORDER_MIGRATIONS);
    [this.book, this.runner] = this.#instance();
    this.book.transaction(() => {
      this.book.record([{ type: 'order.placed', ...terms(over) }], { kind: 'customer', id: 'x' }, this.world.nowMs);
    });
  }

  wake(): void {
    [this.book, this.runner] = this.#instance();
  }

  #instance(): [OrderBook, SagaRunner] {
    const { sql } = this;
    this.#alive += 1;
    const own = this.#alive;
    const book = new OrderBook({
      sql,
      outbox: new Outbox(sql, 'order/x'),
      deadlines: new Deadlines(sql),
      transaction: (body) => {
        if (own !== this.#alive) throw new Error('this instance is gone');
        return sql.transaction(body);
      },
    });
    const runner = new SagaRunner({
      book,
      parties: {
        store: () => this.world.store(),
        gateway: (placed) => this.world.gateway(providerOf(placed)),
        wallet: () => this.world,
        ...this.#others,
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
      const due = new Deadlines(this.sql).next() ?? 0;
      this.world.nowMs = Math.max(this.world.nowMs, due);
    }
    throw new Error('the order never comes to rest');
  }

  /** What the order's alarm does. */
  async alarm(): Promise<void> {
    await this.runner.run();
    this.book.transaction(() => {
      this.book.lookAgain(this.world.nowMs);
    });
  }

  /** When the alarm is set for; never when it is not. */
  nextLookMs(): number {
    return new Deadlines(this.sql).next() ?? Infinity;
  }

  rows(table: 'order_log' | 'outbox'): number {
    return this.sql.all(`SELECT 1 AS row FROM ${table}`).length;
  }

  outbox(): { lane: string; body: string }[] {
    return this.sql.all<{ lane: string; body: string }>('SELECT lane, body FROM outbox ORDER BY seq');
  }
}
