import { execFile } from 'node:child_process';
import type { ExecFileException } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** A whole system starts, is crowded and stops. */
const PROOF_MS = 300_000;

test(
  'no unit is promised twice by the running system, and the control without a guard is seen to do so [I3] [I6] [X3]',
  { timeout: PROOF_MS },
  async () => {
    const run = [join(ROOT, 'prove/run.ts'), 'oversell', '--seconds', '5', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, run, { cwd: ROOT }).catch(
      // A proof that found something ends with 1; what it found is in its verdict.
      (failure: ExecFileException & { readonly stdout: string }) => failure,
    );
    const verdict: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(verdict).toMatchObject({ command: 'prove oversell', ok: true, violations: 0, seed: 1, seconds: 5 });
    expect(verdict).toMatchObject({ control_wrong_histories_taken: 0 });
    const figures = verdict as Record<string, number>;
    for (const name of ['histories', 'crowds', 'live_rounds', 'control_core_violations', 'control_http_violations']) {
      expect([name, figures[name]]).toEqual([name, expect.any(Number)]);
      expect(figures[name]).toBeGreaterThan(0);
    }
  },
);
