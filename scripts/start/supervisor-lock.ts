import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { bornOf, isAlive, readRecord, recordPath, removeRecord } from './process-record.ts';
import type { StateFolder } from './state-folder.ts';

/** The name under which the supervisor records itself. */
export const SUPERVISOR = 'supervisor';

/** Makes this process the one supervisor of the folder. What a killed one left is taken over. */
export function lockStateFolder(state: StateFolder): Result<void, string> {
  const path = recordPath(state.run, SUPERVISOR);
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n${bornOf(process.pid) ?? ''}\n`);
  try {
    if (claim(mine, path)) return ok(undefined);
    const owner = readRecord(state.run, SUPERVISOR);
    if (owner !== undefined && isAlive(owner)) {
      return err(
        `Kirana already runs in ${state.path} (process ${owner.pid}): stop it first, or use another --state-dir.`,
      );
    }
    removeRecord(state.run, SUPERVISOR);
    return claim(mine, path) ? ok(undefined) : err(`Somebody else is starting Kirana in ${state.path} just now.`);
  } finally {
    rmSync(mine, { force: true });
  }
}

export function unlockStateFolder(state: StateFolder): void {
  if (readRecord(state.run, SUPERVISOR)?.pid === process.pid) removeRecord(state.run, SUPERVISOR);
}

/** A link appears whole or not at all, and never over one that is there. */
function claim(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch {
    return false;
  }
}
