import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningContender } from '../contenders/contender.ts';
import { cpuSeconds } from '../process/process-tree.ts';
import { audit, receive, type Delivery } from './back-office.ts';
import { countProblems, flashProblems } from './count-check.ts';
import { flashWindow } from './flash-window.ts';
import { flashSku, HOT_SKU, inventorySkus, POPULAR_SKUS } from './skus.ts';
import { FLASH_UNITS, type Workload } from './workloads.ts';
import { wrkWindow } from './wrk-window.ts';

/** More than any contender holds in a second, so that no window runs dry. */
const UNITS_A_SECOND = 60_000;
/** What was on its way when the generator hung up is carried out within this. */
const SETTLE_MS = 150;

export interface WindowResult {
  /** Answers of 2xx a second; in a flash drop, all answers. */
  readonly perS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly refused: number;
  /** Processor seconds of the contender's processes. */
  readonly cpuS: number;
  /** Acknowledged holds, as far as the generator counted them. */
  readonly holds: number;
  /** What does not add up between the generator's counts and the contender's stock: empty, or the window scores 0. */
  readonly problems: readonly string[];
}

export interface MeasureSettings {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  readonly round: number;
  readonly nonce: string;
}

type Loaded = Omit<WindowResult, 'cpuS' | 'problems'> & {
  /** Given the units that left the shelf. */
  readonly problemsOf: (takenUnits: number) => readonly string[];
};

/** Restocks, loads, and adds up. */
export async function measureWindow(
  contender: RunningContender,
  workload: Workload,
  settings: MeasureSettings,
): Promise<WindowResult> {
  if (workload.unitsAHold > 0) await receive(contender, restock(workload, settings));
  const before = workload.unitsAHold > 0 ? await audit(contender) : undefined;
  const cpuBefore = cpuSeconds(contender.pids);
  const { problemsOf, ...loaded } = await (workload.name === 'flash' ? drop : load)(contender, workload, settings);
  const cpuS = cpuSeconds(contender.pids) - cpuBefore;
  if (before === undefined) return { ...loaded, cpuS, problems: [] };
  await sleep(SETTLE_MS);
  const { totals, discrepancies } = await audit(contender);
  const problems = [
    ...problemsOf(before.totals.available - totals.available),
    ...discrepancies.map(({ sku, gapUnits }) => `${sku} is ${gapUnits} units off`),
  ];
  return { ...loaded, cpuS, problems };
}

async function load(contender: RunningContender, workload: Workload, settings: MeasureSettings): Promise<Loaded> {
  const { seconds, connections, seed, round, nonce } = settings;
  const report = await wrkWindow(contender, workload, { seconds, connections, seed: seed + round, nonce });
  const good = report.answers - report.refused;
  const counted = workload.name === 'churn' ? report.holdsAcked : Math.min(good, report.holdsSent);
  return {
    perS: good / (report.durationUs / 1e6),
    p50Ms: report.p50Us / 1_000,
    p99Ms: report.p99Us / 1_000,
    refused: report.refused,
    holds: counted,
    problemsOf: (takenUnits) => countProblems(report, workload, connections, takenUnits),
  };
}

async function drop(contender: RunningContender, _: Workload, settings: MeasureSettings): Promise<Loaded> {
  const report = await flashWindow(contender, settings);
  const { seconds, held, soldOut, refused, tookMs } = report;
  return {
    perS: (held + soldOut) / seconds,
    p50Ms: tookMs.p50,
    p99Ms: tookMs.p99,
    refused,
    holds: held,
    problemsOf: (takenUnits) => flashProblems(report, takenUnits),
  };
}

function restock({ name }: Workload, { seconds, round }: MeasureSettings): readonly Delivery[] {
  const plenty = UNITS_A_SECOND * seconds;
  if (name === 'hot') return [{ sku: HOT_SKU, quantity: plenty }];
  if (name === 'flash') return [{ sku: flashSku(round), quantity: FLASH_UNITS }];
  // The units of a rank fall with it.
  return inventorySkus()
    .slice(0, POPULAR_SKUS)
    .map((sku, rank) => ({ sku, quantity: Math.ceil(plenty / (rank + 1)) }));
}
