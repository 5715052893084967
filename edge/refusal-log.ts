import type { ProblemCode } from '../contracts/problem.ts';

const EVERY_MS = 1_000;

/**
 * Which refusals get a line in the log. Of a code that is given often, one a second: a crowd that is turned away must not cost a
 * line each, or refusing is dearer than serving.
 */
export class RefusalLog {
  readonly #codes = new Map<ProblemCode, { sinceMs: number; unsaid: number }>();

  /** How many of this code this line would tell of, itself included; 0: it is counted, and told with a later one. */
  timesToTell(code: ProblemCode, nowMs: number): number {
    const known = this.#codes.get(code);
    if (known !== undefined && nowMs - known.sinceMs < EVERY_MS) {
      known.unsaid += 1;
      return 0;
    }
    this.#codes.set(code, { sinceMs: nowMs, unsaid: 0 });
    return 1 + (known?.unsaid ?? 0);
  }
}
