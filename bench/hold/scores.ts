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
  return results
    .filter(({ windows }) => windows.has(workload) || HELLO_OF[workload] !== undefined)
    .map((result) => ({ ...ownFigures(name, workload, result), ...ratioFigures(name, workload, result, results) }))
    .reduce((all, figures) => ({ ...all, ...figures }), {});
}

function ownFigures(name: string, workload: string, result: ContenderResult): Figures {
  const windows = result.windows.get(workload) ?? [];
  const rates = spread(scores(result, workload));
  if (rates === null) return {};
  const prefix = `${name}_${result.contender.name}`;
  const { open, fsyncsPer1000, oracle } = result;
  const holds = windows.reduce((sum, window) => sum + window.holds, 0);
  const cpuS = windows.reduce((sum, window) => sum + window.cpuS, 0);
  return {
    [`${prefix}_per_s`]: Math.round(rates.median),
    ...(holds === 0 ? {} : { [`${prefix}_cpu_s_per_1000`]: rounded((cpuS / holds) * 1_000) }),
    ...(fsyncsPer1000 === null ? {} : { [`${prefix}_fsyncs_per_1000`]: rounded(fsyncsPer1000) }),
    ...(open === null
      ? {}
      : {
          [`${prefix}_half_load_p50_ms`]: rounded(open.p50Ms),
          [`${prefix}_half_load_p99_ms`]: rounded(open.p99Ms),
        }),
    ...(oracle === null ? {} : { [`${prefix}_oracle`]: faults(result, workload)[0] ?? 'ok' }),
  };
}

/** Everything that does not add up, of the windows and of what the oracle found. */
export function faults({ windows, oracle }: ContenderResult, workload: string): readonly string[] {
  return [...(windows.get(workload) ?? []).flatMap(({ problems }) => problems), ...(oracle?.problems ?? [])];
}

function ratioFigures(
  name: string,
  workload: string,
  { contender }: ContenderResult,
  results: readonly ContenderResult[],
): Figures {
  if (contender.name === OURS) return {};
  const theirs = contender.name === 'hello' ? (HELLO_OF[workload] ?? workload) : workload;
  const ratio = kiranaVs(results, workload, contender.name, theirs);
  if (ratio === null) return {};
  return {
    [`${name}_vs_${contender.name}`]: rounded(ratio.median),
    [`${name}_vs_${contender.name}_min`]: rounded(ratio.min),
    [`${name}_vs_${contender.name}_max`]: rounded(ratio.max),
  };
}
