/** 0.9 quantile of the standard normal distribution. */
export const Z_90 = 1.2816;

/** The standard normal distribution's P(Z > z); Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7. */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const series =
    t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  const half = 0.5 * series * Math.exp(-x * x);
  return z >= 0 ? half : 1 - half;
}

/** The z with P(Z > z) = tail, by bisection within ±8. */
export function normalTailQuantile(tail: number): number {
  let [low, high] = [-8, 8];
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
