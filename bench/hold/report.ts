import { table } from '../../scripts/terminal/table.ts';
import { rounded } from '../rate-figures.ts';
import { spread } from './method/ratios.ts';
import type { ContenderResult } from './method/session.ts';
import { faults, kiranaVs, scores } from './scores.ts';

/** One contender in one workload, as a line of JSON. */
export function contenderRecord(workload: string, result: ContenderResult): object {
  const { contender, windows, oracle, open, fsyncsPer1000 } = result;
  const all = windows.get(workload) ?? [];
  const holds = all.reduce((sum, window) => sum + window.holds, 0);
  const cpuS = all.reduce((sum, window) => sum + window.cpuS, 0);
  return {
    workload,
    contender: contender.name,
    what: contender.what,
    durability: contender.durability,
    perS: all.map(({ perS }) => Math.round(perS)),
    score: spread(scores(result, workload)),
    p50Ms: all.map(({ p50Ms }) => rounded(p50Ms)),
    p99Ms: all.map(({ p99Ms }) => rounded(p99Ms)),
    refused: all.map(({ refused }) => refused),
    cpuSecondsPer1000Holds: holds === 0 ? null : rounded((cpuS / holds) * 1_000),
    fsyncsPer1000Holds: fsyncsPer1000 === null ? null : rounded(fsyncsPer1000),
    openLoopAtHalf: open,
    oracle,
    problems: faults(result, workload),
  };
}

/** The contenders of one workload side by side. */
export function workloadTable(workload: string, what: string, results: readonly ContenderResult[]): string {
  const rows = results
    .filter(({ windows }) => windows.has(workload))
    .map((result) => {
      const { contender, windows, oracle, open, fsyncsPer1000 } = result;
      const all = windows.get(workload) ?? [];
      const rates = spread(all.map(({ perS }) => perS));
      const ratio = contender.name === 'kirana' ? null : kiranaVs(results, workload, contender.name);
      const holds = all.reduce((sum, window) => sum + window.holds, 0);
      const cpuMs = (all.reduce((sum, window) => sum + window.cpuS, 0) * 1_000) / holds;
      const [fault] = faults(result, workload);
      return [
        contender.name,
        contender.durability,
        rates === null ? '' : `${whole(rates.median)} (${whole(rates.min)} to ${whole(rates.max)})`,
        ratio === null ? '' : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
        `${median(all.map(({ p50Ms }) => p50Ms))} / ${median(all.map(({ p99Ms }) => p99Ms))}`,
        open === null ? '' : `${open.p50Ms.toFixed(1)} / ${open.p99Ms.toFixed(1)} at ${whole(open.perS)}`,
        Number.isFinite(cpuMs) ? cpuMs.toFixed(2) : '',
        fsyncsPer1000 === null ? '' : fsyncsPer1000.toFixed(0),
        fault !== undefined ? `scores 0: ${fault}` : oracle === null ? '' : `ok, ${oracle.acknowledged} acknowledged`,
      ];
    });
  const heads = [
    'contender',
    'durability',
    'a second (min to max)',
    'Kirana is times that',
    'p50 / p99 ms',
    'open loop at half',
    'CPU ms a hold',
    'fsyncs a 1,000',
    'oracle',
  ];
  return `\n${workload}: ${what}\n${table([heads, ...rows])}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function median(values: readonly number[]): string {
  return spread(values)?.median.toFixed(1) ?? '';
}
