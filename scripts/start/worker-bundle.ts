import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { err, ok, type Result } from '../../domain/shared/result.ts';

const run = promisify(execFile);

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'dist', 'worker');
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
const SETTINGS_READER = join(ROOT, 'scripts/start/read-worker-settings.ts');
/** What the Worker may be made of; a folder too many costs a bundling, one too few a stale Worker. */
const SOURCES = ['domain', 'contracts', 'integrations', 'durable', 'db', 'edge'];
const STRIPE_SETTINGS = 'integrations/payments/stripe/wrangler.toml';
const SETTINGS = ['wrangler.toml', STRIPE_SETTINGS, 'package-lock.json', 'tsconfig.base.json'];
/** Older bundles are kept for going back and forth between two states of the code. */
const BUNDLES_KEPT = 3;
const BUNDLING_MAX_MS = 120_000;

export interface WorkerBundle {
  readonly folder: string;
  /** The main module. */
  readonly main: string;
  /** The main module of the Worker around Stripe's SDK. */
  readonly stripe: string;
  /** What `wrangler.toml` says, in Miniflare's words: read once here, because loading wrangler takes more than a second. */
  readonly settings: string;
}

export function bundleIn(folder: string): WorkerBundle {
  return {
    folder,
    main: join(folder, 'worker.js'),
    stripe: join(folder, 'stripe', 'worker.js'),
    settings: join(folder, 'settings.json'),
  };
}

/** The Worker as one module, bundled by wrangler exactly as for a deployment, once per state of its sources. */
export async function bundleWorker(onProgress: (line: string) => void): Promise<Result<WorkerBundle, string>> {
  const bundle = bundleIn(join(CACHE, sourcesDigest()));
  if (existsSync(bundle.settings)) return ok(bundle);
  onProgress('bundling the Worker');
  const unfinished = bundleIn(`${bundle.folder}.${process.pid}`);
  mkdirSync(CACHE, { recursive: true });
  try {
    await Promise.all([
      runNode([WRANGLER, 'deploy', '--dry-run', '--outdir', unfinished.folder]),
      runNode([WRANGLER, 'deploy', '--dry-run', '--config', STRIPE_SETTINGS, '--outdir', dirname(unfinished.stripe)]),
      runNode([SETTINGS_READER, unfinished.settings]),
    ]);
    if (!existsSync(bundle.folder)) renameSync(unfinished.folder, bundle.folder);
  } catch (cause) {
    return err(`The Worker cannot be bundled:\n${outputOf(cause)}`);
  } finally {
    rmSync(unfinished.folder, { recursive: true, force: true });
  }
  dropOldBundles();
  return ok(bundle);
}

async function runNode(args: readonly string[]): Promise<void> {
  await run(process.execPath, args, {
    cwd: ROOT,
    timeout: BUNDLING_MAX_MS,
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_SEND_ERROR_REPORTS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_WRITE_LOGS: 'false',
      NO_COLOR: '1',
    },
  });
}

/** SHA-256 over the paths and contents of everything the bundle is made from. */
function sourcesDigest(): string {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((folder) => sourceFiles(join(ROOT, folder)));
  for (const file of [...SETTINGS.map((name) => join(ROOT, name)), ...files]) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\.(?:ts|tsx|json|sql|wasm|html|txt)$/.test(entry.name) && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function dropOldBundles(): void {
  const bundles = readdirSync(CACHE)
    .map((name) => ({ path: join(CACHE, name), atMs: statSync(join(CACHE, name)).mtimeMs }))
    .toSorted((a, b) => b.atMs - a.atMs);
  for (const { path } of bundles.slice(BUNDLES_KEPT)) rmSync(path, { recursive: true, force: true });
}

/** What the tool said: a failed `execFile` carries it beside the message. */
function outputOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const said = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  return said === '' ? cause.message : said;
}
