/** What is left of a value after this time, when half of it is forgotten every half-life. Time does not run backwards. */
export function decayed(value: number, elapsedMs: number, halfLifeMs: number): number {
  return value * 2 ** (-Math.max(0, elapsedMs) / halfLifeMs);
}
