import type { Figures } from '../bench.ts';
import { rounded } from '../rate-figures.ts';
import { ratioSpread, spread, type Spread } from './method/ratios.ts';
import type { ContenderResult } from './method/session.ts';

/** Whom everybody is compared with. */
const OURS = 'kirana';

/** The rate of each round; 0 where the generator's counts did not add up, and everywhere when the oracle found fault. */
export function scores({ windows, oracle }: ContenderResult, workload: string): readonly number[] {
  const failed = oracle !== null && oracle.problems.length > 0;
  return (windows.get(workload) ?? []).map(({ perS, problems }) => (failed || problems.length > 0 ? 0 : perS));
}

/** How many times as much Kirana did as this contender; `null` when there is nothing to compare. */
export function kiranaVs(
  results: readonly ContenderResult[],
  workload: string,
  contender: string,
  theirWorkload = workload,
): Spread | null {
  const ours = results.find((one) => one.contender.name === OURS);
  const theirs = results.find((one) => one.contender.name === contender);
  if (ours === undefined || theirs === undefined) return null;
  return ratioSpread(scores(ours, workload), scores(theirs, theirWorkload));
}

/** A workload's name in the names of figures. */
const FIGURE_NAMES: { readonly [workload: string]: string } = { hot: 'hot_sku' };
/** The constant that a workload is compared with: with the same verification in front, or as open. */
const HELLO_OF: { readonly [workload: string]: string } = { hot: 'hello', availability: 'hello_open' };

/** `hot_sku_kirana_per_s`, `hot_sku_vs_postgres_tx`, `…_min`, `…_max` and so on. */
export function sessionFigures(workload: string, results: readonly ContenderResult[]): Figures {
  const name = FIGURE_NAMES[workload] ?? workload;
  const figures: { [name: string]: number | null } = {};
  for (const result of results) {
    const { contender } = result;
    const rates = spread(scores(result, workload));
    if (rates !== null) figures[`${name}_${contender.name}_per_s`] = Math.round(rates.median);
    if (contender.name === OURS) continue;
    const ratio = kiranaVs(
      results,
      workload,
      contender.name,
      contender.name === 'hello' ? (HELLO_OF[workload] ?? workload) : workload,
    );
    if (ratio === null) continue;
    figures[`${name}_vs_${contender.name}`] = rounded(ratio.median);
    figures[`${name}_vs_${contender.name}_min`] = rounded(ratio.min);
    figures[`${name}_vs_${contender.name}_max`] = rounded(ratio.max);
  }
  return figures;
}
