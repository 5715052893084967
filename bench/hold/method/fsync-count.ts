import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from '../process/process-tree.ts';

const ATTACH_MS = 500;

export function hasStrace(): boolean {
  return spawnSync('strace', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** How often these processes and their descendants flush a file while `work` runs. Tracing slows them down. */
export async function countFsyncs(
  roots: readonly number[],
  folder: string,
  work: () => Promise<void>,
): Promise<number> {
  const report = join(folder, 'strace.txt');
  const attach = processTree(roots).flatMap((pid) => ['-p', String(pid)]);
  const tracer = spawn('strace', ['-c', '-f', '-e', 'trace=fsync,fdatasync', '-o', report, ...attach], {
    stdio: 'ignore',
  });
  const gone = once(tracer, 'exit');
  await sleep(ATTACH_MS);
  await work();
  tracer.kill('SIGINT');
  await gone;
  return sumCalls(readFileSync(report, 'utf8'));
}

/** Rows of strace's table: share, seconds, microseconds a call, calls, errors if any, name. */
export function sumCalls(report: string): number {
  return [...report.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?f(?:data)?sync$/gm)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );
}
