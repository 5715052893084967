import type { LoadOptions, LoadResult } from './load-result.ts';
import { nodeLoad } from './node-load.ts';
import { hasWrk, wrkLoad } from './wrk.ts';

/**
 * GETs one address as fast as it answers, with wrk where it is installed: it takes a tenth of the processor that a loop in
 * Node takes away from the measured side. Only figures of one tool may be compared.
 */
export function load(options: LoadOptions): Promise<LoadResult> {
  return hasWrk() ? wrkLoad(options) : nodeLoad(options);
}
