import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The name a server carries on its command line, with the process that started it. */
const OWNER = /cluster_name=kirana_(\d+)/;
const POLL_MS = 20;
/** Fast shutdown disconnects the clients and writes a checkpoint; on a busy disk that takes seconds. */
const FAST_SHUTDOWN_MS = 15_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
/** A killed process of some hundred megabytes is gone well within this, on a busy machine too. */
const DYING_MS = 1_000;

export interface Postmaster {
  readonly pid: number;
  /** It accepts connections. */
  readonly ready: boolean;
}

export function clusterName(): string {
  return `kirana_${process.pid}`;
}

/** What `postmaster.pid` says, whether or not that process still lives. Its lines: pid, folder, start, port, …, status. */
export function readPostmaster(dataFolder: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 1 ? { pid, ready: (lines[7] ?? '').startsWith('ready') } : undefined;
}

/**
 * Clears the way for a new server in this folder: an orphan of a killed parent is shut down, a lock file whose process
 * is gone (or whose number now belongs to somebody else, as after a reboot of a container) is removed.
 * Returns the pid of the process that still uses the folder, if there is one.
 */
export async function clearStalePostmaster(
  dataFolder: string,
  onProgress: (line: string) => void,
): Promise<number | undefined> {
  const postmaster = readPostmaster(dataFolder);
  if (postmaster === undefined) return undefined;
  const commandLine = commandLineOf(postmaster.pid);
  if (commandLine?.includes(dataFolder) === true) {
    const owner = Number(OWNER.exec(commandLine)?.[1]);
    if (await staysParent(owner, postmaster.pid)) return owner;
    onProgress(`PostgreSQL of an earlier run is still there (pid ${postmaster.pid}): stopping it`);
    await stopPostmaster(postmaster.pid);
  }
  rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Who was killed a moment ago may still be going: only a parent that stays is one that uses the server. */
async function staysParent(owner: number, pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < DYING_MS; waitedMs += POLL_MS) {
    if (parentOf(pid) !== owner) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Fast shutdown, then immediate, then kill: each is safe for the data, the later ones cost a recovery at the next start. */
export async function stopPostmaster(pid: number): Promise<void> {
  if (await signalAndWait(pid, 'SIGINT', FAST_SHUTDOWN_MS)) return;
  if (await signalAndWait(pid, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS)) return;
  await signalAndWait(pid, 'SIGKILL', IMMEDIATE_SHUTDOWN_MS);
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
    if (commandLineOf(pid) === undefined) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Undefined for a process that is gone; a zombie that its parent never collects has an empty one and counts as gone. */
function commandLineOf(pid: number): string | undefined {
  try {
    const line =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return line.trim() === '' ? undefined : line;
  } catch {
    return undefined;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    if (process.platform !== 'linux') {
      return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
    }
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
