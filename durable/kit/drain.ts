import type { OutboxRow } from './outbox.ts';

/** Sends of one lane in one run: bounds the work of one wake-up. What is left is due at once, in a wake-up of its own. */
const SENDS_PER_RUN = 100;

export interface DrainPort {
  /** Lanes that may have something to send. */
  openLanes(): readonly string[];
  batch(lane: string): readonly OutboxRow[];
  markSent(lane: string, upToSeq: number): void;
  /** Sends rows in order; throws when not every one was taken. */
  send(lane: string, rows: readonly OutboxRow[]): Promise<void>;
  report(lane: string, cause: unknown): void;
  /** A lane has come to rest, empty or not, others may go on: `dueAtMs` may be earlier now. */
  rested(): void;
  nowMs(): number;
  /** 0..1 */
  jitter(): number;
}

interface Failing {
  readonly failures: number;
  readonly retryAtMs: number;
}

/**
 * Empties the outbox: one send in flight per lane, so each lane stays in order; lanes do not wait for each other, so a log that
 * is away holds up no message between objects. A lane that fails waits on its own, ever longer, and never gives up.
 */
export class Drainer {
  readonly #port: DrainPort;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failing = new Map<string, Failing>();
  /** Lanes that used up their run. */
  readonly #unfinished = new Set<string>();

  constructor(port: DrainPort) {
    this.#port = port;
  }

  /** Starts every open lane that is neither under way nor waiting after a failure. Settles when all under way are done; never throws. */
  async kick(): Promise<void> {
    for (const lane of this.#port.openLanes()) {
      if (this.#running.has(lane) || (this.#failing.get(lane)?.retryAtMs ?? 0) > this.#port.nowMs()) continue;
      this.#unfinished.delete(lane);
      // Before the run begins, for one that finds nothing is over before it returns.
      this.#running.set(lane, Promise.resolve());
      const run = this.#run(lane).finally(() => {
        this.#port.rested();
      });
      if (this.#running.has(lane)) this.#running.set(lane, run);
    }
    await Promise.all(this.#running.values());
  }

  /** When the first lane at rest wants another kick; `null` when none does. One that is under way does not. */
  dueAtMs(): number | null {
    if (this.#unfinished.size > 0) return this.#port.nowMs();
    let earliest: number | null = null;
    for (const [lane, { retryAtMs }] of this.#failing) {
      if (!this.#running.has(lane)) earliest = Math.min(retryAtMs, earliest ?? retryAtMs);
    }
    return earliest;
  }

  /** At rest in the very moment in which it finds nothing or fails: rows that are written after that start the lane anew. */
  async #run(lane: string): Promise<void> {
    try {
      for (let sends = 0; sends < SENDS_PER_RUN; sends += 1) {
        const rows = this.#port.batch(lane);
        const last = rows.at(-1);
        if (last === undefined) return;
        try {
          // oxlint-disable-next-line no-await-in-loop -- one send in flight keeps the lane in order
          await this.#port.send(lane, rows);
        } catch (cause) {
          const failures = (this.#failing.get(lane)?.failures ?? 0) + 1;
          const retryAtMs = this.#port.nowMs() + backoffMs(failures, this.#port.jitter());
          this.#failing.set(lane, { failures, retryAtMs });
          this.#port.report(lane, cause);
          return;
        }
        this.#failing.delete(lane);
        this.#port.markSent(lane, last.seq);
      }
      this.#unfinished.add(lane);
    } finally {
      // Not after the run's promise: whoever writes in the turns between would be neither sent nor waited for.
      this.#running.delete(lane);
    }
  }
}

/** Wait after the n-th failure in a row: 1 s doubling to 30 s, less up to a quarter by `jitter` (0..1). */
export function backoffMs(failures: number, jitter: number): number {
  const ceilingMs = Math.min(30_000, 1000 * 2 ** Math.min(failures - 1, 5));
  return Math.round(ceilingMs * (1 - 0.25 * jitter));
}
