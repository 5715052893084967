import { actorId } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { CourierPosition, NotePayment } from '../../contracts/rpc/order.ts';
import { notePayment } from '../../domain/order/decide.ts';
import type { Decision } from '../../domain/order/decide.ts';
import { arrivedAt } from '../../domain/order/delivery.ts';
import type { By, OrderState, OrderTerms } from '../../domain/order/order.ts';
import { providerOf } from '../../domain/order/payment-method.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectEnv } from '../env.ts';
import { ObjectKit } from '../kit/object-kit.ts';
import { requireVersion } from '../kit/version.ts';
import { customerStub, storeStub } from '../stubs.ts';
import { isAskedStore, isServingStore } from './order-access.ts';
import { OrderBook } from './order-book.ts';
import { offeredGateway } from './order-gateways.ts';
import { ORDER_MIGRATIONS } from './order-migrations.ts';
import { PaymentInbox } from './payment-inbox.ts';
import { SagaRunner } from './saga-runner.ts';
import { Watchers } from './watchers.ts';

/** The parts of an order's object, put together once it has an order to keep. */
export class OrderParts {
  readonly book: OrderBook;
  readonly runner: SagaRunner;
  readonly kit: ObjectKit;
  readonly watchers: Watchers;
  readonly inbox: PaymentInbox;
  readonly #ctx: DurableObjectState;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    this.#ctx = ctx;
    this.kit = new ObjectKit({
      ctx,
      env,
      name: 'order',
      migrations: ORDER_MIGRATIONS,
      onDeadline: async () => {
        await this.runner.run();
        this.book.lookAgain(Date.now());
      },
    });
    this.book = new OrderBook(this.kit);
    this.inbox = new PaymentInbox(this.kit.sql);
    this.watchers = new Watchers(ctx, this.kit.sql, () => this.book.state);
    this.runner = new SagaRunner({
      book: this.book,
      parties: {
        store: (id) => storeStub(env, id),
        gateway: (terms) => offeredGateway(env, terms),
        wallet: (id) => customerStub(env, id),
      },
      nowMs: () => Date.now(),
      jitter: () => Math.random(),
      recorded: () => {
        this.#show();
      },
      rested: () => {
        this.kit.settle();
      },
    });
  }

  /** Whether an order was ever placed in this object. */
  static isOpen(ctx: DurableObjectState): boolean {
    return ctx.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'order_log'").toArray().length > 0;
  }

  /** The first fact of an order. Its transaction also sets the alarm that carries the saga on after a crash. */
  place(terms: OrderTerms, command: Command): void {
    requireVersion(command);
    this.book.follow(command.traceparent);
    this.book.inStep(() =>
      this.kit.commit(() => {
        this.book.record([{ type: 'order.placed', ...terms }], byOf(command), Date.now());
      }),
    );
  }

  /** One command: decided, recorded and answered once; what follows from it goes on behind the answer. */
  tell<E, R extends Refusal>(
    method: string,
    command: Command,
    rule: (state: OrderState, nowMs: number) => Decision<E>,
    toRefusal: (error: E) => R,
  ): Result<null, R | Refusal<'OP_ID_REUSED'>> {
    requireVersion(command);
    this.book.follow(command.traceparent);
    try {
      return this.book.inStep(() =>
        this.kit.once(method, command, (nowMs): Result<null, R> => {
          const { events, answer } = rule(this.book.placed, nowMs);
          this.book.record(events, byOf(command), nowMs);
          return answer.ok ? answer : err(toRefusal(answer.error));
        }),
      );
    } finally {
      this.#show();
      this.carryOn();
    }
  }

  /** As `tell`, from a store that serves the order, or did before it sent the order back: then it is late, and no news. */
  hearStore<E, R extends Refusal>(
    method: string,
    command: Command,
    rule: (state: OrderState, nowMs: number) => Decision<E>,
    toRefusal: (error: E) => R,
  ): Result<null, R | Refusal<'FORBIDDEN' | 'OP_ID_REUSED'>> {
    const { actor } = command;
    if (!isAskedStore(this.book.placed, actor))
      return err(refuse('FORBIDDEN', 'Only the store of this order says so.'));
    return this.tell(
      method,
      command,
      (state, nowMs) => (isServingStore(state, actor) ? rule(state, nowMs) : NO_NEWS),
      toRefusal,
    );
  }

  /** A notice of the order's own provider, once for ever: it is kept, and what it may have changed is asked about behind the answer. */
  hearProvider(command: NotePayment): void {
    requireVersion(command);
    if (command.provider !== providerOf(this.book.placed.terms)) return;
    this.book.follow(command.traceparent);
    const nowMs = Date.now();
    this.book.inStep(() =>
      this.kit.commit(() => {
        if (!this.inbox.take(command.provider, command.providerEventId, nowMs)) return;
        this.book.record(notePayment(this.book.placed).events, byOf(command), nowMs);
      }),
    );
    this.carryOn();
  }

  /** Carries the saga on in the background. What breaks there is tried again by the alarm, which reports it. */
  carryOn(): void {
    if (this.book.state?.call != null) this.#ctx.waitUntil(this.runner.run().catch(() => undefined));
  }

  /** A ping of the courier: shown, and written down once when it comes from the door. */
  moveCourier(position: CourierPosition): void {
    if (!this.watchers.showCourier(position)) return;
    const { courierId } = position;
    const arrived = arrivedAt(this.book.placed, courierId, position);
    if (arrived.length === 0) return;
    const by = { kind: 'courier', id: courierId };
    this.book.inStep(() => {
      this.kit.commit(() => {
        this.book.record(arrived, by, Date.now());
      });
    });
    this.#show();
  }

  #show(): void {
    this.watchers.showNews();
  }
}

const NO_NEWS: Decision<never> = { events: [], answer: ok(null) };

function byOf({ actor }: Command): By {
  return { kind: actor.kind, id: actorId(actor) };
}
