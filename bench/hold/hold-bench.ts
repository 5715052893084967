import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchSettings, Figures, Tell } from '../bench.ts';
import { hasWrk } from '../load/wrk.ts';
import { rounded } from '../rate-figures.ts';
import type { Contender } from './contenders/contender.ts';
import { measureBatches } from './method/batch-rate.ts';
import { probeDisk } from './method/disk-probe.ts';
import { hasStrace } from './method/fsync-count.ts';
import { runSession, type ContenderResult } from './method/session.ts';
import { WORKLOADS, type Workload } from './method/workloads.ts';
import { drawPicture } from './picture.ts';
import { contenderRecord, workloadTable } from './report.ts';
import { CONTENDERS, SESSIONS } from './roster.ts';
import { makeRunFolder } from './run-folder.ts';
import { sessionFigures } from './scores.ts';
import { measureViaOrder } from './via-order.ts';
import { measureVisibility } from './visibility.ts';

/** Contenders behind one HTTP contract, in interleaved windows on one disk, each checked by an oracle. */
export const holdBench: Bench = {
  name: 'hold',
  what: 'holds of stock against what one would build instead, one hot SKU and six other loads',
  seconds: 2,
  goals: [
    { name: 'hot_sku_vs_postgres_tx', wanted: 8 },
    { name: 'hot_sku_vs_postgres_statement', wanted: 3.5 },
    { name: 'hot_sku_vs_naive_object', wanted: 4 },
    { name: 'hot_sku_vs_redis_lua', wanted: null },
    { name: 'hot_sku_vs_hello', wanted: 0.4 },
    { name: 'basket8_vs_postgres_tx', wanted: 8 },
    { name: 'batch_ops_per_s', wanted: 40_000 },
    { name: 'hold_via_order_per_s', wanted: null },
    { name: 'availability_vs_hello', wanted: 0.8 },
    { name: 'visible_p99_ms', wanted: 100, isMost: true },
  ],
  async run(settings, say, tell) {
    if (!hasWrk())
      throw new Error('wrk is not installed: apt-get install wrk, which generates the load of this bench.');
    const folder = await makeRunFolder();
    const interrupt = new AbortController();
    function stop(): void {
      interrupt.abort(new Error('Stopped before the end.'));
    }
    for (const signal of SIGNALS) process.on(signal, stop);
    try {
      return await measureAll({ ...settings, folder, signal: interrupt.signal }, say, tell);
    } finally {
      for (const signal of SIGNALS) process.off(signal, stop);
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Waited for, so that what was started is stopped in order. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type RunSettings = BenchSettings & { readonly folder: string; readonly signal: AbortSignal };

async function measureAll(settings: RunSettings, say: (line: string) => void, tell: Tell): Promise<Figures> {
  const { folder, workloads: wanted, picture } = settings;
  const disk = probeDisk(folder);
  tell({ fdatasync: disk }, `fdatasync of 4 KB: p50 ${disk.p50Us} us, p99 ${disk.p99Us} us`);
  if (!hasStrace()) tell({ missing: 'strace' }, 'strace is not installed: fsyncs are not counted.');
  const contenders = present(settings, tell);
  let figures: Figures = { fdatasync_p50_us: disk.p50Us, fdatasync_p99_us: disk.p99Us };
  for (const names of SESSIONS) {
    const workloads = chosen(names, wanted);
    if (workloads.length === 0) continue;
    const own = join(folder, names.join('-'));
    mkdirSync(own, { mode: 0o755 });
    const guests = contenders.filter(({ name }) => workloads.some(({ servedBy }) => servedBy(name)));
    const plan = { workloads, contenders: guests, inDepth: names === SESSIONS[0] };
    const results = await runSession(plan, { ...settings, folder: own }, say);
    for (const { name, what } of workloads) tellResults(name, what, results, tell);
    figures = workloads.reduce((known, { name }) => ({ ...known, ...sessionFigures(name, results) }), figures);
  }
  // Of the two, the one that is as durable as the others.
  figures = { ...figures, hot_sku_vs_redis_lua: figures['hot_sku_vs_redis_lua_always'] ?? null };
  if (wanted === undefined) figures = { ...figures, ...(await measureBeside(settings, say)) };
  if (picture) {
    drawPicture(figures);
    say('docs/hold-bench.svg is drawn');
  }
  return figures;
}

/** What no contender but Kirana has. */
async function measureBeside({ folder, seconds, rounds }: RunSettings, say: (line: string) => void): Promise<Figures> {
  const own = join(folder, 'batches');
  mkdirSync(own);
  say('batches of holds in one call of the object');
  const { hotPerS, spreadPerS } = await measureBatches(own, { seconds, rounds });
  const viaOrder = await measureViaOrder(seconds, say);
  const visible = await measureVisibility(say);
  return {
    batch_ops_per_s: rounded(hotPerS.median),
    batch_ops_per_s_min: rounded(hotPerS.min),
    batch_ops_per_s_max: rounded(hotPerS.max),
    batch_100_skus_ops_per_s: rounded(spreadPerS.median),
    ...viaOrder,
    ...visible,
  };
}

function present({ contenders: wanted }: RunSettings, tell: Tell): readonly Contender[] {
  const unknown = wanted?.find((name) => CONTENDERS.every((one) => one.name !== name));
  if (unknown !== undefined) {
    throw new Error(`There is no contender "${unknown}"; there are ${CONTENDERS.map(({ name }) => name).join(', ')}.`);
  }
  return CONTENDERS.filter(({ name }) => wanted?.includes(name) ?? true).filter(({ name, missing }) => {
    const why = missing?.();
    if (why !== undefined) tell({ missing: name, why }, `${name} is left out: ${why}`);
    return why === undefined;
  });
}

function chosen(names: readonly string[], wanted: readonly string[] | undefined): readonly Workload[] {
  const unknown = wanted?.find((name) => WORKLOADS.every((one) => one.name !== name));
  if (unknown !== undefined) {
    throw new Error(`There is no workload "${unknown}"; there are ${WORKLOADS.map(({ name }) => name).join(', ')}.`);
  }
  const [first = ''] = names;
  if (wanted !== undefined && !wanted.includes(first)) return [];
  return names.flatMap((name) => WORKLOADS.filter((one) => one.name === name));
}

function tellResults(name: string, what: string, results: readonly ContenderResult[], tell: Tell): void {
  const records = results.filter(({ windows }) => windows.has(name)).map((one) => contenderRecord(name, one));
  tell({ workload: name, contenders: records }, workloadTable(name, what, results));
}
