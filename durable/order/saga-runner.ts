import { afterFailure, afterNotFound, isStillWanted, nextMove } from '../../domain/order/ask-first.ts';
import type { CallKnown } from '../../domain/order/ask-first.ts';
import type { OpenCall } from '../../domain/order/order.ts';
import { conclude } from '../../domain/order/outcome.ts';
import type { CallOutcome } from '../../domain/order/outcome.ts';
import type { OrderBook } from './order-book.ts';
import { askAbout, makeCall } from './saga-calls.ts';
import type { SagaParties } from './saga-calls.ts';

/** Calls of one run: hold at ten stores, pay, commit, undo. A run that wants more has a loop and stops here. */
const CALLS_PER_RUN = 40;

export interface SagaRunnerDeps {
  readonly book: OrderBook;
  readonly parties: SagaParties;
  nowMs(): number;
  /** 0..1 */
  jitter(): number;
  /** After each transaction: watchers get their deltas. */
  recorded(): void;
  /** When a run has come to rest: its rows are drained. */
  rested(): void;
}

/**
 * Carries the order on as far as it goes by itself: the call on record is made, its outcome recorded, the next one recorded and
 * made. One run at a time; whoever asks for another one joins it.
 */
export class SagaRunner {
  readonly #deps: SagaRunnerDeps;
  #running: Promise<void> | null = null;

  constructor(deps: SagaRunnerDeps) {
    this.#deps = deps;
  }

  /** Settles when the order waits for somebody else or for the clock. */
  run(): Promise<void> {
    this.#running ??= this.#carryOn().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Runs, and runs again when a retry falls due before `untilMs`: for a customer who waits. */
  async runUntil(untilMs: number): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      await this.run();
      const { status, call } = this.#deps.book.placed;
      const waitMs = (call?.retryAtMs ?? 0) - this.#deps.nowMs();
      if (status !== 'PENDING' || call === null || this.#deps.nowMs() + waitMs > untilMs) return;
      // oxlint-disable-next-line no-await-in-loop -- the wait before a retry
      await scheduler.wait(Math.max(1, waitMs));
    }
  }

  async #carryOn(): Promise<void> {
    const { book } = this.#deps;
    try {
      this.#lookAtClock();
      for (let calls = 0; calls < CALLS_PER_RUN; calls += 1) {
        const { call } = book.placed;
        if (call === null || (call.retryAtMs ?? 0) > this.#deps.nowMs()) return;
        // oxlint-disable-next-line no-await-in-loop -- each step rests on the outcome of the one before
        const outcome = await this.#outcomeOf(call);
        this.#conclude(call, outcome);
      }
    } finally {
      this.#deps.rested();
    }
  }

  /** What falls due by the clock alone, such as a payment that was not approved in time. */
  #lookAtClock(): void {
    const { call } = this.#deps.book.placed;
    // The outcome of a call that is made now brings it along; one that waits for its turn must not keep it back.
    if (call !== null && (call.retryAtMs ?? 0) <= this.#deps.nowMs()) return;
    this.#record([]);
  }

  #conclude(call: OpenCall, outcome: CallOutcome): void {
    const context = { nowMs: this.#deps.nowMs(), jitter: this.#deps.jitter() };
    // The state may have moved while the call was under way: the outcome is judged by what is true now.
    this.#record(conclude(this.#deps.book.placed, call.opId, outcome, context));
  }

  #record(events: ReturnType<typeof conclude>): void {
    const { book } = this.#deps;
    const itself = { kind: 'object', id: book.placed.terms.orderId };
    book.transaction(() => {
      book.record(events, itself, this.#deps.nowMs());
    });
    this.#deps.recorded();
  }

  /** Makes the moves that the rule chooses until one of them brings an outcome: at most a call, a question and a call. */
  async #outcomeOf(call: OpenCall): Promise<CallOutcome> {
    const { book, parties } = this.#deps;
    let known: CallKnown = book.takeUnsent(call.opId) ? { seen: 'not yet' } : { seen: 'perhaps', failure: null };
    for (;;) {
      const move = nextMove(known, isStillWanted(book.placed, call));
      if (typeof move !== 'string') return move;
      try {
        // oxlint-disable-next-line no-await-in-loop -- each move rests on what the one before found out
        if (move === 'make') return await makeCall(parties, book.placed, call, book.traceparent);
        // oxlint-disable-next-line no-await-in-loop -- as above
        const found = await askAbout(parties, book.placed, call);
        if (found !== null) return found;
        known = afterNotFound(known);
      } catch (cause) {
        known = afterFailure(known, String(cause));
      }
    }
  }
}
