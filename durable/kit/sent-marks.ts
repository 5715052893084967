/**
 * Up to where each lane of the outbox was sent, until that is written. A mark of its own would be a commit of its own; so it goes
 * with the next one, or with the alarm. One that is lost in a crash costs a second sending, which every receiver takes for what it is.
 */
export class SentMarks {
  readonly #sentUpTo = new Map<string, number>();

  note(lane: string, seq: number): void {
    this.#sentUpTo.set(lane, seq);
  }

  /** The last sequence of the lane that was sent and is not marked yet; 0 when there is none. */
  sentUpTo(lane: string): number {
    return this.#sentUpTo.get(lane) ?? 0;
  }

  isEmpty(): boolean {
    return this.#sentUpTo.size === 0;
  }

  /** Writes every mark within one transaction that may do more; what it does not commit stays noted. */
  writeWithin<T>(transaction: (write: (mark: (lane: string, seq: number) => void) => void) => T): T {
    const noted = [...this.#sentUpTo];
    const value = transaction((mark) => {
      for (const [lane, seq] of noted) mark(lane, seq);
    });
    for (const [lane, seq] of noted) if (this.#sentUpTo.get(lane) === seq) this.#sentUpTo.delete(lane);
    return value;
  }
}
