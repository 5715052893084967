/** Says what is going on, on stderr, with the time since the beginning: one line a step. */
export class ProgressLines {
  readonly #startedAtMs = performance.now();
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)) {
    this.#write = write;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  say(line: string): void {
    this.#write(`${(this.elapsedMs / 1000).toFixed(1).padStart(6)} s  ${line}`);
  }
}
