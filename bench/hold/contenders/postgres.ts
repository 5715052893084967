import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type LocalPostgres } from '../../../db/local/postgres.ts';
import { processTree } from '../process/process-tree.ts';
import type { ContenderRun } from './contender.ts';
import type { Backend } from './node-contender.ts';

const GONE_POLL_MS = 20;

/** A PostgreSQL of its own, as the packages bring it: fsync and synchronous_commit on. */
export async function postgresBackend({ folder, say }: ContenderRun): Promise<Backend> {
  const password = randomBytes(16).toString('hex');
  let server = await start();
  const { port } = server;
  async function start(fixedPort?: number): Promise<LocalPostgres> {
    const started = await startPostgres({
      folder,
      password,
      ...(fixedPort === undefined ? {} : { port: fixedPort }),
      onProgress: say,
    });
    if (!started.ok) throw new Error(started.error.detail);
    return started.value;
  }
  return {
    url: server.url(),
    pid: () => server.pid,
    async kill() {
      const all = processTree([server.pid]);
      for (const pid of all) killIfThere(pid);
      await server.exited;
      while (processTree(all).length > 0) await sleep(GONE_POLL_MS);
    },
    async revive() {
      server = await start(port);
    },
    stop: () => server.stop(),
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself in between.
  }
}
