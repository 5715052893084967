import { asSku } from '../../domain/shared/ids.ts';
import { seededRandom } from '../../scripts/shared/seeded-random.ts';
import { exploreControl } from './explore-interleavings.ts';
import { isLinearizable } from './linearizability.ts';
import { oneUnitEach, playRound, smallHistory } from './live/round.ts';
import { withUnlockedServer } from './live/unlocked-server.ts';

const CORE_RUNS = 50;
const CLIENTS = 30;
const ROUNDS = 5;

export interface ControlResult {
  readonly coreViolations: number;
  readonly httpViolations: number;
  /** Wrong histories that were taken for right ones: none, or the checker is blind. */
  readonly takenIn: number;
}

/** The same crowds where nothing guards the stock, and histories that are wrong on purpose. */
export async function runControl(seed: number): Promise<ControlResult> {
  const coreViolations = await exploreControl({ seed, runs: CORE_RUNS });
  const random = seededRandom(seed);
  let httpViolations = 0;
  let ids = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const stock = { sku: asSku('MILK'), quantity: 3 };
    for (const played of [oneUnitEach(stock, CLIENTS), smallHistory(random, stock)]) {
      // oxlint-disable-next-line no-await-in-loop -- a server of its own for each
      const { broken } = await withUnlockedServer([stock], (port) => playRound([port], played, () => (ids += 1)));
      if (broken.length > 0) httpViolations += 1;
    }
  }
  return { coreViolations, httpViolations, takenIn: WRONG.filter((history) => isLinearizable(1, history)).length };
}

const UNIT = { kind: 'hold', quantity: 1 } as const;
const BACK = { kind: 'release', quantity: 1, granted: true } as const;
/** On one unit: granted twice; refused while it was free; granted again before it came back. */
const WRONG = [
  [
    { ...UNIT, sentAtMs: 0, answeredAtMs: 9, granted: true },
    { ...UNIT, sentAtMs: 1, answeredAtMs: 8, granted: true },
  ],
  [
    { ...UNIT, sentAtMs: 0, answeredAtMs: 1, granted: false },
    { ...UNIT, sentAtMs: 2, answeredAtMs: 3, granted: true },
  ],
  [
    { ...UNIT, sentAtMs: 0, answeredAtMs: 1, granted: true },
    { ...UNIT, sentAtMs: 2, answeredAtMs: 3, granted: true },
    { ...BACK, sentAtMs: 4, answeredAtMs: 5 },
  ],
];
