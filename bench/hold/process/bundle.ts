import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../scripts/start/worker-bundle.ts';

const run = promisify(execFile);

export interface BenchBundle {
  readonly main: string;
  readonly modulesRoot: string;
  /** Kirana's own, so that all Workers of a run behave alike. */
  readonly compatibilityDate: string;
}

/** Bundles a Worker of this bench as wrangler does for a deployment. `entry` lies in `bench/hold/workers`. */
export async function bundleBenchWorker(entry: string, folder: string): Promise<BenchBundle> {
  const settings = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const compatibilityDate = /^compatibility_date = "([\d-]+)"/m.exec(settings)?.[1];
  if (compatibilityDate === undefined) throw new Error('wrangler.toml names no compatibility_date');
  const config = join(folder, 'wrangler.json');
  const main = join(ROOT, 'bench/hold/workers', entry);
  const flags = { compatibility_date: compatibilityDate, compatibility_flags: ['nodejs_compat'] };
  writeFileSync(config, JSON.stringify({ name: 'bench', main, ...flags }));
  const modulesRoot = join(folder, 'bundle');
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  await run(process.execPath, [wrangler, 'deploy', '--dry-run', '--config', config, '--outdir', modulesRoot], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_WRITE_LOGS: 'false', NO_COLOR: '1' },
  });
  return { main: join(modulesRoot, basename(entry).replace(/\.ts$/, '.js')), modulesRoot, compatibilityDate };
}
