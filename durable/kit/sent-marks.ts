/** Up to where a lane was sent, and when. */
export interface Mark {
  readonly lane: string;
  readonly seq: number;
  readonly atMs: number;
}

/**
 * Up to where each lane of the outbox was sent, until that is written. A mark of its own would be a commit of its own; so it goes
 * with the next one, or with the alarm. One that is lost in a crash costs a second sending, which every receiver takes for what it is.
 */
export class SentMarks {
  readonly #noted = new Map<string, Mark>();

  note(mark: Mark): void {
    this.#noted.set(mark.lane, mark);
  }

  /** The last sequence of the lane that was sent and is not marked yet; 0 when there is none. */
  sentUpTo(lane: string): number {
    return this.#noted.get(lane)?.seq ?? 0;
  }

  isEmpty(): boolean {
    return this.#noted.size === 0;
  }

  /** Writes every mark within one transaction that may do more; what it does not commit stays noted. */
  writeWithin<T>(transaction: (write: (mark: (one: Mark) => void) => void) => T): T {
    const noted = [...this.#noted.values()];
    const value = transaction((mark) => {
      for (const one of noted) mark(one);
    });
    for (const one of noted) if (this.#noted.get(one.lane) === one) this.#noted.delete(one.lane);
    return value;
  }
}
