import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './worker-bundle.ts';

/** The folder of pages and their files; undefined while there are none. */
export function pagesFolder(): string | undefined {
  const folder = join(ROOT, 'dist/assets');
  return existsSync(folder) ? folder : undefined;
}
