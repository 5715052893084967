import { nodeLoad } from './node-load.ts';
import { hasWrk, wrkLoad } from './wrk.ts';

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
}

/** What a closed loop of `connections` clients got out of one address. */
export interface LoadResult {
  readonly tool: 'wrk' | 'node';
  readonly requestsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 2xx, and requests without an answer. */
  readonly failed: number;
}

/**
 * GETs one address as fast as it answers, with wrk where it is installed: it takes a tenth of the processor that a loop in
 * Node takes away from the measured side. Only figures of one tool may be compared.
 */
export function load(options: LoadOptions): Promise<LoadResult> {
  return hasWrk() ? wrkLoad(options) : nodeLoad(options);
}
