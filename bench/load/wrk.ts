import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { LoadOptions, LoadResult } from './load-result.ts';

const run = promisify(execFile);
/** It drives tens of thousands of requests a second with one thread; a second one would only take from the Worker. */
const THREADS = '1';

export function hasWrk(): boolean {
  return spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined;
}

export async function wrkLoad({ url, seconds, connections }: LoadOptions): Promise<LoadResult> {
  const { stdout } = await run('wrk', [
    '--latency',
    '-t',
    THREADS,
    '-c',
    String(connections),
    '-d',
    `${seconds}s`,
    url,
  ]);
  return readReport(stdout);
}

/** Reads wrk's report: `Requests/sec:`, the latency distribution, and the lines that only appear when something failed. */
export function readReport(report: string): LoadResult {
  const requestsPerS = Number(/^Requests\/sec:\s+([\d.]+)/m.exec(report)?.[1]);
  const [p50Ms, p99Ms] = [latencyMs(report, 50), latencyMs(report, 99)];
  if (Number.isNaN(requestsPerS) || p50Ms === undefined || p99Ms === undefined) {
    throw new Error(`wrk's report cannot be read:\n${report}`);
  }
  const bad = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0);
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report)?.slice(1) ?? [];
  const failed = sockets.reduce((sum, count) => sum + Number(count), bad);
  return { tool: 'wrk', requestsPerS, p50Ms, p99Ms, failed };
}

const UNIT_MS: { readonly [unit: string]: number } = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

function latencyMs(report: string, percent: number): number | undefined {
  const [, value, unit = ''] = new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(report) ?? [];
  const factor = UNIT_MS[unit];
  return value === undefined || factor === undefined ? undefined : Number(value) * factor;
}
