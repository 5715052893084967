import type { Figures } from './bench.ts';
import type { LoadResult } from './load/load-result.ts';

/** `<prefix>requests_per_s` and so on. */
export function rateFigures(prefix: string, { tool, requestsPerS, p50Ms, p99Ms, failed }: LoadResult): Figures {
  if (failed > 0) throw new Error(`${failed} requests failed: a rate with failures in it says nothing`);
  return {
    [`${prefix}requests_per_s`]: Math.round(requestsPerS),
    [`${prefix}p50_ms`]: rounded(p50Ms),
    [`${prefix}p99_ms`]: rounded(p99Ms),
    tool,
  };
}

export function rounded(value: number): number {
  return Number(value.toFixed(2));
}
