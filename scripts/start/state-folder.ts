import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../domain/shared/result.ts';

/** Where everything of one installation is kept. */
export interface StateFolder {
  readonly path: string;
  readonly secretsFile: string;
  /** Says how to reach the running system; there while it runs. */
  readonly systemFile: string;
  readonly postgres: string;
  /** The objects' SQLite and KV. */
  readonly worker: string;
  readonly logs: string;
  /** Who runs: one record a process. */
  readonly run: string;
  /** Emptied at each start. */
  readonly scratch: string;
}

/** What a reset throws away. `run` stays, since it says that we are the ones who may; `kafka` is a broker's, not ours. */
const RESET = ['secrets.json', 'postgres', 'worker', 'logs', 'scratch'];
const KNOWN = [...RESET, 'run', 'secrets.json.unfinished', 'kafka'];
/** PostgreSQL's own user walks through it when we are root; what is secret in it carries its own mode. */
const FOLDER_MODE = 0o755;

export function stateFolder(path: string): StateFolder {
  return {
    path,
    secretsFile: join(path, 'secrets.json'),
    systemFile: join(path, 'run', 'system.json'),
    postgres: join(path, 'postgres'),
    worker: join(path, 'worker'),
    logs: join(path, 'logs'),
    run: join(path, 'run'),
    scratch: join(path, 'scratch'),
  };
}

/** Makes the folder and what is always in it. One that holds anything else is left alone. */
export function prepareStateFolder(state: StateFolder): Result<void, string> {
  const stranger = existsSync(state.path) ? readdirSync(state.path).find((name) => !KNOWN.includes(name)) : undefined;
  if (stranger !== undefined) {
    return err(`${state.path} holds "${stranger}", which is not Kirana's: use an empty folder with --state-dir.`);
  }
  for (const folder of [state.path, state.worker, state.logs, state.run]) mkdirSync(folder, { recursive: true });
  chmodSync(state.path, FOLDER_MODE);
  rmSync(state.scratch, { recursive: true, force: true });
  mkdirSync(state.scratch);
  return ok(undefined);
}

/** Throws away everything the installation knows. The caller has made sure that nothing runs on it. */
export function resetStateFolder(state: StateFolder): void {
  for (const name of RESET) rmSync(join(state.path, name), { recursive: true, force: true });
}
