/** Where chance starts, and how many histories are played. */
export interface Look {
  readonly seed: number;
  readonly runs: number;
}

/** What one way of looking has seen. */
export interface Found {
  /** Histories that were played. */
  readonly cases: number;
  /** Acts in them. */
  readonly acts: number;
  /** How often each kind of act had each kind of answer. */
  readonly tally: ReadonlyMap<string, number>;
  /** The smallest history that breaks a rule, in words; null when none did. */
  readonly counterexample: string | null;
}

/** A counterexample, and how to find it again. */
export function inWords(seed: number, cuts: number, said: string): string {
  return `seed ${seed}, after ${cuts} cuts:\n${said}`;
}
