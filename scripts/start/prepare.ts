import { join } from 'node:path';
import { freePort } from '../../db/local/free-port.ts';
import { clearStalePostmaster } from '../../db/local/postmaster.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { letAllGo } from './held-parts.ts';
import type { StartOptions } from './options.ts';
import { endOrphan } from './process-record.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { prepareStateFolder, resetStateFolder, type StateFolder } from './state-folder.ts';
import { STREAMS } from './streams-part.ts';
import { lockStateFolder } from './supervisor-lock.ts';
import { WORKER, WORKERD } from './worker-part.ts';

/** Processes of a killed run keep nothing that a kill would lose; streams may finish a batch. */
const ORPHAN_GRACE_MS = 3_000;

export interface Prepared {
  readonly secrets: Secrets;
  /** Free just now, and the one to listen on. */
  readonly port: number;
}

/** Clears the way: one supervisor a folder, nothing left of an earlier run, secrets, and a free port. */
export async function prepare(
  state: StateFolder,
  options: Pick<StartOptions, 'reset' | 'port' | 'kafka'>,
  say: (line: string) => void,
): Promise<Result<Prepared, string>> {
  const usable = prepareStateFolder(state);
  if (!usable.ok) return usable;
  const locked = lockStateFolder(state);
  if (!locked.ok) return locked;
  await endEarlierRun(state, say);
  letAllGo(state);
  if (options.reset) {
    resetStateFolder(state);
    prepareStateFolder(state);
    say(`${state.path} is empty again`);
    if (options.kafka !== undefined)
      say(`${options.kafka} keeps its topics: empty it too, or it tells of things that never were`);
  }
  const port = await freePort(options.port);
  if (port === undefined) {
    return err(`Port ${options.port} is taken: end what listens there, or choose another one with --port.`);
  }
  const secrets = await ensureSecrets(state);
  return secrets.ok ? ok({ secrets: secrets.value, port }) : secrets;
}

async function endEarlierRun(state: StateFolder, say: (line: string) => void): Promise<void> {
  for (const name of [WORKER, WORKERD, STREAMS]) {
    if (await endOrphan(state.run, name, ORPHAN_GRACE_MS)) say(`ended ${name} of an earlier run`);
  }
  // Its start would find it too, but by then its port would count as taken.
  await clearStalePostmaster(join(state.postgres, 'data'), say);
}
