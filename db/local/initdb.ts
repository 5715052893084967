import { execFile } from 'node:child_process';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresProblem } from './postgres-problem.ts';
import type { Launch } from './postgres-user.ts';

export const SUPERUSER = 'kirana';

const run = promisify(execFile);

/**
 * Makes the cluster `folder/data`, once. It is built beside its place and renamed when it is whole, so a kill in the
 * middle leaves nothing that looks like a cluster. Text sorts by code point on every machine.
 */
export async function ensureCluster(
  folder: string,
  binaries: PostgresBinaries,
  launch: Launch,
  options: { readonly password: string; readonly durable: boolean; readonly onProgress: (line: string) => void },
): Promise<Result<string, PostgresProblem>> {
  const data = join(folder, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return ok(data);
  if (existsSync(data)) {
    return err({
      code: 'INITDB_FAILED',
      detail: `${data} is there but is no PostgreSQL cluster: move it away, or use another folder.`,
    });
  }
  options.onProgress('creating the PostgreSQL cluster');
  const unfinished = join(folder, 'data.unfinished');
  const passwordFile = join(folder, 'password');
  rmSync(unfinished, { recursive: true, force: true });
  const { prefix, ...ids } = launch;
  const [command = '', ...rest] = [
    ...prefix,
    binaries.initdb,
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(options.durable ? [] : ['--no-sync']),
  ];
  try {
    writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (ids.uid !== undefined && ids.gid !== undefined) chownSync(passwordFile, ids.uid, ids.gid);
    await run(command, rest, { ...ids, env: { ...process.env, LC_ALL: 'C' } });
    renameSync(unfinished, data);
    return ok(data);
  } catch (cause) {
    return err({
      code: 'INITDB_FAILED',
      detail: `The PostgreSQL cluster in ${folder} could not be created: ${String(cause)}`,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
