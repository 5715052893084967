/** Lets loops sleep until somebody rings or a time has passed, whichever is first. A ring while nobody sleeps is kept for the next. */
export class Wake {
  readonly #sleepers = new Set<() => void>();
  #rung = false;

  ring(): void {
    this.#rung = this.#sleepers.size === 0;
    for (const wake of this.#sleepers) wake();
  }

  async sleep(ms: number): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#sleepers.add(wake);
    });
  }
}
