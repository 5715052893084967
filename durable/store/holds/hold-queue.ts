import { refuse } from '../../../contracts/problem.ts';
import type { HoldRefusal, HoldView } from '../../../contracts/rpc/store.ts';
import { err } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { HoldOp } from './hold-batch.ts';

type Answer = Result<HoldView, HoldRefusal>;

/** Holds that wait at most; beyond them the platform would start to refuse by itself, in words that callers must not retry. */
export const WAITING_MAX = 5_000;
/** How long a hold that finds no room in a turn waits for one at most: whoever asked has given up or asked again by then. */
export const WAIT_MAX_MS = 250;
/** Holds decided in one transaction. */
export const BATCH_MAX = 500;

interface Waiting {
  readonly op: HoldOp;
  readonly sinceMs: number;
  readonly answer: (answer: Answer) => void;
  readonly fail: (cause: unknown) => void;
}

export interface BatchDesk {
  /** Decides and commits a batch, or throws with nothing changed. */
  decide(ops: readonly HoldOp[]): readonly Answer[];
  nowMs(): number;
  /** Resolves in the object's next turn, after the calls that are there by now have come in. */
  nextTurn(): Promise<void>;
  report(cause: unknown): void;
}

/**
 * Groups holds into batches, for calls are many and a commit is dear: one that finds nobody waiting is decided at once, those that
 * come while its commit is under way are decided together in the next turn. Bounded: over it the answer is STORE_BUSY, and
 * nothing is remembered.
 */
export class HoldQueue {
  readonly #desk: BatchDesk;
  #waiting: Waiting[] = [];
  /** The first so many of them were there at the last turn and had no room in it. */
  #passedOver = 0;
  #turning = false;
  constructor(desk: BatchDesk) {
    this.#desk = desk;
  }

  /** One answer for each op; it rejects only if the op by itself cannot be decided, which is a bug. */
  hold(ops: readonly HoldOp[]): Promise<Answer>[] {
    const sinceMs = this.#desk.nowMs();
    const answers = ops.map((op) => {
      if (this.#waiting.length >= WAITING_MAX) return Promise.resolve(err(busy()));
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      this.#waiting.push({ op, sinceMs, answer: resolve, fail: reject });
      return promise;
    });
    if (!this.#turning) {
      this.#flush();
      void this.#turn();
    }
    return answers;
  }

  async #turn(): Promise<void> {
    this.#turning = true;
    do {
      // oxlint-disable-next-line no-await-in-loop -- one batch a turn
      await this.#desk.nextTurn();
    } while (this.#flush() > 0);
    this.#turning = false;
  }

  /** Decides what waits, the longest waiting first; returns how many there were. */
  #flush(): number {
    const batch = this.#waiting.splice(0, BATCH_MAX);
    const tooOldMs = this.#desk.nowMs() - WAIT_MAX_MS;
    // Only a queue makes a hold too old. A turn that takes long does not: to refuse what it brought would throw away all that this
    // has cost by then, and a crowd that makes turns long would get nothing at all.
    const passedOver = this.#passedOver;
    this.#passedOver = this.#waiting.length;
    const firstFresh = batch.findIndex(({ sinceMs }, at) => at >= passedOver || sinceMs >= tooOldMs);
    const fresh = firstFresh === -1 ? [] : batch.slice(firstFresh);
    for (const { answer } of batch.slice(0, batch.length - fresh.length)) answer(err(busy()));
    if (fresh.length > 0) this.#decide(fresh);
    return batch.length;
  }

  #decide(batch: readonly Waiting[]): void {
    try {
      const answers = this.#desk.decide(batch.map(({ op }) => op));
      for (const [i, { answer, fail }] of batch.entries()) {
        const given = answers[i];
        if (given === undefined) fail(new Error('a hold was not answered'));
        else answer(given);
      }
    } catch (cause) {
      if (batch.length === 1) {
        batch[0]?.fail(cause);
        return;
      }
      this.#desk.report(cause);
      // Something is wrong with one of them: each by itself, so that it harms nobody else.
      for (const waiting of batch) this.#decide([waiting]);
    }
  }
}

/** Nothing was held and nothing is remembered: the same command may be sent again. */
export function busy(): HoldRefusal {
  return refuse('STORE_BUSY', 'Too many ask this store at once; ask again in a moment.', { retryAfterMs: WAIT_MAX_MS });
}
