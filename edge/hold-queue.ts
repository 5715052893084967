import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { HoldRefusal, HoldStock, HoldView } from '../contracts/rpc/store.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';

/** Holds that wait for one store in one isolate: a fifth of a second of what a store takes. */
const HOLDS_MAX = 2_000;
/** While the oldest has waited longer than this, nobody joins: who came now would wait as long. */
const DOOR_SHUT_MS = 500;
/** Nothing is sent that has waited longer than this: its client is about to give up. */
const QUEUED_MAX_MS = 1_000;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;

/** The store's answer; `null` when the question was sent and nobody knows what became of it. */
export type HoldOutcome = Result<HoldView, HoldRefusal | Refusal<'UNAVAILABLE'>> | null;

export interface QueuedHold {
  readonly command: HoldStock;
  readonly queuedAtMs: number;
  /** `null` while nothing was sent: the hold can still be refused and nothing has changed. */
  sentAtMs: number | null;
  readonly answered: Promise<HoldOutcome>;
  /** Only the first call counts. */
  readonly settle: (outcome: HoldOutcome) => void;
}

/** The holds that wait for one store, first come, first served, within bounds of number and age. */
export class HoldQueue {
  readonly #waiting = new Set<QueuedHold>();
  /** How fast it empties, as last seen; at first as an object does that commits one batch after the other. */
  #holdsPerMs = 1;

  get size(): number {
    return this.#waiting.size;
  }

  admit(command: HoldStock, nowMs: number): Result<QueuedHold, Refusal<'STORE_BUSY'>> {
    const [oldest] = this.#waiting;
    const isShut = oldest !== undefined && nowMs - oldest.queuedAtMs > DOOR_SHUT_MS;
    if (isShut || this.#waiting.size >= HOLDS_MAX) return err(this.#busy());
    const { promise: answered, resolve: settle } = Promise.withResolvers<HoldOutcome>();
    const hold: QueuedHold = { command, queuedAtMs: nowMs, sentAtMs: null, answered, settle };
    this.#waiting.add(hold);
    return ok(hold);
  }

  /** The next ones to send, at most `max`. Those that waited too long are refused instead. */
  take(max: number, nowMs: number): readonly QueuedHold[] {
    const batch: QueuedHold[] = [];
    for (const hold of this.#waiting) {
      if (batch.length === max) break;
      if (this.refuseOverdue(hold, nowMs)) continue;
      this.#waiting.delete(hold);
      hold.sentAtMs = nowMs;
      batch.push(hold);
    }
    return batch;
  }

  /** Whether this one had waited too long, unsent: it is refused then, and nothing has changed. */
  refuseOverdue(hold: QueuedHold, nowMs: number): boolean {
    if (hold.sentAtMs !== null || nowMs - hold.queuedAtMs < QUEUED_MAX_MS) return false;
    this.#waiting.delete(hold);
    hold.settle(err(this.#busy()));
    return true;
  }

  /** A batch came back: the pace by which the next refusal says when to come again. */
  observe(holds: number, tookMs: number): void {
    this.#holdsPerMs = holds / Math.max(1, tookMs);
  }

  #busy(): Refusal<'STORE_BUSY'> {
    const emptyInMs = Math.ceil(this.#waiting.size / this.#holdsPerMs);
    const retryAfterMs = Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, emptyInMs));
    return refuse('STORE_BUSY', 'More want this store than it can serve. Nothing was held: try again shortly.', {
      retryAfterMs,
    });
  }
}
