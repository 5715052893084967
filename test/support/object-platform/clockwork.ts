import type { Timers } from './virtual-globals.ts';

interface Event {
  readonly atMs: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** A clock that stands still until somebody runs it on: what is due happens in the order of its time, then of its setting. */
export class Clockwork {
  nowMs: number;
  /** The next one is the last; of equal times the first one set comes first. */
  readonly #events: Event[] = [];

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  readonly timers: Timers = {
    setTimeout: (run, ms = 0) => this.at(this.nowMs + ms, run),
    clearTimeout: (timer) => {
      if (typeof timer === 'object' && timer !== null && 'cancelled' in timer) timer.cancelled = true;
    },
  };

  at(atMs: number, run: () => void): unknown {
    const event: Event = { atMs: Math.max(atMs, this.nowMs), run, cancelled: false };
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.atMs ?? 0) > event.atMs) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
    return event;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.nowMs + ms, resolve);
    });
  }

  /** When something is due next; `null` when nothing ever is. */
  nextMs(): number | null {
    while (this.#events.at(-1)?.cancelled === true) this.#events.pop();
    return this.#events.at(-1)?.atMs ?? null;
  }

  /** Runs the next one, at its time. */
  step(): void {
    const event = this.#events.pop();
    if (event === undefined || event.cancelled) return;
    this.nowMs = Math.max(this.nowMs, event.atMs);
    event.run();
  }
}

/** Waits until nothing goes on but for the clock. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
