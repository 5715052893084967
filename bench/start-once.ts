import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { ROOT } from '../scripts/start/worker-bundle.ts';

/** Starts the platform on a state folder, waits for its verdict, and stops it. */
export async function startOnce(stateFolder: string): Promise<{ readonly readyMs: number; readonly stopMs: number }> {
  const startedAtMs = performance.now();
  const child = spawn(
    process.execPath,
    [join(ROOT, 'scripts/start.ts'), '--json', '--port', '0', '--state-dir', stateFolder],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const exited = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes('"ok":true')) throw new Error(`it did not start: ${line}`);
      break;
    }
    const readyMs = Math.round(performance.now() - startedAtMs);
    const askedAtMs = performance.now();
    child.kill('SIGTERM');
    await exited;
    return { readyMs, stopMs: Math.round(performance.now() - askedAtMs) };
  } finally {
    if (child.exitCode === null) child.kill('SIGTERM');
  }
}
