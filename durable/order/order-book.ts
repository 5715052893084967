import type { Actor } from '../../contracts/actor.ts';
import type { OrderView } from '../../contracts/http/orders.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { PlaceRefusal } from '../../contracts/rpc/order.ts';
import { evolve, replay } from '../../domain/order/evolve.ts';
import type { By, LogEntry, OrderEvent, OrderState } from '../../domain/order/order.ts';
import { record } from '../../domain/order/record.ts';
import { nextLookMs } from '../../domain/order/saga.ts';
import type { OpId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ObjectKit } from '../kit/object-kit.ts';
import { announce } from './order-announcements.ts';
import { callsFor } from './order-calls.ts';
import { OrderLog } from './order-log.ts';
import { placeRefusal } from './order-refusals.ts';
import { toOrderView } from './order-view.ts';

type FirstAnswer = Result<OrderView, PlaceRefusal>;

/** What of the kit a book needs. */
type BookKit = Pick<ObjectKit, 'sql' | 'outbox' | 'deadlines' | 'transaction'>;

/** The one deadline of an order: look at it again. */
const LOOK_AGAIN = 'look_again';

/** The order's memory: its log in SQLite and the state folded from it, always in step. */
export class OrderBook {
  readonly #kit: BookKit;
  readonly #log: OrderLog;
  #state: OrderState | null;
  #lookAtMs: number | null;
  #traceparent: string | undefined;
  /** Calls that this very instance put on record and nobody has made yet. */
  readonly #unsent = new Set<OpId>();

  constructor(kit: BookKit) {
    this.#kit = kit;
    this.#log = new OrderLog(kit.sql);
    this.#state = replay(this.#log.all());
    this.#lookAtMs = kit.deadlines.next();
  }

  get state(): OrderState | null {
    return this.#state;
  }

  /** The state of an order that is known to be placed. */
  get placed(): OrderState {
    if (this.#state === null) throw new Error('the order was never placed');
    return this.#state;
  }

  /** Every fact on record, in order. */
  entries(): readonly LogEntry[] {
    return this.#log.all();
  }

  /** The trace of whoever asked last, for what follows from it. */
  follow(traceparent: string | undefined): void {
    this.#traceparent = traceparent;
  }

  get traceparent(): string | undefined {
    return this.#traceparent;
  }

  /** Facts, what follows from them, their events and messages: all in one transaction, or none. Inside one only. */
  record(events: readonly OrderEvent[], by: By, nowMs: number): void {
    const recorded = record(this.#state, this.#log.head(), events, { atMs: nowMs, by });
    if (recorded === null) return;
    let state = this.#state;
    for (const entry of recorded.entries) {
      const before = state;
      state = evolve(before, entry);
      this.#log.append(entry);
      announce(this.#kit.outbox, before, state, entry, this.#traceparent);
      for (const call of callsFor(before, state, entry, this.#traceparent)) this.#kit.outbox.call(call, nowMs);
      if (entry.event.type === 'call.started') this.#unsent.add(entry.event.opId);
    }
    this.#state = recorded.state;
    if (recorded.state.status !== 'PENDING') this.keepFirstAnswer();
    this.#planLook(nowMs);
  }

  /** Runs a transaction that records. */
  transaction<T>(body: () => T): T {
    return this.inStep(() => this.#kit.transaction(body));
  }

  /** Runs what contains a transaction that records; if it fails, memory goes back to what the log says. */
  inStep<T>(recording: () => T): T {
    try {
      return recording();
    } catch (cause) {
      this.#reload();
      throw cause;
    }
  }

  #reload(): void {
    this.#state = replay(this.#log.all());
    this.#lookAtMs = this.#kit.deadlines.next();
    this.#unsent.clear();
  }

  /** True once for a call that is certain not to have been made; false when it may have been, before a crash. */
  takeUnsent(opId: OpId): boolean {
    return this.#unsent.delete(opId);
  }

  /** The answer to whoever placed the order, kept from the first time on so that a retry is told the same. */
  keepFirstAnswer(): FirstAnswer {
    const kept = this.#log.firstAnswer();
    if (kept !== null) return readOwnJson<FirstAnswer>(kept);
    const state = this.placed;
    const customer: Actor = { kind: 'customer', userId: state.terms.customerId };
    const refusal = placeRefusal(state);
    const answer: FirstAnswer = refusal === null ? ok(toOrderView(state, customer)) : err(refusal);
    this.#log.keepFirstAnswer(JSON.stringify(answer));
    return answer;
  }

  hasFirstAnswer(): boolean {
    return this.#log.firstAnswer() !== null;
  }

  /** Makes sure that the alarm comes back as long as the order waits for something. */
  lookAgain(nowMs: number): void {
    this.#lookAtMs = null;
    this.#planLook(nowMs);
  }

  /** One row, moved only when the order must be looked at earlier: a look that finds nothing to do costs less than a write. */
  #planLook(nowMs: number): void {
    const wanted = nextLookMs(this.placed, nowMs);
    if (wanted === null) {
      if (this.#lookAtMs !== null) this.#kit.deadlines.clear(LOOK_AGAIN, '');
      this.#lookAtMs = null;
    } else if (this.#lookAtMs === null || wanted < this.#lookAtMs || this.#lookAtMs <= nowMs) {
      this.#kit.deadlines.set(LOOK_AGAIN, '', wanted);
      this.#lookAtMs = wanted;
    }
  }
}
