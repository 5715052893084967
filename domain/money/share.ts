import { invariant } from '../shared/assert.ts';

/** The whole, in parts per million. */
export const PPM = 1_000_000;

/** amount × numerator / denominator, rounded half up to the minor unit. All are integers, not negative; the product may be beyond 2^53. */
export function shareMinor(amountMinor: number, numerator: number, denominator: number): number {
  invariant(denominator > 0 && amountMinor >= 0 && numerator >= 0, 'a share is of something, and not negative');
  const doubled = 2n * BigInt(denominator);
  return Number((2n * BigInt(amountMinor) * BigInt(numerator) + BigInt(denominator)) / doubled);
}
