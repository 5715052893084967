/** The smallest value that at least `percent` of 100 do not exceed (nearest rank); null without values. */
export function percentile(values: readonly number[], percent: number): number | null {
  const rank = Math.max(1, Math.ceil((percent / 100) * values.length));
  return values.toSorted((a, b) => a - b)[rank - 1] ?? null;
}
