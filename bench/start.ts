import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/start/worker-bundle.ts';
import type { Bench } from './bench.ts';
import { startOnce } from './start-once.ts';

const WARM_STARTS = 3;

/** From the command to the table of what runs: once with nothing there, then over the state it left. */
export const startBench: Bench = {
  name: 'start',
  what: 'npm start: the first one with nothing bundled and no state (cold), the next ones (warm)',
  async run(_settings, say) {
    const folder = mkdtempSync(join(tmpdir(), 'kirana-bench-'));
    // PostgreSQL runs as a user of its own when we are root, and has to walk through.
    chmodSync(folder, 0o755);
    try {
      rmSync(join(ROOT, 'dist/worker'), { recursive: true, force: true });
      say('first start');
      const cold = await startOnce(folder);
      const warm = [];
      for (let run = 1; run <= WARM_STARTS; run += 1) {
        say(`start ${run + 1}`);
        warm.push(await startOnce(folder));
      }
      return {
        cold_ms: cold.readyMs,
        cold_stop_ms: cold.stopMs,
        warm_ms: Math.max(...warm.map(({ readyMs }) => readyMs)),
        warm_best_ms: Math.min(...warm.map(({ readyMs }) => readyMs)),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
