import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
const KILL_WAIT_MS = 5_000;

/**
 * A process as a later run finds it again: number and moment of birth. The number alone is not enough, because numbers
 * are used again, above all after the restart of a container.
 */
export interface ProcessRecord {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly born: string;
}

export function recordPath(runFolder: string, name: string): string {
  return join(runFolder, `${name}.pid`);
}

/** Two lines, so that a shell script can write one too: see `workerd.sh`. */
export function writeRecord(runFolder: string, name: string, pid: number): void {
  const born = bornOf(pid);
  if (born !== undefined) writeFileSync(recordPath(runFolder, name), `${pid}\n${born}\n`);
}

export function readRecord(runFolder: string, name: string): ProcessRecord | undefined {
  try {
    const [pid = '', born = ''] = readFileSync(recordPath(runFolder, name), 'utf8').split('\n');
    return /^\d+$/.test(pid) && Number(pid) > 1 && born !== '' ? { pid: Number(pid), born: born.trim() } : undefined;
  } catch {
    return undefined;
  }
}

export function removeRecord(runFolder: string, name: string): void {
  rmSync(recordPath(runFolder, name), { force: true });
}

/** True while exactly this process lives, and not another one that got its number. */
export function isAlive({ pid, born }: ProcessRecord): boolean {
  return bornOf(pid) === born;
}

/** Ends the recorded process if it still lives. Returns whether there was one. */
export async function endOrphan(runFolder: string, name: string, graceMs: number): Promise<boolean> {
  const record = readRecord(runFolder, name);
  const found = record !== undefined && isAlive(record);
  if (found) await endProcess(record, graceMs);
  removeRecord(runFolder, name);
  return found;
}

/** Asks, and after `graceMs` insists. Returns when the process is gone. */
export async function endProcess(record: ProcessRecord, graceMs: number): Promise<void> {
  if (graceMs > 0 && (await signalAndWait(record, 'SIGTERM', graceMs))) return;
  await signalAndWait(record, 'SIGKILL', KILL_WAIT_MS);
}

async function signalAndWait(record: ProcessRecord, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  if (!isAlive(record)) return true;
  try {
    process.kill(record.pid, signal);
  } catch {
    return true;
  }
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
    if (!isAlive(record)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** When the process was born, in whatever unit the system has; undefined when it is gone or a zombie. */
export function bornOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
      return text === '' ? undefined : text;
    }
    // Field 2 is the program's name in brackets and may hold spaces; 3 is the state, 22 the start in ticks since boot.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
