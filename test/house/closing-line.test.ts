import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

const CONFIG = `
import { existsSync } from 'node:fs';
import { ClosingLineReporter } from '${ROOT}/test/house/closing-line-reporter.ts';
const globalSetup = existsSync('./set-up.ts') ? ['./set-up.ts'] : [];
export default { test: { reporters: ['default', new ClosingLineReporter()], globalSetup, teardownTimeout: 100 } };
`;

const RUN_TIMEOUT_MS = 30_000;

/** Runs vitest on these files in a folder of their own and returns the last line it wrote. */
async function lastLine(files: Record<string, string>): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'kirana-closing-line-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'vitest.config.ts'), CONFIG);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const output = await new Promise<string>((done) => {
      execFile(process.execPath, [vitest, 'run'], { cwd: folder }, (_, stdout) => done(stdout));
    });
    return output.trimEnd().split('\n').at(-1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it(
  'ends a run with what passed, failed and was skipped, a broken file being one failure',
  async () => {
    const three =
      "import { it } from 'vitest';\nit('a', () => {});\nit.skip('b', () => {});\nit('c', () => { throw 1; });\n";
    const broken = "import './missing.ts';\n";
    expect(await lastLine({ 'three.test.ts': three, 'broken.test.ts': broken })).toBe('1 passed, 2 failed, 1 skipped');
  },
  RUN_TIMEOUT_MS,
);

it(
  'never ends a run that could not start with a clean sheet',
  async () => {
    const setUp = "export function setup(): void {\n  throw new Error('no database');\n}\n";
    const test = "import { it } from 'vitest';\nit('a', () => {});\n";
    expect(await lastLine({ 'set-up.ts': setUp, 'a.test.ts': test })).toBe('0 passed, 1 failed, 0 skipped');
  },
  RUN_TIMEOUT_MS,
);
