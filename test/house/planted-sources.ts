import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What the linter needs to judge a file as it would in the repository. */
const LINT_SETUP = ['oxlint.config.ts', 'scripts/check/boundaries.ts', 'package.json', 'tsconfig.base.json'];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/**
 * Writes the sources into a folder of their own, with the house's lint setup, and lints them.
 * @param sources path relative to the root -> text
 * @returns for each path, the rules that refused it, such as `eslint(no-restricted-imports)`
 */
export async function lintPlanted(sources: ReadonlyMap<string, string>): Promise<Map<string, Set<string>>> {
  const folder = await mkdtemp(join(tmpdir(), 'kirana-lint-'));
  try {
    await Promise.all(LINT_SETUP.map((path) => cp(join(ROOT, path), join(folder, path))));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of sources) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return byFile(await oxlint(folder, [...sources.keys()]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function oxlint(folder: string, paths: readonly string[]): Promise<Diagnostic[]> {
  const bin = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  return new Promise((done, fail) => {
    // Exit code 1 is the expected one: the sources are wrong on purpose. Anything but a report is a failure.
    execFile(process.execPath, [bin, '--format=json', ...paths], { cwd: folder, maxBuffer: 2 ** 26 }, (_, out, err) => {
      try {
        const report: { diagnostics: Diagnostic[] } = JSON.parse(out);
        done(report.diagnostics);
      } catch {
        fail(new Error(`oxlint gave no report: ${out}${err}`));
      }
    });
  });
}

function byFile(diagnostics: readonly Diagnostic[]): Map<string, Set<string>> {
  const rules = new Map<string, Set<string>>();
  for (const { filename, code } of diagnostics) rules.set(filename, (rules.get(filename) ?? new Set()).add(code));
  return rules;
}
