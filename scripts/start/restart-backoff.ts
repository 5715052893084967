const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** Who lived this long has recovered: the next fall starts at the first pause again. */
const HEALTHY_MS = 30_000;

/** How long to wait before the next start of something that keeps falling: 250 ms, doubling, 10 s at most. */
export class RestartBackoff {
  #falls = 0;

  pauseMs(livedMs: number): number {
    this.#falls = livedMs >= HEALTHY_MS ? 0 : this.#falls;
    const pauseMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#falls);
    this.#falls += 1;
    return pauseMs;
  }
}
