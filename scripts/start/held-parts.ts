import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StateFolder } from './state-folder.ts';

// A part that is held stays down until it is let go: the way to see how the rest does without it. A file says so, so that
// any other process of this machine can hold one and let it go.

const POLL_MS = 100;

export function hold(state: StateFolder, part: string): void {
  mkdirSync(folderOf(state), { recursive: true });
  writeFileSync(fileOf(state, part), '');
}

export function letGo(state: StateFolder, part: string): void {
  rmSync(fileOf(state, part), { force: true });
}

export function letAllGo(state: StateFolder): void {
  rmSync(folderOf(state), { recursive: true, force: true });
}

export function isHeld(state: StateFolder, part: string): boolean {
  return existsSync(fileOf(state, part));
}

/** Returns at once when the part is not held. */
export async function whileHeld(state: StateFolder, part: string, isStopping: () => boolean): Promise<void> {
  while (isHeld(state, part) && !isStopping()) await sleep(POLL_MS);
}

function folderOf(state: StateFolder): string {
  return join(state.run, 'held');
}

function fileOf(state: StateFolder, part: string): string {
  return join(folderOf(state), part);
}
