import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearStalePostmaster } from '../../db/local/postmaster.ts';
import { bornOf, endOrphan } from '../../scripts/start/process-record.ts';
import { REDIS } from './contenders/redis.ts';

const PREFIX = 'kirana-hold-';

/** A folder for one run, on the disk that is measured. What killed runs left, processes included, is removed. */
export async function makeRunFolder(): Promise<string> {
  await removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Servers that run as another user walk through.
  chmodSync(folder, 0o755);
  return folder;
}

/** Each folder carries its run's process number; the Node processes of a killed run ended with it, the databases did not. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const run = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(run) || bornOf(run) !== undefined) continue;
    const folder = join(tmpdir(), name);
    for (const contender of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (contender.name === 'postmaster.pid') await clearStalePostmaster(contender.parentPath, () => {});
      if (contender.name === `${REDIS}.pid`) await endOrphan(contender.parentPath, REDIS, 0);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
