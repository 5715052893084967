/** A line of the product that keeps a promise, and what stands there when it is broken. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** As it is written: once in the file. */
  readonly intact: string;
  readonly broken: string;
  /** The tests of which at least one must fail then. */
  readonly tests: readonly string[];
}
