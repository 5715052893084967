import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../db/local/free-port.ts';
import type { BenchWorkerInput } from '../workers/worker-host.ts';
import { bundleBenchWorker } from './bundle.ts';
import { startChild } from './child.ts';

/** Nobody listens there: events stay in the outbox, as in the other windows. */
const NO_GATEWAY = 'http://127.0.0.1:9';

/** Longer than any run: a hold that expires under way would be work of another kind. */
export const HELD_FOR_MS = 900_000;

export interface BatchHost {
  readonly origin: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** workerd with store objects and a Worker that calls them; started again in the same folder, the stores have what they had. */
export async function startBatchHost(folder: string): Promise<BatchHost> {
  const input: BenchWorkerInput = {
    ...(await bundleBenchWorker('batch-worker.ts', folder)),
    stateFolder: join(folder, 'state'),
    scratchFolder: join(folder, 'scratch'),
    port: (await freePort(0)) ?? 0,
    bindings: { GATEWAY_URL: NO_GATEWAY, GATEWAY_TOKEN: 'none', ENVIRONMENT: 'local' },
    objects: { STORE: 'StoreObject' },
  };
  for (const own of [input.stateFolder, input.scratchFolder]) if (!existsSync(own)) mkdirSync(own);
  const host = await startChild('hold/workers/worker-host.ts', input);
  return { origin: `http://127.0.0.1:${input.port}`, pid: host.pid, stop: () => host.kill('SIGTERM') };
}

/** One call of the Worker as its bytes. */
export function batchRequest(path: '/prepare' | '/hold' | '/look', body: object): string {
  const text = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n`;
  return `${head}content-length: ${text.length}\r\n\r\n${text}`;
}
