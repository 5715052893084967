import { setTimeout as sleep } from 'node:timers/promises';
import { SocketWatcher } from '../../bench/tracking/socket-watcher.ts';
import { UpdatesView } from '../../contracts/http/updates.ts';
import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import { ApiProblem } from '../../scripts/client/api-problem.ts';
import { followEvents } from '../../scripts/client/event-stream.ts';
import type { Operator } from '../../scripts/client/operator.ts';
import { takeDown, type Heard } from './judge-watcher.ts';

const PAUSE_MS = 100;
/** As long as a poll waits: short enough that it asks again within a run. */
const POLL_WAIT_MS = 5_000;

/** After which number a watcher asks to go on, when it has this one; null for after none. */
export type Resume = (lastSeq: number) => number | null;

export const RESUMES = {
  /** As the protocol says. */
  rightly: (lastSeq) => lastSeq,
  /** Three controls: one asks for what it has, one skips one, one says nothing and is taken for new. */
  behind: (lastSeq) => lastSeq - 1,
  ahead: (lastSeq) => lastSeq + 1,
  forgetful: () => null,
} as const satisfies { readonly [how: string]: Resume };

export interface WatcherOptions {
  readonly operator: Operator;
  readonly orderId: string;
  readonly random: () => number;
}

/** What a watcher wrote down, whatever it watches by. */
export class WatchRecord {
  readonly heard: Heard[] = [];
  /** Of each time that it was cut off: until it was connected again. */
  readonly gapsMs: number[] = [];
  #cutAtMs: number | undefined;

  /** The newest number; null before the first. */
  get lastSeq(): number | null {
    return this.heard.at(-1)?.seq ?? null;
  }

  take(frame: TrackingFrame): void {
    const heard = takeDown(frame);
    if (heard !== null) this.heard.push(heard);
  }

  cut(): void {
    this.#cutAtMs ??= performance.now();
  }

  connected(): void {
    if (this.#cutAtMs !== undefined) this.gapsMs.push(performance.now() - this.#cutAtMs);
    this.#cutAtMs = undefined;
  }
}

export interface Watcher {
  readonly orderId: string;
  readonly record: WatchRecord;
  begin(): void;
  /** Settles when nothing of it is under way any more. */
  end(): Promise<void>;
}

/** Over a socket. */
export function watchSocket({ operator, orderId, random }: WatcherOptions, resume: Resume): Watcher {
  const record = new WatchRecord();
  const watcher = new SocketWatcher({
    session: operator,
    orderId,
    random,
    after: () => (record.lastSeq === null ? null : resume(record.lastSeq)),
    onFrame: (frame) => record.take(frame),
    onConnected: () => record.connected(),
    onCut: () => record.cut(),
  });
  return { orderId, record, begin: () => watcher.begin(), end: () => watcher.end() };
}

/** Over server-sent events. */
export class StreamWatcher implements Watcher {
  readonly orderId: string;
  readonly record = new WatchRecord();
  readonly #operator: Operator;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor({ operator, orderId }: WatcherOptions) {
    this.orderId = orderId;
    this.#operator = operator;
  }

  begin(): void {
    this.#running = followEvents({
      origin: this.#operator.origin,
      path: `/api/v1/orders/${this.orderId}/events`,
      authorization: () => this.#operator.authorization(),
      onEvent: ({ event, data }) => {
        this.record.connected();
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is wrong with it, the judge sees
        if (event !== 'end') this.record.take(data as TrackingFrame);
      },
      onReconnect: () => this.record.cut(),
      signal: this.#stop.signal,
    });
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

/** By long poll. */
export class PollWatcher implements Watcher {
  readonly orderId: string;
  readonly record = new WatchRecord();
  readonly #operator: Operator;
  #isOver = false;
  #running: Promise<void> = Promise.resolve();

  constructor({ operator, orderId }: WatcherOptions) {
    this.orderId = orderId;
    this.#operator = operator;
  }

  begin(): void {
    this.#running = this.#poll();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #poll(): Promise<void> {
    while (!this.#isOver) {
      const { lastSeq } = this.record;
      const after = lastSeq === null ? '' : `after=${lastSeq}&`;
      const path = `/api/v1/orders/${this.orderId}/updates?${after}waitMs=${POLL_WAIT_MS}`;
      try {
        const { frames } = await this.#operator.call({ method: 'GET', path }, UpdatesView);
        this.record.connected();
        for (const frame of frames) this.record.take(frame);
      } catch (cause) {
        if (!(cause instanceof ApiProblem)) throw cause;
        this.record.cut();
        await sleep(PAUSE_MS);
      }
    }
  }
}
