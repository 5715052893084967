import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { bornOf, isAlive, readRecord } from '../start/process-record.ts';
import { stateFolder } from '../start/state-folder.ts';
import { SUPERVISOR } from '../start/supervisor-lock.ts';
import { findSystem, type DemoSystem } from './system.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));
const END_WITH_PARENT = fileURLToPath(new URL('../start/end-with-parent.ts', import.meta.url));
const PREFIX = 'kirana-demo-';
/** What the supervisor says is kept for the case that it fails. */
const LINES_KEPT = 40;

const Started = v.object({ command: v.literal('start'), ok: v.boolean(), error: v.optional(v.string()) });

export interface PrivateSystem extends DemoSystem {
  /** Ends all of it and removes what it kept. */
  readonly stop: () => Promise<void>;
}

/** A whole system of its own on free ports in a temporary folder. The error says what it said. */
export async function bootSystem(
  options: { readonly kafka?: string; readonly accessTokenTtlS?: number },
  say: (line: string) => void,
): Promise<Result<PrivateSystem, string>> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // PostgreSQL runs as a user of its own when we are root, and has to walk through.
  chmodSync(folder, 0o755);
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, START, ...startArguments(folder, options)], {
    // The channel closes when the demo is gone, even killed: then it ends too.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: a Ctrl-C is for the demo, which stops it when everybody has gone home.
    detached: true,
  });
  const end = once(async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const trouble = await started(child, say);
  const system = trouble === undefined ? findSystem(folder) : err(trouble);
  if (!system.ok) {
    await end();
    return system;
  }
  return ok({ ...system.value, stop: end });
}

/** Folders of demos that were killed: each carries its demo's process number, and where its supervisor is recorded. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const demo = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(demo) || bornOf(demo) !== undefined) continue;
    const folder = join(tmpdir(), name);
    const supervisor = readRecord(stateFolder(folder).run, SUPERVISOR);
    if (supervisor === undefined || !isAlive(supervisor)) rmSync(folder, { recursive: true, force: true });
  }
}

function startArguments(
  folder: string,
  { kafka, accessTokenTtlS }: { kafka?: string; accessTokenTtlS?: number },
): string[] {
  return [
    '--json',
    '--port=0',
    `--state-dir=${folder}`,
    ...(kafka === undefined ? [] : ['--kafka', kafka]),
    ...(accessTokenTtlS === undefined ? [] : ['--access-token-ttl', String(accessTokenTtlS)]),
  ];
}

/** Undefined when it runs, else why not. */
function started(child: ChildProcess, say: (line: string) => void): Promise<string | undefined> {
  const kept: string[] = [];
  return new Promise((resolve) => {
    if (child.stdout === null || child.stderr === null) throw new Error('the supervisor was spawned without its pipes');
    createInterface({ input: child.stderr }).on('line', (line) => {
      kept.push(line);
      if (kept.length > LINES_KEPT) kept.shift();
      // The supervisor writes its own times before its lines.
      say(line.replace(/^ *[\d.]+ s +/, ''));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const verdict = v.safeParse(v.pipe(v.string(), v.parseJson(), Started), line);
      if (!verdict.success) return;
      resolve(verdict.output.ok ? undefined : (verdict.output.error ?? 'The private system did not start.'));
    });
    child.once('error', (cause) => resolve(`The private system cannot be started: ${cause.message}`));
    child.once('exit', (code, signal) => {
      resolve(`The private system ended while starting (${signal ?? code}):\n${kept.join('\n')}`);
    });
  });
}

/** Asks it to stop and waits. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
