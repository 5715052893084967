import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { RunningContender } from '../contenders/contender.ts';
import { HOT_SKU, INVENTORY_SKUS } from './skus.ts';
import type { Workload } from './workloads.ts';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('wrk-hold.lua', import.meta.url));

const Count = v.pipe(v.number(), v.integer());
const WrkReport = v.object({
  answers: Count,
  durationUs: v.number(),
  /** Answers that were not 2xx. */
  refused: Count,
  /** Requests without an answer. */
  broken: Count,
  p50Us: v.number(),
  p99Us: v.number(),
  holdsSent: Count,
  /** Known where answers are read: in churn. */
  holdsAcked: Count,
  releasesSent: Count,
  releasesAcked: Count,
});
export type WrkReport = v.InferOutput<typeof WrkReport>;

export interface WindowSettings {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  /** Makes the idempotency keys of this window its own. */
  readonly nonce: string;
}

/** One closed-loop window of wrk: as many connections, each asking again as soon as it is answered. */
export async function wrkWindow(
  { origin, storeId, authorization }: RunningContender,
  { name }: Workload,
  { seconds, connections, seed, nonce }: WindowSettings,
): Promise<WrkReport> {
  const script = [name, storeId, authorization, String(seed), nonce, HOT_SKU, String(INVENTORY_SKUS)];
  const { stdout } = await run('wrk', [
    '-t',
    '1',
    '-c',
    String(connections),
    '-d',
    `${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    SCRIPT,
    origin,
    '--',
    ...script,
  ]);
  return readWindow(stdout);
}

/** The line that the script wrote. */
export function readWindow(stdout: string): WrkReport {
  const line = /^window (\{.*\})$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk's report cannot be read:\n${stdout}`);
  return v.parse(v.pipe(v.string(), v.parseJson(), WrkReport), line);
}
