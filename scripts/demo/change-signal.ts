/** Something changed: whoever waits looks again. */
export class ChangeSignal {
  #waiting: (() => void)[] = [];

  raise(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  next(): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push(wake);
    });
  }

  /** What `look` finds, as soon as it finds something. It is asked again after each `raise`. */
  async until<T>(look: () => T | undefined): Promise<T> {
    for (let found = look(); ; found = look()) {
      if (found !== undefined) return found;
      await this.next();
    }
  }
}
