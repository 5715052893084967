import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Ends every test run with one plain line, `12 passed, 0 failed, 1 skipped`, for people and for scripts that read the
 * last line only. It is written when the process exits, so that nothing comes after it.
 */
export class ClosingLineReporter implements Reporter {
  #counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    process.once('exit', (code) => {
      const { passed, failed, skipped } = this.#counts;
      // A run that ends badly without a failed test (a set-up that threw, a leak) is one failure, never a clean sheet.
      const failures = code !== 0 && failed === 0 ? 1 : failed;
      writeSync(process.stdout.fd, `${passed} passed, ${failures} failed, ${skipped} skipped\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    this.#counts = countTests(modules);
    this.#counts.failed += unhandledErrors.length;
  }
}

/** A file that could not even be collected has no tests: it counts as one failure. */
function countTests(modules: readonly TestModule[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state] += 1;
    }
  }
  return counts;
}
