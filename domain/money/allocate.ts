import { invariant } from '../shared/assert.ts';

/**
 * Splits an amount over weights by largest remainder: each gets its share rounded down, and what is left over goes, one minor unit
 * each, to the largest remainders; of equal ones to the earlier. The parts add up to the amount, exactly and always the same way,
 * and none is above its weight unless the amount is above the sum of the weights. Amount and weights are integers, not negative;
 * only nothing can be split over weights that are all zero.
 */
export function allocate(amountMinor: number, weights: readonly number[]): readonly number[] {
  invariant([amountMinor, ...weights].every(isCount), 'an allocation is of integers that are not negative');
  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n);
  if (amountMinor === 0) return weights.map(() => 0);
  invariant(sum > 0n, 'an amount is split over something');
  // An amount times a weight is beyond what a double holds exactly.
  const shares = weights.map((weight, place) => {
    const product = BigInt(amountMinor) * BigInt(weight);
    return { place, down: Number(product / sum), remainder: product % sum };
  });
  const left = amountMinor - shares.reduce((all, { down }) => all + down, 0);
  const lucky = new Set(
    shares
      .toSorted((a, b) => (a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map(({ place }) => place),
  );
  return shares.map(({ place, down }) => down + (lucky.has(place) ? 1 : 0));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
