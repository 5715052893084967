import type { Refusal } from '../contracts/problem.ts';
import { refuse } from '../contracts/problem.ts';
import type { HoldRefusal, HoldStock, HoldView } from '../contracts/rpc/store.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { err } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { HoldQueue } from './hold-queue.ts';
import type { QueuedHold } from './hold-queue.ts';
import { logLine } from './log.ts';
import { callObject, OVERLOADED } from './object-call.ts';

/** Holds in one call: about 1 ms of the store's time, and half of what it takes at once. */
const BATCH_MAX = 256;
/** How often a request looks whether its hold was sent. A loop whose batch takes longer is followed by another one. */
const LOOK_EVERY_MS = 500;
/** A batch that has not been answered after this is taken for lost. Long, since a slow store must not be asked everything twice. */
const ANSWER_LOST_MS = 2_000;
/** A request's work after its answer is cut at 30 s, and one request makes at most 1,000 calls: a loop is followed well before. */
const LOOP_MAX_MS = 5_000;
const LOOP_BATCHES_MAX = 250;

/** What one request lends: the calls are made in its name and under its `waitUntil`. */
export interface HoldCaller {
  holdMany(storeId: StoreId, commands: readonly HoldStock[]): Promise<readonly Result<HoldView, HoldRefusal>[]>;
  hold(storeId: StoreId, command: HoldStock): Promise<Result<HoldView, HoldRefusal>>;
  waitUntil(work: Promise<unknown>): void;
  /** Running, it tells the platform that the request is alive; a cancelled one costs a seventh of one left to run. */
  timer(ms: number): Timer;
  nowMs(): number;
}

export interface Timer {
  readonly rung: Promise<void>;
  cancel(): void;
}
export type HoldAnswer = Result<HoldView, HoldRefusal | Refusal<'UNAVAILABLE'>>;

interface Loop {
  readonly startedAtMs: number;
  /** When it last sent a batch. */
  beatAtMs: number;
  batches: number;
}
interface Lane {
  readonly storeId: StoreId;
  readonly queue: HoldQueue;
  loop: Loop | null;
}

/**
 * Holds of many requests in one call to the store: while one batch is on its way the next one gathers, so that batches grow
 * with the load by themselves and a lone request waits for nobody.
 *
 * Unlike elsewhere in the isolate, requests here wait for a promise that another request settles. That is safe because
 * - what crosses is plain data: the command one way, the answer the other; stubs, timers and `waitUntil` stay with their request;
 * - with the runtime's `handle_cross_request_promise_resolution` (on by date since 2024-10-14) the waiter's code goes on in its
 *   own context, whoever settles;
 * - the waiter always has a timer of its own running, so the platform never sees it hang;
 * - when the request behind a loop is gone, the others notice by the clock, start a loop of their own, and ask the store again for
 *   what was sent: under the same opId, which has the same answer.
 * https://developers.cloudflare.com/workers/configuration/compatibility-flags/#handling-cross-request-promise-resolution
 */
export class HoldCoalescer {
  readonly #lanes = new Map<StoreId, Lane>();

  /** The store's answer, or `STORE_BUSY` before anything was sent. */
  async hold(storeId: StoreId, command: HoldStock, caller: HoldCaller): Promise<HoldAnswer> {
    const lane = this.#laneOf(storeId);
    // Also who finds the door shut sees to it that somebody serves those inside.
    this.#serve(lane, caller);
    const admitted = lane.queue.admit(command, caller.nowMs());
    if (!admitted.ok) return admitted;
    this.#serve(lane, caller);
    return this.#answerTo(admitted.value, lane, caller);
  }

  async #answerTo(hold: QueuedHold, lane: Lane, caller: HoldCaller): Promise<HoldAnswer> {
    for (;;) {
      const timer = caller.timer(LOOK_EVERY_MS);
      const outcome = await Promise.race([hold.answered, timer.rung]);
      timer.cancel();
      if (outcome !== undefined) return outcome ?? askAgain(hold, lane, caller);
      const nowMs = caller.nowMs();
      if (hold.sentAtMs === null) {
        // Refused here, it is answered by the next turn of this loop.
        if (!lane.queue.refuseOverdue(hold, nowMs)) this.#serve(lane, caller);
      } else if (nowMs - hold.sentAtMs >= ANSWER_LOST_MS) return askAgain(hold, lane, caller);
    }
  }

  /** Starts a loop when holds wait and none is alive: one a store, two for the moment in which one follows another. */
  #serve(lane: Lane, caller: HoldCaller): void {
    const nowMs = caller.nowMs();
    if (lane.queue.size === 0 || (lane.loop !== null && !isOver(lane.loop, nowMs))) return;
    const loop: Loop = { startedAtMs: nowMs, beatAtMs: nowMs, batches: 0 };
    lane.loop = loop;
    caller.waitUntil(this.#run(loop, lane, caller));
  }

  /** Never rejects. Ends when nobody waits any more or another loop has followed. */
  async #run(loop: Loop, lane: Lane, caller: HoldCaller): Promise<void> {
    while (lane.loop === loop) {
      const nowMs = caller.nowMs();
      const batch = lane.queue.take(BATCH_MAX, nowMs);
      if (batch.length === 0) {
        lane.loop = null;
        this.#lanes.delete(lane.storeId);
        return;
      }
      loop.beatAtMs = nowMs;
      loop.batches += 1;
      await send(batch, lane, caller);
      lane.queue.observe(batch.length, caller.nowMs() - nowMs);
    }
  }

  #laneOf(storeId: StoreId): Lane {
    const known = this.#lanes.get(storeId);
    if (known !== undefined) return known;
    const lane: Lane = { storeId, queue: new HoldQueue(), loop: null };
    this.#lanes.set(storeId, lane);
    return lane;
  }
}

function isOver({ startedAtMs, beatAtMs, batches }: Loop, nowMs: number): boolean {
  return nowMs - beatAtMs >= LOOK_EVERY_MS || nowMs - startedAtMs >= LOOP_MAX_MS || batches >= LOOP_BATCHES_MAX;
}

/** Every hold of the batch gets its own answer. One command that breaks the call must not decide for the others. */
async function send(batch: readonly QueuedHold[], { storeId }: Lane, caller: HoldCaller): Promise<void> {
  try {
    const commands = batch.map(({ command }) => command);
    const answers = await askStore(() => caller.holdMany(storeId, commands));
    for (const [i, hold] of batch.entries()) hold.settle(answers.ok ? (answers.value[i] ?? null) : answers);
  } catch (cause) {
    logLine({ event: 'hold_batch_failed', storeId, holds: batch.length, cause: String(cause) });
    for (const hold of batch) hold.settle(null);
  }
}

/** What was sent may have been done: the same command again has the same answer. */
async function askAgain({ command }: QueuedHold, { storeId }: Lane, caller: HoldCaller): Promise<HoldAnswer> {
  const asked = await askStore(() => caller.hold(storeId, command));
  return asked.ok ? asked.value : asked;
}

async function askStore<T>(call: () => Promise<T>): Promise<Result<T, Refusal<'STORE_BUSY'> | Refusal<'UNAVAILABLE'>>> {
  const called = await callObject(call);
  return called.ok || called.error !== OVERLOADED ? called : err(STORE_OVERLOADED);
}

const STORE_OVERLOADED = refuse('STORE_BUSY', 'The store is overloaded. Try again with the same key.', {
  retryAfterMs: 1_000,
});
