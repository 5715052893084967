export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of at least one value. With an even count the median is the mean of the two in the middle. */
export function spread(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined) return null;
  return { median: (low + high) / 2, min, max };
}

/**
 * The ratio of each round, ours over theirs: both were measured within seconds of each other, so what the machine did
 * meanwhile touched both. `null` when a round of theirs scored nothing: then there is nothing to compare with.
 */
export function ratioSpread(ours: readonly number[], theirs: readonly number[]): Spread | null {
  const rounds = Math.min(ours.length, theirs.length);
  const ratios = Array.from({ length: rounds }, (_, round) => (ours[round] ?? 0) / (theirs[round] ?? 0));
  return ratios.every(Number.isFinite) ? spread(ratios) : null;
}
