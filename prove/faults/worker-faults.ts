import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, readRecord, type ProcessRecord } from '../../scripts/start/process-record.ts';
import type { StateFolder } from '../../scripts/start/state-folder.ts';
import { WORKERD } from '../../scripts/start/worker-part.ts';

const POLL_MS = 5;
const ASKED_MAX_MS = 1_000;
/** A Worker that is not back after this stays away. */
const BACK_MAX_MS = 60_000;

/** Kills workerd as it stands. Whoever watches over it starts it again. */
export async function killWorkerd(state: StateFolder): Promise<void> {
  const workerd = recorded(state);
  process.kill(workerd.pid, 'SIGKILL');
  while (isAlive(workerd)) await sleep(POLL_MS);
}

/** Freezes workerd, as a host does that is moved or swaps, and lets it go on. */
export async function freezeWorkerd(state: StateFolder, ms: number): Promise<void> {
  const { pid } = recorded(state);
  process.kill(pid, 'SIGSTOP');
  try {
    await sleep(ms);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Milliseconds until the address is answered with 2xx. Throws when it stays away. */
export async function answersAgain(url: string, headers: Record<string, string> = {}): Promise<number> {
  const startedAtMs = performance.now();
  for (;;) {
    try {
      const response = await fetch(url, {
        headers: { ...headers, connection: 'close' },
        signal: AbortSignal.timeout(ASKED_MAX_MS),
      });
      await response.arrayBuffer();
      if (response.ok) return performance.now() - startedAtMs;
    } catch {
      // Not there yet.
    }
    if (performance.now() - startedAtMs > BACK_MAX_MS) throw new Error(`${url} is not answered any more`);
    await sleep(POLL_MS);
  }
}

function recorded(state: StateFolder): ProcessRecord {
  const workerd = readRecord(state.run, WORKERD);
  if (workerd === undefined) throw new Error(`nobody wrote down which process is workerd in ${state.run}`);
  return workerd;
}
