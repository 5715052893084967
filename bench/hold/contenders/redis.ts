import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from '@redis/client';
import { freePort } from '../../../db/local/free-port.ts';
import { writeRecord } from '../../../scripts/start/process-record.ts';
import type { ContenderRun } from './contender.ts';
import type { Backend } from './node-contender.ts';

export type AppendFsync = 'everysec' | 'always';

/** The name under which the server is recorded in its folder, for a later run to end it. */
export const REDIS = 'redis';
const READY_WAIT_MS = 30_000;

export function redisMissing(): string | undefined {
  const found = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error === undefined;
  return found
    ? undefined
    : 'redis-server is not installed: apt-get install redis-server, or leave these contenders out.';
}

/** A Redis of its own with an append-only file; everything else as it comes. */
export async function redisBackend({ folder }: ContenderRun, appendFsync: AppendFsync): Promise<Backend> {
  const port = (await freePort(0)) ?? 0;
  const url = `redis://127.0.0.1:${port}`;
  let server = await start();
  async function start(): Promise<ChildProcess> {
    const child = spawn(
      'redis-server',
      [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--save',
        '',
        '--appendonly',
        'yes',
        '--appendfsync',
        appendFsync,
      ],
      { stdio: 'ignore', detached: true },
    );
    await once(child, 'spawn');
    writeRecord(folder, REDIS, child.pid ?? 0);
    await ready(url);
    return child;
  }
  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }
  return {
    url,
    pid: () => server.pid ?? 0,
    kill: () => end('SIGKILL'),
    async revive() {
      server = await start();
    },
    stop: () => end('SIGTERM'),
  };
}

/** It listens at once and answers when it has read its file. */
async function ready(url: string): Promise<void> {
  const until = performance.now() + READY_WAIT_MS;
  const client = createClient({ url, socket: { reconnectStrategy: () => 20 } });
  client.on('error', () => {});
  try {
    await client.connect();
    for (;;) {
      const pong = await client.ping().catch(() => undefined);
      if (pong !== undefined) return;
      if (performance.now() > until) throw new Error('redis-server does not get ready');
    }
  } finally {
    client.destroy();
  }
}
