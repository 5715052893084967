/** Full-speed first try, then 100 ms doubling to 5 s, less up to a quarter by chance so that partitions do not march in step. */
const FIRST_MS = 100;
const CEILING_MS = 5_000;

/** Wait after the n-th failure in a row, in milliseconds. `chance` is 0..1. */
export function backoffMs(failures: number, chance: number): number {
  const ms = Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(ms * (1 - 0.25 * chance));
}
