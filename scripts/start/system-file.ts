import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { isAlive, readRecord } from './process-record.ts';
import type { StateFolder } from './state-folder.ts';
import { SUPERVISOR } from './supervisor-lock.ts';

/** How to reach what runs, for the other commands of this machine. */
const SystemFile = v.object({
  url: v.string(),
  /** Direct connection of the superuser. */
  databaseUrl: v.string(),
  gatewayUrl: v.string(),
  /** Absent with the embedded log. */
  kafka: v.optional(v.string()),
  startedAt: v.string(),
});
export type SystemFile = v.InferOutput<typeof SystemFile>;

/** It holds the database's password, so it is for its owner only. */
export function writeSystemFile(state: StateFolder, system: SystemFile): void {
  const unfinished = `${state.systemFile}.unfinished`;
  writeFileSync(unfinished, `${JSON.stringify(system, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, state.systemFile);
}

export function removeSystemFile(state: StateFolder): void {
  rmSync(state.systemFile, { force: true });
}

/** The system that runs on this state folder. */
export function readSystemFile(state: StateFolder): Result<SystemFile, string> {
  const supervisor = readRecord(state.run, SUPERVISOR);
  if (supervisor === undefined || !isAlive(supervisor)) {
    return err(`Nothing runs in ${state.path}: start it with npm start, or run this with --boot.`);
  }
  try {
    return ok(v.parse(SystemFile, JSON.parse(readFileSync(state.systemFile, 'utf8'))));
  } catch {
    return err(`What runs in ${state.path} is not ready yet: wait for its table.`);
  }
}
