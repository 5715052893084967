import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evolve, replay } from './evolve.ts';
import type { LogEntry, OrderState } from './order.ts';
import { digestText } from './state-digest.ts';

/** What `npm run replay -- ORDER --save FILE` keeps. */
interface GoldenLog {
  readonly stateSha256: string;
  readonly log: readonly LogEntry[];
}

const FOLDER = join(import.meta.dirname, '../../test/golden/orders');

/** Logs that were written by this version of the rules or an earlier one. They are never written anew: only added to. */
const LOGS = globSync('*.json', { cwd: FOLDER })
  .toSorted()
  .map((file) => [basename(file, '.json'), readLog(join(FOLDER, file))] as const);

function readLog(path: string): GoldenLog {
  return JSON.parse(readFileSync(path, 'utf8')) as GoldenLog;
}

function hashOf(state: OrderState | null): string {
  return state === null ? '' : createHash('sha256').update(digestText(state)).digest('hex');
}

describe('a log that was kept', () => {
  test.each(LOGS)('%s replays to the state it had [O12]', (_name, { log, stateSha256 }) => {
    expect(hashOf(replay(log))).toBe(stateSha256);
  });

  test.each(LOGS)('%s can be read from any point on', (_name, { log, stateSha256 }) => {
    for (let cut = 1; cut < log.length; cut += 1) {
      const state = log.slice(cut).reduce<OrderState | null>(evolve, replay(log.slice(0, cut)));
      expect(hashOf(state)).toBe(stateSha256);
    }
  });

  test('there is one of every end that an order can have', () => {
    const ends = new Set(LOGS.map(([, { log }]) => replay(log)?.status));
    for (const end of ['CANCELLED', 'CLOSED', 'REFUNDED'] as const) expect(ends).toContain(end);
  });
});
