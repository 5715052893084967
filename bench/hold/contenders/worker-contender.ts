import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../db/local/free-port.ts';
import { bundleBenchWorker } from '../process/bundle.ts';
import { startChild, type Child } from '../process/child.ts';
import { processTree } from '../process/process-tree.ts';
import { makeChannelKey } from '../shop/channel-key.ts';
import type { BenchWorkerInput } from '../workers/worker-host.ts';
import type { ContenderRun, RunningContender } from './contender.ts';

export interface WorkerSettings {
  /** In `bench/hold/workers`. */
  readonly entry: string;
  readonly bindings: { readonly [name: string]: string };
  readonly objects: { readonly [binding: string]: string };
}

/** A Worker of this bench in a workerd of its own. */
export async function workerContender(
  { folder, say }: ContenderRun,
  { entry, bindings, objects }: WorkerSettings,
): Promise<RunningContender> {
  say(`bundling ${entry}`);
  const { authorization, entry: channelKey } = makeChannelKey();
  const input: BenchWorkerInput = {
    ...(await bundleBenchWorker(entry, folder)),
    stateFolder: join(folder, 'state'),
    scratchFolder: join(folder, 'scratch'),
    port: (await freePort(0)) ?? 0,
    bindings: { ...bindings, CHANNEL_KEYS: JSON.stringify([channelKey]) },
    objects,
  };
  mkdirSync(input.stateFolder);
  mkdirSync(input.scratchFolder);
  let host: Child = await startChild('hold/workers/worker-host.ts', input);
  return {
    origin: `http://127.0.0.1:${input.port}`,
    get pids() {
      return [host.pid];
    },
    storeId: 'sto_BENCH',
    authorization,
    operatorAuthorization: authorization,
    async kill() {
      const workerd = processTree([host.pid]).filter((pid) => pid !== host.pid);
      await host.kill('SIGKILL');
      for (const pid of workerd) process.kill(pid, 'SIGKILL');
    },
    async revive() {
      host = await startChild('hold/workers/worker-host.ts', input);
    },
    stop: () => host.kill('SIGTERM'),
  };
}
