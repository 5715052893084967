import { Agent, get } from 'node:http';
import { percentile } from '../../scripts/shared/percentile.ts';
import type { LoadOptions, LoadResult } from './load-result.ts';

/** The same closed loop where wrk is not installed; slower, as both sides share the machine. */
export async function nodeLoad({ url, seconds, connections }: LoadOptions): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + seconds * 1_000;
  const tookMs: number[] = [];
  let failed = 0;
  async function client(): Promise<void> {
    while (performance.now() < until) {
      const startedAtMs = performance.now();
      if (await isAnswered(url, agent)) tookMs.push(performance.now() - startedAtMs);
      else failed += 1;
    }
  }
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return {
    tool: 'node',
    requestsPerS: tookMs.length / seconds,
    p50Ms: percentile(tookMs, 50) ?? 0,
    p99Ms: percentile(tookMs, 99) ?? 0,
    failed,
  };
}

function isAnswered(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve((response.statusCode ?? 0) < 300));
    }).on('error', () => resolve(false));
  });
}
