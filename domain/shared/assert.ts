/** States a fact that only a bug can break. Business refusals are `Result` values, never this. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
