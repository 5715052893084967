import { seededRandom } from '../scripts/shared/seeded-random.ts';
import type { Bench, Figures } from './bench.ts';
import { runStore } from './count-risk-store.ts';
import type { CountRun } from './count-risk-store.ts';

/** Shelves counted a day, of 400: each once in a month if they took turns. */
const COUNTS_PER_DAY = 12;
/** Budgets tried for counting in turn, as multiples of that, until it finds as much. */
const MULTIPLES = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20];

/** Counting by risk against counting in turn, in a store that loses units. Nothing runs: the same seed gives the same figures. */
export const countRiskBench: Bench = {
  name: 'count-risk',
  what: 'a store that loses units, counted by risk against counted in turn: what pickers find, and the work',
  goals: [
    { name: 'found_gain_points', wanted: 0 },
    { name: 'served_gain_points', wanted: 1 },
    { name: 'unit_accuracy_gain_points', wanted: 0 },
    { name: 'uniform_work_for_same_found_rate', wanted: 2 },
  ],
  run: ({ seed }, say) => {
    say(`${COUNTS_PER_DAY} counts a day, seed ${seed}`);
    return Promise.resolve(countRiskFigures(seed));
  },
};

export function countRiskFigures(seed: number): Figures {
  const none = runStore('none', 0, seededRandom(seed));
  const uniform = runStore('uniform', COUNTS_PER_DAY, seededRandom(seed));
  const risk = runStore('risk', COUNTS_PER_DAY, seededRandom(seed));
  const enough = MULTIPLES.find(
    (times) => runStore('uniform', Math.round(times * COUNTS_PER_DAY), seededRandom(seed)).foundRate >= risk.foundRate,
  );
  return {
    counts_per_day: COUNTS_PER_DAY,
    ...figuresOf('none', none),
    ...figuresOf('uniform', uniform),
    ...figuresOf('risk', risk),
    found_gain_points: points(risk.foundRate - uniform.foundRate),
    served_gain_points: points(risk.servedRate - uniform.servedRate),
    unit_accuracy_gain_points: points(risk.unitAccuracy - uniform.unitAccuracy),
    uniform_work_for_same_found_rate: enough ?? Math.max(...MULTIPLES),
  };
}

function figuresOf(name: string, run: CountRun): Figures {
  return {
    [`${name}_found_percent`]: points(run.foundRate),
    [`${name}_served_percent`]: points(run.servedRate),
    [`${name}_unit_accuracy_percent`]: points(run.unitAccuracy),
    [`${name}_count_hours_per_day`]: points(run.countHoursPerDay / 100),
  };
}

function points(share: number): number {
  return Number((100 * share).toFixed(2));
}
