import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { OrderStatus } from '../../domain/order/transitions.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A line of the demo's stdout about one order. */
export interface OrderLine {
  readonly event: 'order';
  readonly status: OrderStatus;
  readonly live: readonly OrderStatus[];
  readonly positions: number;
  readonly trouble: string | null;
}

export interface DemoRun {
  readonly exitCode: number | null;
  readonly orders: readonly OrderLine[];
  /** The last line of stdout. */
  readonly verdict: Record<string, unknown>;
  /** What it told on stderr; shown when a run fails. */
  readonly timeline: readonly string[];
}

/** Runs the demo as a process of its own. `onTold` hears each line of the timeline as it comes. */
export function runDemo(args: readonly string[], onTold: (line: string) => void = () => {}): Promise<DemoRun> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/demo.ts'), '--json', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that ran out of time leaves nothing running.
  function end(): void {
    child.kill('SIGTERM');
  }
  process.once('exit', end);
  const said: Record<string, unknown>[] = [];
  const timeline: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line)));
  createInterface({ input: child.stderr }).on('line', (line) => {
    timeline.push(line);
    onTold(line);
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (exitCode) => {
      process.off('exit', end);
      const orders = said.filter((line) => line['event'] === 'order') as unknown as OrderLine[];
      done({ exitCode, orders, verdict: said.at(-1) ?? {}, timeline });
    });
  });
}

/** A run that did not end well fails with all that it told. */
export function mustHaveEndedWell({ verdict, timeline }: Pick<DemoRun, 'verdict' | 'timeline'>): void {
  if (verdict['ok'] !== true) throw new Error(timeline.join('\n'));
}
