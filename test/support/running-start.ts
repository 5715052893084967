import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const START = join(import.meta.dirname, '../../scripts/start.ts');

/** The verdict of `npm start -- --json`. */
export interface StartVerdict {
  readonly ok: boolean;
  readonly url: string;
  readonly pid: number;
  readonly error?: string;
}

export interface RunningStart {
  readonly verdict: StartVerdict;
  readonly child: ChildProcess;
  /** What it said so far. */
  said(): string;
  /** Asks it to stop; the exit code. */
  stop(): Promise<number | null>;
}

/** Runs `npm start` on a state folder until it says how it went. */
export async function start(stateFolder: string, ...args: readonly string[]): Promise<RunningStart> {
  const child = spawn(process.execPath, [START, '--json', '--state-dir', stateFolder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const verdict = await new Promise<StartVerdict>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const last: StartVerdict = JSON.parse(line);
      resolve(last);
    });
    void exited.then(() => reject(new Error(`it ended without a verdict:\n${said}`)));
  });
  return {
    verdict,
    child,
    said: () => said,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
