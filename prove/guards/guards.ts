import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { Proof, ProofResult } from '../proof.ts';
import { GUARDS } from './guard-table.ts';
import type { Guard } from './guard.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Not copied: what is installed is linked, what is built or running is nobody's guard. */
const LEFT_OUT = new Set(['.cache', '.git', '.kirana', '.wrangler', 'dist', 'node_modules']);
const TESTS_MAX_MS = 120_000;

const Report = v.object({ numFailedTests: v.number(), numPassedTests: v.number() });
type Report = v.InferOutput<typeof Report>;

/**
 * Breaks each guard of the product in a copy of it and runs the tests that should notice: a guard whose loss nobody notices is not
 * proved. First the copy is tested as it is, so that whatever fails later fails for the guard.
 */
export const guards: Proof = {
  name: 'guards',
  what: 'each guard broken in turn: at least one of its tests fails',
  async run(_settings, say): Promise<ProofResult> {
    const copy = mkdtempSync(join(tmpdir(), 'kirana-guards-'));
    try {
      cpSync(ROOT, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(path.slice(ROOT.length + 1)) });
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
      say('the tests as they are');
      const all = [...new Set(GUARDS.flatMap(({ tests }) => tests))];
      const intact = await runTests(copy, all);
      if (intact.numFailedTests > 0 || intact.numPassedTests === 0) {
        throw new Error(`${intact.numFailedTests} of the tests fail before anything is broken`);
      }
      const figures: Record<string, string> = {};
      const unnoticed: string[] = [];
      for (const [i, guard] of GUARDS.entries()) {
        say(`${i + 1} of ${GUARDS.length}: ${guard.name}`);
        // oxlint-disable-next-line no-await-in-loop -- one broken guard at a time
        const { numFailedTests: failed } = await withBroken(copy, guard);
        figures[guard.name] = `${failed} tests fail`;
        if (failed === 0) unnoticed.push(guard.name);
      }
      const counterexample =
        unnoticed.length > 0 ? { counterexample: `nobody notices the loss of: ${unnoticed.join('; ')}` } : {};
      return { cases: GUARDS.length, violations: unnoticed.length, ...counterexample, figures };
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  },
};

async function withBroken(copy: string, { file, intact, broken, tests }: Guard): Promise<Report> {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(intact, () => broken),
  );
  try {
    return await runTests(copy, tests);
  } finally {
    writeFileSync(path, source);
  }
}

async function runTests(copy: string, tests: readonly string[]): Promise<Report> {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const run = [vitest, 'run', '--project', 'unit', '--reporter', 'json', '--outputFile', report, ...tests];
  // Exits with 1 when a test fails, which is what is wanted; what counts is the report.
  await promisify(execFile)(process.execPath, run, { cwd: copy, timeout: TESTS_MAX_MS }).catch(() => undefined);
  return v.parse(Report, JSON.parse(readFileSync(report, 'utf8')));
}
