import { expect, test } from 'vitest';
import { hello } from './contenders/hello.ts';
import { kirana } from './contenders/kirana.ts';
import { postgresTransaction } from './contenders/postgres-transaction.ts';
import type { ContenderResult } from './method/session.ts';
import { sessionFigures } from './scores.ts';

const WINDOW = { p50Ms: 1, p99Ms: 2, refused: 0, cpuS: 1, holds: 1_000, problems: [] };
const FINE = { acknowledged: 10, unknown: 1, lost: 0, oversold: 0, twice: 0, problems: [] };

function result(
  contender: ContenderResult['contender'],
  workload: string,
  rates: readonly number[],
  changes: Partial<ContenderResult> = {},
): ContenderResult {
  const windows = new Map([[workload, rates.map((perS) => ({ ...WINDOW, perS }))]]);
  return { contender, windows, oracle: FINE, open: null, fsyncsPer1000: null, ...changes };
}

const OURS = result(kirana, 'hot', [900, 1_000, 800]);
const HELLO = result(hello, 'hello', [2_000, 2_000, 2_000], { oracle: null });

test('each contender is compared round by round, hello by its own load', () => {
  const figures = sessionFigures('hot', [HELLO, OURS, result(postgresTransaction, 'hot', [100, 100, 200])]);
  expect(figures).toMatchObject({
    hot_sku_kirana_per_s: 900,
    hot_sku_kirana_oracle: 'ok',
    hot_sku_vs_postgres_tx: 9,
    hot_sku_vs_postgres_tx_min: 4,
    hot_sku_vs_postgres_tx_max: 10,
    hot_sku_vs_hello: 0.45,
  });
});

test('a contender that the oracle found at fault scores nothing, ours too', () => {
  const oracle = { ...FINE, lost: 1, problems: ['1 of 10 acknowledged holds are not there after kill -9'] };
  const theirs = result(postgresTransaction, 'hot', [100, 100, 100], { oracle });
  const figures = sessionFigures('hot', [OURS, theirs]);
  expect(figures).toMatchObject({ hot_sku_postgres_tx_per_s: 0, hot_sku_postgres_tx_oracle: oracle.problems[0] });
  expect(figures).not.toHaveProperty('hot_sku_vs_postgres_tx');
  const atFault = sessionFigures('hot', [HELLO, { ...OURS, oracle }]);
  expect(atFault).toMatchObject({ hot_sku_kirana_per_s: 0, hot_sku_vs_hello: 0 });
});

test('a window that does not add up scores nothing', () => {
  const wrong = [{ ...WINDOW, perS: 500, problems: ['9 units were acknowledged, 8 left the shelf'] }];
  expect(sessionFigures('hot', [{ ...OURS, windows: new Map([['hot', wrong]]) }])).toMatchObject({
    hot_sku_kirana_per_s: 0,
  });
});
