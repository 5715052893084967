import { copyFileSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemsPage } from './problems-page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES_FOLDER = join(ROOT, 'dist', 'assets');

/** Where each file of ours goes. */
const COPIED: Readonly<Record<string, string>> = {
  'web/start/index.html': 'index.html',
  'web/start/page.css': 'start/page.css',
  'web/start/icon.svg': 'start/icon.svg',
  'web/docs/index.html': 'docs/index.html',
  'web/tablet/index.html': 'tablet/index.html',
  'web/tablet/tablet.css': 'tablet/tablet.css',
};
const SWAGGER_UI = ['swagger-ui-bundle.js', 'swagger-ui.css'];

/** Builds every page and file into one folder, at once: whoever serves it sees the old one or the new one. Returns its path. */
export function buildPages(folder: string = PAGES_FOLDER): string {
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  for (const [from, to] of Object.entries(COPIED)) copyFileSync(join(ROOT, from), placed(unfinished, to));
  // Small enough to be served as they are written, without their types.
  for (const from of globSync('*/*.ts', { cwd: join(ROOT, 'web'), exclude: ['**/*.test.ts'] })) {
    const script = withoutTypes(readFileSync(join(ROOT, 'web', from), 'utf8'));
    writeFileSync(placed(unfinished, from.replace(/\.ts$/, '.js')), script);
  }
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const name of SWAGGER_UI) copyFileSync(join(swagger, name), placed(unfinished, `docs/${name}`));
  writeFileSync(placed(unfinished, 'docs/problems/index.html'), problemsPage());
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}

/** Node still calls this experimental; whoever starts the platform need not hear of it. */
function withoutTypes(source: string): string {
  const descriptor = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    // What one file of ours imports of another is served beside it.
    return stripTypeScriptTypes(source).replaceAll(/(?<=^(?:import|\}) .*'\.\/[\w-]+)\.ts(?=';$)/gm, '.js');
  } finally {
    if (descriptor !== undefined) Object.defineProperty(process, 'emitWarning', descriptor);
  }
}

function placed(folder: string, path: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  return full;
}
