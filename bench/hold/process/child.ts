import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readyLine } from '../../../scripts/start/ready-line.ts';
import { ROOT } from '../../../scripts/start/worker-bundle.ts';

const LINES_KEPT = 20;

export interface Child {
  readonly pid: number;
  /** Where it listens. */
  readonly port: number;
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}

/** A Node process of `bench/` that is told everything by one message, says on which port it is ready, and ends with this one. */
export async function startChild(script: string, input: object): Promise<Child> {
  const child = spawn(
    process.execPath,
    ['--import', join(ROOT, 'scripts/start/end-with-parent.ts'), join(ROOT, 'bench', script)],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true },
  );
  const said = keepLines(child);
  const gone = once(child, 'exit');
  const early = gone.then((): never => {
    throw new Error(`${script} ended while starting:\n${said.join('\n')}`);
  });
  child.send(input);
  const { port } = await Promise.race([readyLine<{ readonly ready: true; readonly port: number }>(child), early]);
  early.catch(() => {});
  child.stdout?.resume();
  return {
    pid: child.pid ?? 0,
    port,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await gone;
    },
  };
}

function keepLines(child: ChildProcess): readonly string[] {
  const said: string[] = [];
  if (child.stderr === null) return said;
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > LINES_KEPT) said.shift();
  });
  return said;
}
