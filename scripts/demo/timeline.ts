/** What happens, one line a step, with the time since the beginning and who did it. */
export class Timeline {
  readonly #startedAtMs = performance.now();
  readonly #write: (line: string) => void;
  readonly #closely: boolean;

  /** `closely` also tells the small steps, which are too many when there are many orders. */
  constructor(write: (line: string) => void, closely: boolean) {
    this.#write = write;
    this.#closely = closely;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  say(who: string, what: string): void {
    this.#write(timelineLine(this.elapsedMs, who, what));
  }

  detail(who: string, what: string): void {
    if (this.#closely) this.say(who, what);
  }
}

const TIME_WIDTH = 8;
/** `picker Catarina Ferreira (tablet 1)` is as long as it gets, and rare. */
const WHO_WIDTH = 32;

export function timelineLine(elapsedMs: number, who: string, what: string): string {
  const time = `${(elapsedMs / 1_000).toFixed(2).padStart(TIME_WIDTH)} s`;
  return `${time}  ${who.padEnd(WHO_WIDTH)}  ${what}`;
}
